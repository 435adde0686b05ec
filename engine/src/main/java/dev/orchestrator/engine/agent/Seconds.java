package dev.orchestrator.engine.agent;

/// How long something took, in the words of a tool's answer.
final class Seconds {
  private static final int NANO_DIGITS = 9;

  private Seconds() {}

  /// Rounded half up to a number of decimals. A format with decimals would load a locale's symbols.
  ///
  /// @param decimals 1 to 9
  static String text(long nanos, int decimals) {
    var unit = 1L;
    for (var digit = decimals; digit < NANO_DIGITS; digit++) {
      unit *= 10;
    }
    var digits = Long.toString((nanos + unit / 2) / unit);
    var padded = "0".repeat(Math.max(0, decimals + 1 - digits.length())) + digits;
    var point = padded.length() - decimals;
    return padded.substring(0, point) + "." + padded.substring(point);
  }
}
