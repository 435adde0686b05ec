package dev.orchestrator.engine.testing;

import java.io.IOException;
import java.util.Arrays;

/// How long something takes.
public final class Timing {
  private Timing() {}

  /// A step of which the time is taken.
  public interface Step {
    void take(int number) throws IOException;
  }

  /// Takes steps, numbered from 0.
  ///
  /// @return how many nanoseconds each took, the least first
  public static long[] sortedNanos(int steps, Step step) throws IOException {
    var nanos = new long[steps];
    for (var number = 0; number < steps; number++) {
      var began = System.nanoTime();
      step.take(number);
      nanos[number] = System.nanoTime() - began;
    }
    Arrays.sort(nanos);
    return nanos;
  }
}
