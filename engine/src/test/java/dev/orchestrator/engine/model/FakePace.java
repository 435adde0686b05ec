package dev.orchestrator.engine.model;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Does not wait, and keeps how long it would have.
final class FakePace implements Pace {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  final List<Duration> pauses = new ArrayList<>();

  @Override
  public void pause(Duration delay) {
    pauses.add(delay);
  }

  @Override
  public double jitter() {
    return 1;
  }

  @Override
  public Instant now() {
    return NOW;
  }
}
