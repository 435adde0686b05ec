package dev.orchestrator.engine.settings;

import java.util.Arrays;
import java.util.Optional;

/// TOML made ready for its parser: without comments and empty lines, over which it takes seconds,
/// and looked through for what is nested so deeply that reading it could overflow the stack.
///
/// Looks at brackets, dots, strings and comments. What is no TOML may be counted wrongly; its
/// parser says so in any case.
final class TomlText {
  static final int DEEPEST = 32;

  private final String text;
  private final StringBuilder kept = new StringBuilder();

  /// Where lines that were kept stood, counted from 1.
  private int[] lines = new int[64];

  private int keptLines = 1;
  private int at;
  private int line = 1;
  private int depth;
  private int names;
  private boolean tooDeep;

  TomlText(String text) {
    this.text = text;
    lines[0] = 1;
    read();
  }

  /// What is left for the parser.
  String kept() {
    return kept.toString();
  }

  /// Where a line that was kept stood, from 1 on.
  int line(int keptLine) {
    return lines[Math.clamp(keptLine - 1, 0, keptLines - 1)];
  }

  /// The first line that is nested too deeply.
  Optional<Integer> tooDeep() {
    return tooDeep ? Optional.of(line) : Optional.empty();
  }

  private void read() {
    for (; at < text.length() && !tooDeep; at++) {
      var c = text.charAt(at);
      switch (c) {
        case '\n' -> {
          newline(!isBlank());
          names = 0;
        }
        case '#' -> {
          skipComment();
          continue;
        }
        case '"', '\'' -> {
          string(c);
          continue;
        }
        case '[', '{' -> {
          depth++;
          names = 0;
        }
        case ']', '}' -> depth = Math.max(0, depth - 1);
        case '.' -> names++;
        case '=', ',' -> names = 0;
        default -> {}
      }
      if (c != '\n') {
        kept.append(c);
      }
      tooDeep = depth > DEEPEST || names > DEEPEST;
    }
  }

  /// Whether the line that is being kept has nothing in it.
  private boolean isBlank() {
    for (var i = kept.length() - 1; i >= 0 && kept.charAt(i) != '\n'; i--) {
      if (!Character.isWhitespace(kept.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private void newline(boolean keep) {
    line++;
    if (keep) {
      kept.append('\n');
      if (keptLines == lines.length) {
        lines = Arrays.copyOf(lines, 2 * keptLines);
      }
      keptLines++;
    } else {
      kept.setLength(kept.lastIndexOf("\n") + 1);
    }
    lines[keptLines - 1] = line;
  }

  private void skipComment() {
    while (at + 1 < text.length() && text.charAt(at + 1) != '\n') {
      at++;
    }
  }

  /// Keeps a string as it is; one that does not end keeps the rest of its line, or everything.
  private void string(char quote) {
    var triple = String.valueOf(quote).repeat(3);
    var isLong = text.startsWith(triple, at);
    var mark = isLong ? triple : triple.substring(2);
    kept.append(mark);
    at += mark.length();
    while (at < text.length()) {
      var c = text.charAt(at);
      if (c == '\n' && !isLong) {
        at--;
        return;
      }
      if (text.startsWith(mark, at)) {
        kept.append(mark);
        at += mark.length() - 1;
        return;
      }
      if (c == '\n') {
        newline(true);
      } else {
        kept.append(c);
        if (c == '\\' && quote == '"' && at + 1 < text.length() && text.charAt(at + 1) != '\n') {
          kept.append(text.charAt(++at));
        }
      }
      at++;
    }
  }
}
