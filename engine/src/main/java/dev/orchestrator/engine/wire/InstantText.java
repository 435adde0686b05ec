package dev.orchestrator.engine.wire;

import java.time.Instant;

/// Instants as [Instant#toString] writes them (ISO-8601, in UTC), at a fraction of its cost: most
/// instants of a run are in the same second as the one before.
///
/// Confined to one thread: the last second is kept between calls.
final class InstantText {
  private static final int WHOLE_SECOND = 1_000_000_000;

  private final StringBuilder text = new StringBuilder();
  private long second = Long.MIN_VALUE;
  private int secondEnds;

  /// The text of an instant: with three, six or nine digits after the second, or none.
  String of(Instant instant) {
    if (instant.getEpochSecond() != second) {
      second = instant.getEpochSecond();
      text.setLength(0);
      text.append(Instant.ofEpochSecond(second));
      secondEnds = text.length() - 1; // Before the Z.
    }
    text.setLength(secondEnds);
    var nanos = instant.getNano();
    if (nanos > 0) {
      text.append(WHOLE_SECOND + nanos); // All nine digits, and one in the point's place.
      text.setCharAt(secondEnds, '.');
      text.setLength(secondEnds + 1 + digits(nanos));
    }
    return text.append('Z').toString();
  }

  private static int digits(int nanos) {
    if (nanos % 1_000 != 0) {
      return 9;
    }
    return nanos % 1_000_000 != 0 ? 6 : 3;
  }
}
