package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.WordReader.Inside;
import java.util.List;

/// Finds what runs inside `$…` and backticks, and makes sure that the tree ends it where bash does.
final class Expansions {
  private static final String SPECIAL = "@*#?-$!";

  private final Script script;
  private final Findings findings;
  private final String text;
  private final List<Inside> inside;

  Expansions(Script script, Findings findings, List<Inside> inside) {
    this.script = script;
    this.findings = findings;
    this.text = script.text;
    this.inside = inside;
  }

  /// Reads one expansion; gives back where it has ended, one further if it is only a dollar.
  int dollar(int at, int limit, boolean isQuoted) {
    var next = at + 1 < limit ? text.charAt(at + 1) : ' ';
    if (next == '(') {
      return parenthesis(at, limit);
    }
    if (next == '{') {
      return brace(at, limit, isQuoted);
    }
    if (next == '[') {
      script.doubt("an expression that is not understood", at);
      return limit;
    }
    if (SPECIAL.indexOf(next) >= 0 || isDigit(next)) {
      return at + 2;
    }
    var end = nameEnd(at + 1, limit);
    if (end > at + 1 && script.dialect == Dialect.ZSH && end < limit && text.charAt(end) == '[') {
      script.doubt("an expansion that is not understood", at);
    }
    if (script.dialect == Dialect.ZSH && "+^=~".indexOf(next) >= 0) {
      script.doubt("an expansion that is not understood", at);
    }
    return end;
  }

  /// Reads a script between backticks; gives back where it has ended.
  int backticks(int at, int limit, boolean isQuoted) {
    var body = new StringBuilder();
    for (var i = at + 1; i < limit; i++) {
      var c = text.charAt(i);
      if (c == '`') {
        inside.add(new Inside.Text(body.toString()));
        return i + 1;
      }
      if (c == '\\' && i + 1 < limit) {
        var next = text.charAt(++i);
        if (next != '`' && next != '\\' && next != '$' && !(isQuoted && next == '"')) {
          body.append(c);
        }
        body.append(next);
      } else {
        body.append(c);
      }
    }
    script.doubt("a backtick without an end", at);
    return limit;
  }

  /// What runs in an expression, and which variables it calculates with.
  void expression(int start, int end) {
    for (var i = start; i < end; ) {
      var c = text.charAt(i);
      if (c == '\\') {
        i += 2;
      } else if (c == '`') {
        i = backticks(i, end, true);
      } else if (c == '$') {
        var next = dollar(i, end, true);
        calculatesWith(i + 1, next);
        i = next;
      } else if (isNameStart(c)) {
        var next = nameEnd(i, end);
        findings.calculates(text.substring(i, next));
        i = next;
      } else {
        // A number such as 0xff is no name.
        i = isDigit(c) ? Math.max(i + 1, nameEnd(i + 1, end)) : i + 1;
      }
    }
  }

  private void calculatesWith(int start, int end) {
    if (start < end && isNameStart(text.charAt(start))) {
      findings.calculates(text.substring(start, end));
    } else if (start < end && "123456789@*".indexOf(text.charAt(start)) >= 0) {
      script.doubt("calculates with an argument, whose value may run commands", start - 1);
    } else if (start + 1 < end && text.charAt(start) == '{') {
      var from = text.charAt(start + 1) == '!' ? start + 2 : start + 1;
      if (isNameStart(text.charAt(from))) {
        findings.calculates(text.substring(from, nameEnd(from, end)));
      } else if (text.charAt(start + 1) != '#') {
        script.doubt("calculates with an argument, whose value may run commands", start - 1);
      }
    }
  }

  private int parenthesis(int at, int limit) {
    var it = script.expansionAt(at);
    if (it == null || it.end() > limit) {
      script.doubt("a substitution that is not understood", at);
      return limit;
    }
    var close = text.startsWith("$((", at) ? closing(at + 3, limit) : -1;
    var isClosedTwice = close > 0 && close < limit && text.charAt(close) == ')';
    if (it.is("command_substitution")) {
      if (close == 0 || isClosedTwice) {
        script.doubt("a substitution that may be an expression", at);
      }
      inside.add(new Inside.Part(it));
    } else if (it.is("arithmetic_expansion") && isClosedTwice && close == it.end() - 1) {
      expression(at + 3, it.end() - 2);
    } else {
      script.doubt("an expression that may be a substitution", at);
    }
    return it.end();
  }

