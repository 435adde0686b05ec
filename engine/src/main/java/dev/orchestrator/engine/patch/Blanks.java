package dev.orchestrator.engine.patch;

/// White space as Unicode defines it (the property `White_Space`), which is what Codex trims.
/// Java's own notion leaves the no-break spaces out.
final class Blanks {
  private Blanks() {}

  static String trim(String text) {
    return text.substring(start(text), end(text));
  }

  /// Where the text begins that is not white space; 0 if there is none.
  static int start(String text) {
    var at = 0;
    while (at < text.length() && is(text.charAt(at))) {
      at++;
    }
    return at == text.length() ? 0 : at;
  }

  /// Where the white space at the end begins; 0 if there is nothing else.
  static int end(String text) {
    var at = text.length();
    while (at > 0 && is(text.charAt(at - 1))) {
      at--;
    }
    return at;
  }

  private static boolean is(char it) {
    return (it >= '\t' && it <= '\r')
        || it == ' '
        || it == '\u0085'
        || it == '\u00a0'
        || it == '\u1680'
        || (it >= '\u2000' && it <= '\u200a')
        || it == '\u2028'
        || it == '\u2029'
        || it == '\u202f'
        || it == '\u205f'
        || it == '\u3000';
  }
}
