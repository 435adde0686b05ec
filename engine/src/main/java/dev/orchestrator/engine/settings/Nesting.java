package dev.orchestrator.engine.settings;

import java.util.Optional;

/// Finds TOML that is nested so deeply that reading it could overflow the stack.
///
/// Looks at brackets and dots outside of strings and comments. What is no TOML may be counted
/// wrongly; its parser says so in any case.
final class Nesting {
  static final int DEEPEST = 32;

  private final String text;
  private int at;
  private int line = 1;
  private int depth;
  private int names;

  private Nesting(String text) {
    this.text = text;
  }

  /// A place that is too deep.
  record Place(int line, String what) {}

  static Optional<Place> tooDeep(String text) {
    return new Nesting(text).find();
  }

  private Optional<Place> find() {
    for (; at < text.length(); at++) {
      switch (text.charAt(at)) {
        case '\n' -> {
          line++;
          names = 0;
        }
        case '#' -> skipComment();
        case '"', '\'' -> skipString(text.charAt(at));
        case '[', '{' -> {
          depth++;
          names = 0;
        }
        case ']', '}' -> depth = Math.max(0, depth - 1);
        case '.' -> names++;
        case '=', ',' -> names = 0;
        default -> {}
      }
      if (depth > DEEPEST || names > DEEPEST) {
        return Optional.of(new Place(line, "nested deeper than %d".formatted(DEEPEST)));
      }
    }
    return Optional.empty();
  }

  private void skipComment() {
    var end = text.indexOf('\n', at);
    at = (end < 0 ? text.length() : end) - 1;
  }

  private void skipString(char quote) {
    var triple = String.valueOf(quote).repeat(3);
    var isLong = text.startsWith(triple, at);
    at += isLong ? triple.length() : 1;
    for (; at < text.length(); at++) {
      var c = text.charAt(at);
      if (c == '\\' && quote == '"') {
        at++;
        if (at < text.length() && text.charAt(at) == '\n') {
          line++;
        }
      } else if (c == '\n') {
        line++;
        if (!isLong) {
          // A string that does not end is an error; what follows is looked at as if it had.
          names = 0;
          return;
        }
      } else if (isLong ? text.startsWith(triple, at) : c == quote) {
        at += isLong ? triple.length() - 1 : 0;
        return;
      }
    }
  }
}
