package dev.orchestrator.engine.rules;

import dev.orchestrator.engine.rules.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads the calls of a file of rules: a subset of Starlark with nothing to execute.
final class Parser {
  static final int MOST_CALLS = 10_000;
  private static final int MOST_DEPTH = 20;

  private final Tokenizer tokens;
  private Token token;

  /// A call as it stands.
  record Raw(String name, Position position, List<Value> positional, Map<String, Value> named) {}

  Parser(String file, String text) throws RulesException {
    tokens = new Tokenizer(file, text);
    token = tokens.next();
  }

  List<Raw> calls() throws RulesException {
    var calls = new ArrayList<Raw>();
    while (true) {
      skipNewlines();
      if (token.kind() == Kind.END) {
        return calls;
      }
      if (calls.size() == MOST_CALLS) {
        throw token.position().problem("more than %d rules".formatted(MOST_CALLS));
      }
      calls.add(call());
      if (token.kind() != Kind.NEWLINE && token.kind() != Kind.END) {
        throw unexpected("the end of the line");
      }
    }
  }

  private Raw call() throws RulesException {
    var name = token;
    if (name.kind() != Kind.NAME) {
      throw unexpected("a call such as prefix_rule(…)");
    }
    advance();
    expect("(");
    var positional = new ArrayList<Value>();
    var named = new LinkedHashMap<String, Value>();
    skipNewlines();
    while (!token.is(")")) {
      argument(positional, named);
      skipNewlines();
      if (!token.is(")")) {
        expect(",");
        skipNewlines();
      }
    }
    advance();
    return new Raw(name.text(), name.position(), positional, named);
  }

  private void argument(List<Value> positional, Map<String, Value> named) throws RulesException {
    var first = token;
    if (first.kind() == Kind.NAME && !isConstant(first.text())) {
      advance();
      skipNewlines();
      expect("=");
      skipNewlines();
      if (named.put(first.text(), value(0)) != null) {
        throw first.position().problem("%s is given twice".formatted(first.text()));
      }
      return;
    }
    if (!named.isEmpty()) {
      throw first.position().problem("an argument without a name behind one with a name");
    }
    positional.add(value(0));
  }

  private Value value(int depth) throws RulesException {
    var it = token;
    if (depth > MOST_DEPTH) {
      throw it.position().problem("lists deeper than %d".formatted(MOST_DEPTH));
    }
    if (it.kind() == Kind.STRING) {
      advance();
      return new Value.Text(it.text(), it.position());
    }
    if (it.kind() == Kind.NAME && isConstant(it.text())) {
      advance();
      return it.text().equals("None")
          ? new Value.Nothing(it.position())
          : new Value.Truth(it.position());
    }
    if (it.is("[")) {
      return items("]", depth);
    }
    if (it.is("(")) {
      return items(")", depth);
    }
    throw unexpected("a string, a list or None");
  }

  /// A list, a tuple, or a value in parentheses.
  private Value items(String close, int depth) throws RulesException {
    var position = token.position();
    advance();
    skipNewlines();
    var values = new ArrayList<Value>();
    var hasComma = false;
    while (!token.is(close)) {
      values.add(value(depth + 1));
      skipNewlines();
      if (!token.is(close)) {
        expect(",");
        hasComma = true;
        skipNewlines();
      }
    }
    advance();
    return close.equals(")") && values.size() == 1 && !hasComma
        ? values.getFirst()
        : new Value.Items(values, position);
  }

  private static boolean isConstant(String name) {
    return name.equals("None") || name.equals("True") || name.equals("False");
  }

  private void skipNewlines() throws RulesException {
    while (token.kind() == Kind.NEWLINE) {
      advance();
    }
  }

  private void expect(String mark) throws RulesException {
    if (!token.is(mark)) {
      throw unexpected("`" + mark + "`");
    }
    advance();
  }

  private void advance() throws RulesException {
    token = tokens.next();
  }

  private RulesException unexpected(String wanted) {
    return token.position().problem("expected %s, found %s".formatted(wanted, token.shown()));
  }
}
