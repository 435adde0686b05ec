package dev.orchestrator.headless;

import dev.orchestrator.engine.posix.OsText;

/// Text of models, programs and file names as it may reach a terminal: nothing in it moves the
/// cursor, changes colours or the order of what is read.
final class TerminalText {
  private static final int JOINERS_FROM = 0x200c;
  private static final int JOINERS_TO = 0x200d;

  private TerminalText() {}

  /// On one line.
  static String line(String text) {
    return safe(text, false);
  }

  /// On as many lines as it has; a carriage return ends one too.
  static String lines(String text) {
    return safe(text.replace("\r\n", "\n").replace('\r', '\n'), true);
  }

  /// Output of a program: colours that it set are gone.
  static String output(String text) {
    return lines(withoutColours(text));
  }

  private static String safe(String text, boolean severalLines) {
    var safe = new StringBuilder(text.length());
    OsText.printable(text)
        .codePoints()
        .forEach(it -> {
          if (severalLines && (it == '\n' || it == '\t')) {
            safe.append((char) it);
          } else if (isUnsafe(it)) {
            safe.append("\\u%04x".formatted(it));
          } else {
            safe.appendCodePoint(it);
          }
        });
    return safe.toString();
  }

  private static boolean isUnsafe(int it) {
    return switch (Character.getType(it)) {
      case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR -> true;
      // Scripts and pictures need the joiners; the rest can turn the order of reading.
      case Character.FORMAT -> it < JOINERS_FROM || it > JOINERS_TO;
      default -> false;
    };
  }

  /// Without `ESC [ … m`, which is ECMA-48's SGR.
  private static String withoutColours(String text) {
    if (text.indexOf('\u001b') < 0) {
      return text;
    }
    var kept = new StringBuilder(text.length());
    var at = 0;
    while (at < text.length()) {
      var end = endOfColour(text, at);
      if (end > at) {
        at = end;
      } else {
        kept.append(text.charAt(at++));
      }
    }
    return kept.toString();
  }

  private static int endOfColour(String text, int from) {
    if (!text.startsWith("\u001b[", from)) {
      return from;
    }
    var at = from + 2;
    while (at < text.length() && isParameter(text.charAt(at))) {
      at++;
    }
    return at < text.length() && text.charAt(at) == 'm' ? at + 1 : from;
  }

  private static boolean isParameter(char it) {
    return (it >= '0' && it <= '9') || it == ';' || it == ':';
  }

  /// The first characters, with `…` for the rest.
  ///
  /// @param most in characters
  static String cut(String text, int most) {
    if (text.length() <= most) {
      return text;
    }
    var end = Character.isHighSurrogate(text.charAt(most - 1)) ? most - 1 : most;
    return text.substring(0, end) + "…";
  }
}
