package dev.orchestrator.app;

import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.posix.Posix;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.UUID;

/// New names for runs and threads.
final class Names {
  private static final int SECONDS = "2026-01-01T00:00:00".length();

  private Names() {}

  /// A run's name: the time it began, then 64 random bits. It also marks the run's processes, so it
  /// must not be guessed or met twice.
  static RunId run(InstantSource clock) {
    var time = clock.instant().toString().substring(0, SECONDS);
    return new RunId(
        time.replace("-", "").replace(":", "").replace('T', '-')
            + "-"
            + HexFormat.of().formatHex(Posix.random(Long.BYTES)));
  }

  /// A thread's name: a version 7 UUID (RFC 9562, section 5.7).
  static String thread(InstantSource clock) {
    var random = ByteBuffer.wrap(Posix.random(2 * Long.BYTES));
    var high = (clock.millis() << 16) | 0x7000 | (random.getLong() & 0xfff);
    var low = (random.getLong() >>> 2) | 0x8000000000000000L;
    return new UUID(high, low).toString();
  }
}
