package dev.orchestrator.app;

import dev.orchestrator.engine.event.RunId;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.UUID;

/// New names for runs and threads.
final class Names {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int RANDOM_BYTES = 8;

  private Names() {}

  /// A run's name: the time it began, then 64 random bits. It also marks the run's processes, so it
  /// must not be guessed or met twice.
  static RunId run(InstantSource clock) {
    var now = clock.instant().atOffset(ZoneOffset.UTC);
    var random = new byte[RANDOM_BYTES];
    RANDOM.nextBytes(random);
    return new RunId(
        "%04d%02d%02d-%02d%02d%02d-%s"
            .formatted(
                now.getYear(),
                now.getMonthValue(),
                now.getDayOfMonth(),
                now.getHour(),
                now.getMinute(),
                now.getSecond(),
                HexFormat.of().formatHex(random)));
  }

  /// A thread's name: a version 7 UUID (RFC 9562, section 5.7).
  static String thread(InstantSource clock) {
    var high = clock.millis() << 16 | 0x7000 | RANDOM.nextInt(0x1000);
    var low = RANDOM.nextLong() >>> 2 | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }
}