  /// Where the parenthesis that is open at `start` is closed, one further; 0 if that is not
  /// certain.
  private int closing(int start, int limit) {
    var depth = 1;
    for (var i = start; i < limit; i++) {
      var nested = script.expansionAt(i);
      if (nested != null) {
        i = nested.end() - 1;
        continue;
      }
      switch (text.charAt(i)) {
        case '(' -> depth++;
        case ')' -> {
          if (--depth == 0) {
            return i + 1;
          }
        }
        case '#' -> {
          if (text.charAt(i - 1) != '$') {
            return 0;
          }
        }
        case '\'', '"', '`', '\\' -> {
          return 0;
        }
        default -> {}
      }
    }
    return 0;
  }

  private int brace(int at, int limit, boolean isQuoted) {
    var it = script.expansionAt(at);
    var first = at + 2 < limit ? text.charAt(at + 2) : ' ';
    if (it == null || !it.is("expansion") || it.end() > limit || " \t\n|(".indexOf(first) >= 0) {
      script.doubt("an expansion that is not understood", at);
      return limit;
    }
    var end = it.end() - 1;
    var from = first == '!' ? at + 3 : at + 2;
    var name = "@*?-$".indexOf(first) >= 0 ? from + 1 : nameEnd(from, end);
    var operator = text.substring(name, end);
    if (first == '!') {
      // The value is a name, perhaps with an index, which is an expression.
      findings.calculates(text.substring(from, name));
    }
    if (operator.startsWith("@P")) {
      script.doubt("an expansion of what a variable holds", at);
    }
    if (operator.startsWith("=") || operator.startsWith(":=")) {
      inside.add(new Inside.Sets(text.substring(from, name)));
    }
    if (operator.startsWith("[") || (operator.startsWith(":") && isOffset(operator))) {
      expression(name + 1, end);
      return it.end();
    }
    interior(name, end, isQuoted);
    return it.end();
  }

  private static boolean isOffset(String operator) {
    return operator.length() > 1 && "-=?+".indexOf(operator.charAt(1)) < 0;
  }

  /// The rest of an expansion in braces: what runs in it, and that nothing in it hides its end.
  private void interior(int start, int end, boolean isQuoted) {
    var quotes = new boolean[] {false, false};
    for (var i = start; i < end; ) {
      var c = text.charAt(i);
      var from = i;
      switch (c) {
        case '\\' -> i += 2;
        case '`' -> i = backticks(i, end, true);
        case '$' -> i = dollar(i, end, isQuoted);
        case '<', '>' -> {
          var it = script.expansionAt(i);
          if (it != null && it.is("process_substitution")) {
            inside.add(new Inside.Part(it));
            i = it.end();
          } else {
            if (i + 1 < end && text.charAt(i + 1) == '(') {
              script.doubt("a substitution that is not understood", i);
            }
            i++;
          }
        }
        case '\'' -> {
          quotes[0] ^= true;
          i++;
        }
        case '"' -> {
          quotes[1] ^= true;
          i++;
        }
        default -> i++;
      }
      if (c == '}'
          || i > end
          || (c == '\\' && text.charAt(from + 1) == '\'')
          || (quotes[0] && c == '"')) {
        script.doubt("an expansion that may end elsewhere", from);
        return;
      }
    }
    if (quotes[0] || quotes[1]) {
      script.doubt("an expansion that may end elsewhere", start);
    }
  }

  private int nameEnd(int start, int limit) {
    var end = start;
    while (end < limit && (isNameStart(text.charAt(end)) || isDigit(text.charAt(end)))) {
      end++;
    }
    return end;
  }

  private static boolean isNameStart(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
