package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Word;
import java.util.ArrayList;
import java.util.List;

/// Reads words of a script character by character, as bash does: values, and what runs inside them.
///
/// The tree says where expansions end; what stands in one without the tree knowing is a doubt.
final class WordReader {
  private static final String META = ";|&()<> \t\n";

  private final Script script;
  private final Findings findings;
  private final String text;
  private final List<Inside> inside = new ArrayList<>();
  private final StringBuilder value = new StringBuilder();
  private final Expansions expansions;
  private boolean isLiteral = true;
  private boolean isLoose;
  private int begin;
  private int at;
  private int limit;

  /// Something that runs while a word is expanded.
  sealed interface Inside {
    /// Commands the tree knows.
    record Part(Syntax node) implements Inside {}

    /// Commands between backticks, without their backslashes.
    record Text(String script) implements Inside {}

    /// A variable that gets a value on the way.
    record Sets(String variable) implements Inside {}
  }

  WordReader(Script script, Findings findings) {
    this.script = script;
    this.findings = findings;
    this.text = script.text;
    this.expansions = new Expansions(script, findings, inside);
  }

  /// What was met since the last call, in the order in which it stands.
  List<Inside> takeInside() {
    var met = List.copyOf(inside);
    inside.clear();
    return met;
  }

  /// One word.
  Word word(int start, int end) {
    isLoose = false;
    read(start, end);
    return isLiteral
        ? new Word(value.toString(), true)
        : new Word(text.substring(start, end), false);
  }

  /// Many words, such as an array or a test; only what runs in them matters.
  void words(int start, int end) {
    isLoose = true;
    read(start, end);
  }

  /// The text of a here-document, where quotes mean nothing.
  void document(int start, int end) {
    for (var i = start; i < end; ) {
      var c = text.charAt(i);
      if (c == '\\') {
        i += 2;
      } else if (c == '$') {
        i = expansions.dollar(i, end, true);
      } else if (c == '`') {
        i = expansions.backticks(i, end, false);
      } else {
        i++;
      }
    }
  }

  /// An expression that the shell calculates.
  void expression(int start, int end) {
    expansions.expression(start, end);
  }

  private void read(int start, int end) {
    begin = start;
    at = start;
    limit = end;
    isLiteral = true;
    value.setLength(0);
    while (at < limit) {
      unquoted(text.charAt(at));
    }
  }

  private void unquoted(char c) {
    switch (c) {
      case '\\' -> backslash();
      case '\'' -> singleQuotes();
      case '"' -> doubleQuotes();
      case '$' -> dollar();
      case '`' -> backticks(false);
      case '*', '?', '[' -> pattern(c);
      case '{' -> brace();
      case '~' -> tilde();
      case '<', '>' -> process();
      default -> plain(c);
    }
  }

  private void backslash() {
    if (at + 1 >= limit) {
      script.doubt("a backslash without a character", at);
      at = limit;
      return;
    }
    if (text.charAt(at + 1) != '\n') {
      value.append(text.charAt(at + 1));
    }
    at += 2;
  }

  private void singleQuotes() {
    var end = text.indexOf('\'', at + 1);
    if (end < 0 || end >= limit) {
      script.doubt("a quote without an end", at);
      at = limit;
      return;
    }
    value.append(text, at + 1, end);
    at = end + 1;
  }

  private void doubleQuotes() {
    var start = at++;
    while (at < limit) {
      var c = text.charAt(at);
      switch (c) {
        case '"' -> {
          at++;
          return;
        }
        case '\\' -> {
          var next = at + 1 < limit ? text.charAt(at + 1) : '"';
          if ("$`\"\\".indexOf(next) >= 0) {
            value.append(next);
          } else if (next != '\n') {
            value.append(c).append(next);
          }
          at += 2;
        }
        case '$' -> {
          var end = expansions.dollar(at, limit, true);
          if (end == at + 1) {
            value.append(c);
          } else {
            isLiteral = false;
          }
          at = end;
        }
        case '`' -> backticks(true);
        default -> {
          value.append(c);
          at++;
        }
      }
    }
    script.doubt("a quote without an end", start);
  }

  private void dollar() {
    var next = at + 1 < limit ? text.charAt(at + 1) : ' ';
    if (next == '\'') {
      ansi();
      return;
    }
    if (next == '"') {
      // Text that is translated: what becomes of it depends on the locale.
      isLiteral = false;
      at++;
      return;
    }
    var end = expansions.dollar(at, limit, false);
    if (end == at + 1) {
      value.append('$');
    } else {
      isLiteral = false;
    }
    at = end;
  }

  private void ansi() {
    var end = at + 2;
    while (end < limit && text.charAt(end) != '\'') {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    if (end >= limit) {
      script.doubt("a quote without an end", at);
      at = limit;
      return;
    }
    var known = AnsiQuotes.valueOf(text.substring(at + 2, end));
    if (known == null || script.dialect == Dialect.SH) {
      isLiteral = false;
    } else {
      value.append(known);
    }
    at = end + 1;
  }

  private void backticks(boolean isQuoted) {
    isLiteral = false;
    at = expansions.backticks(at, limit, isQuoted);
  }

  private void pattern(char c) {
    // A lone bracket is a program, or the last word of one.
    if (c != '[' || text.substring(at, limit).indexOf(']') >= 0) {
      isLiteral = false;
    }
    value.append(c);
    at++;
  }

  private void brace() {
    var end = text.indexOf('}', at);
    var between = end < 0 || end >= limit ? "" : text.substring(at + 1, limit);
    if (between.contains(",") || between.contains("..")) {
      isLiteral = false;
    }
    value.append('{');
    at++;
  }

  private void tilde() {
    var next = at + 1 < limit ? text.charAt(at + 1) : '/';
    if (at == begin && next == '/') {
      var home = findings.home();
      if (home != null && !home.isEmpty()) {
        value.append(home);
        at++;
        return;
      }
    }
    var before = at == begin ? ' ' : text.charAt(at - 1);
    if (at == begin || before == '=' || before == ':') {
      isLiteral = false;
    }
    value.append('~');
    at++;
  }

  private void process() {
    var it = script.expansionAt(at);
    if (it != null && it.is("process_substitution")) {
      isLiteral = false;
      inside.add(new Inside.Part(it));
      at = it.end();
      return;
    }
    if (at + 1 < limit && text.charAt(at + 1) == '(') {
      script.doubt("a substitution that is not understood", at);
    } else if (!isLoose) {
      script.doubt("a word that is none", at);
    }
    at++;
  }

  private void plain(char c) {
    if (!isLoose && META.indexOf(c) >= 0) {
      script.doubt("a word that is none", at);
    }
    if (at == begin
        && ((c == '#' && !isLoose)
            || (c == '=' && script.dialect == Dialect.ZSH && limit > at + 1))) {
      script.doubt("a word that is none", at);
    }
    value.append(c);
    at++;
  }
}
