package dev.orchestrator.app.bench;

import java.time.Duration;

/// Says on standard error what is being measured.
final class Progress {
  private static final long STARTED_NANOS = System.nanoTime();

  private Progress() {}

  /// How long this program has been running.
  static Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - STARTED_NANOS);
  }

  static void say(String what) {
    System.err.printf("bench %3d s  %s%n", elapsed().toSeconds(), what);
  }
}
