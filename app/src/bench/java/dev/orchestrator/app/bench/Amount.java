package dev.orchestrator.app.bench;

import java.math.BigDecimal;
import java.util.Locale;

/// A measured number with its unit.
record Amount(double value, Unit unit) {

  /// A unit, and how a number is written in it.
  enum Unit {
    SECONDS("%.2f", "s"),
    MILLIS("%.1f", "ms"),
    MILLIS_FINE("%.2f", "ms"),
    MICROS("%.0f", "µs"),
    /// 1,000,000 bytes.
    MEGABYTES("%.1f", "MB"),
    MEGABYTES_PER_SECOND("%.0f", "MB/s"),
    FACTS_PER_SECOND("%,.0f", "/s"),
    PERCENT("%.1f", "%"),
    /// Nothing was measured.
    NONE("–", "");

    private final String format;
    private final String symbol;

    Unit(String format, String symbol) {
      this.format = format;
      this.symbol = symbol;
    }

    /// A number as short as it can be written, for limits.
    String exactly(double value) {
      return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString() + " " + symbol;
    }
  }

  static Amount seconds(double value) {
    return new Amount(value, Unit.SECONDS);
  }

  static Amount millis(double value) {
    return new Amount(value, Unit.MILLIS);
  }

  /// Milliseconds, where hundredths of one matter.
  static Amount millisFine(double value) {
    return new Amount(value, Unit.MILLIS_FINE);
  }

  static Amount micros(double value) {
    return new Amount(value, Unit.MICROS);
  }

  static Amount memory(long bytes) {
    return new Amount(bytes / 1e6, Unit.MEGABYTES);
  }

  /// How fast so many bytes went through in so many seconds.
  static Amount speed(long bytes, double seconds) {
    return new Amount(bytes / 1e6 / seconds, Unit.MEGABYTES_PER_SECOND);
  }

  static Amount factsPerSecond(double value) {
    return new Amount(value, Unit.FACTS_PER_SECOND);
  }

  static Amount percent(double value) {
    return new Amount(value, Unit.PERCENT);
  }

  /// Stands where nothing could be measured.
  static Amount none() {
    return new Amount(0, Unit.NONE);
  }

  @Override
  public String toString() {
    return (String.format(Locale.ROOT, unit.format, value) + " " + unit.symbol).strip();
  }
}
