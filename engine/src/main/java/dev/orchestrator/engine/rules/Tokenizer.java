package dev.orchestrator.engine.rules;

import dev.orchestrator.engine.rules.Token.Kind;

/// Cuts a file of rules into names, strings and marks, by the [rules of
/// Starlark](https://github.com/bazelbuild/starlark/blob/master/spec.md#lexical-elements).
final class Tokenizer {
  private static final int END = -1;

  private final String file;
  private final String text;
  private int at;
  private int line = 1;
  private int lineStart;

  Tokenizer(String file, String text) {
    this.file = file;
    this.text = text;
  }

  /// The next piece; [Kind#END] again and again when there is no more.
  Token next() throws RulesException {
    skipBlanks();
    var position = position();
    var c = peek(0);
    if (c == END) {
      return new Token(Kind.END, "", position);
    }
    if (c == '\n') {
      newline();
      return new Token(Kind.NEWLINE, "\n", position);
    }
    var prefix = c == 'r' || c == 'R';
    var quote = prefix ? peek(1) : c;
    if (quote == '"' || quote == '\'') {
      at += prefix ? 1 : 0;
      return new Token(Kind.STRING, string((char) quote, prefix, position), position);
    }
    if (isNameStart(c)) {
      var start = at;
      while (isNameStart(peek(0)) || isDigit(peek(0))) {
        at++;
      }
      return new Token(Kind.NAME, text.substring(start, at), position);
    }
    if ("()[],=".indexOf(c) >= 0) {
      at++;
      return new Token(Kind.MARK, String.valueOf((char) c), position);
    }
    throw position.problem(
        "%s is not understood; rules are calls with literal arguments".formatted(shown(c)));
  }

  private void skipBlanks() {
    while (true) {
      var c = peek(0);
      if (c == '#') {
        while (peek(0) != '\n' && peek(0) != END) {
          at++;
        }
      } else if (c == '\\' && peek(1) == '\n') {
        at++;
        newline();
      } else if (c == ' ' || c == '\t' || (c == '\r' && peek(1) == '\n')) {
        at++;
      } else {
        return;
      }
    }
  }

  private String string(char quote, boolean isRaw, Position position) throws RulesException {
    var isLong = peek(1) == quote && peek(2) == quote;
    at += isLong ? 3 : 1;
    var value = new StringBuilder();
    while (true) {
      var c = peek(0);
      if (c == END || (c == '\n' && !isLong)) {
        throw position.problem("a string without an end");
      }
      if (c == quote && (!isLong || (peek(1) == quote && peek(2) == quote))) {
        at += isLong ? 3 : 1;
        return value.toString();
      }
      if (c == '\\') {
        escape(isRaw, value);
      } else {
        if (c == '\n') {
          newline();
        } else {
          at++;
        }
        value.append((char) c);
      }
    }
  }

  private void escape(boolean isRaw, StringBuilder value) throws RulesException {
    var position = position();
    var c = peek(1);
    if (c == END) {
      throw position.problem("a string without an end");
    }
    at += 2;
    if (c == '\n') {
      line++;
      lineStart = at;
      value.append(isRaw ? "\\\n" : "");
      return;
    }
    if (isRaw) {
      value.append('\\').append((char) c);
      return;
    }
    var plain = "abfnrtv\\'\"".indexOf(c);
    if (plain >= 0) {
      value.append("\u0007\b\f\n\r\t\u000b\\'\"".charAt(plain));
      return;
    }
    value.appendCodePoint(
        switch (c) {
          case 'x' -> number(2, 2, 16, 0x7f, position);
          case 'u' -> number(4, 4, 16, Character.MAX_CODE_POINT, position);
          case 'U' -> number(8, 8, 16, Character.MAX_CODE_POINT, position);
          case '0', '1', '2', '3', '4', '5', '6', '7' -> {
            at--;
            yield number(1, 3, 8, 0x7f, position);
          }
          default -> throw position.problem("\\%c is no escape".formatted((char) c));
        });
  }

  private int number(int least, int most, int radix, int limit, Position position)
      throws RulesException {
    var value = 0L;
    var count = 0;
    while (count < most && peek(0) < 0x80 && Character.digit(peek(0), radix) >= 0) {
      value = value * radix + Character.digit(peek(0), radix);
      at++;
      count++;
    }
    var isHalf = value >= Character.MIN_SURROGATE && value <= Character.MAX_SURROGATE;
    if (count < least || value > limit || value == 0 || isHalf) {
      throw position.problem("no character has this number");
    }
    return (int) value;
  }

  private void newline() {
    at++;
    line++;
    lineStart = at;
  }

  private Position position() {
    return new Position(file, line, at - lineStart + 1);
  }

  private int peek(int further) {
    return at + further < text.length() ? text.charAt(at + further) : END;
  }

  private static boolean isNameStart(int c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }

  private static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static String shown(int c) {
    return c >= ' ' && c < 0x7f ? "`" + (char) c + "`" : "U+%04X".formatted(c);
  }
}
