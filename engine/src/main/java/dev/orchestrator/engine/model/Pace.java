package dev.orchestrator.engine.model;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/// How a client waits between attempts.
public interface Pace {
  /// Blocks for as long as told.
  void pause(Duration delay) throws InterruptedException;

  /// A number from 0.9 to 1.1 that a delay is multiplied by, so that clients do not move in step.
  double jitter();

  /// What a date in a header is compared with.
  Instant now();

  /// The one of the real world.
  static Pace of(InstantSource clock, RandomGenerator random) {
    return new Pace() {
      @Override
      public void pause(Duration delay) throws InterruptedException {
        // Nobody counts it down: it ends by time or by an interrupt.
        if (new CountDownLatch(1).await(delay.toNanos(), TimeUnit.NANOSECONDS)) {
          throw new IllegalStateException("a latch that nobody knows was opened");
        }
      }

      @Override
      public double jitter() {
        return random.nextDouble(0.9, 1.1);
      }

      @Override
      public Instant now() {
        return clock.instant();
      }
    };
  }
}
