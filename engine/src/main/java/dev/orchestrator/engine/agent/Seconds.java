package dev.orchestrator.engine.agent;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// How long something took, in the words of a tool's answer.
final class Seconds {
  private static final int NANO_DIGITS = 9;

  private Seconds() {}

  /// Rounded to a number of decimals. A format with decimals would load a locale's symbols.
  static String text(long nanos, int decimals) {
    return BigDecimal.valueOf(nanos, NANO_DIGITS)
        .setScale(decimals, RoundingMode.HALF_UP)
        .toPlainString();
  }
}
