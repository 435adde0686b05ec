package dev.orchestrator.engine.posix;

import java.time.Duration;

/// How a child ended and what it used, as `wait4(2)` told.
///
/// @param status the raw status word
/// @param cpu user and system time of the child and of the descendants it waited for
/// @param peakMemoryBytes largest resident set of any one of them
public record WaitStatus(int status, Duration cpu, long peakMemoryBytes) {

  /// Whether a signal ended it.
  public boolean isSignalled() {
    return (status & 0x7f) != 0;
  }

  /// The exit code, 0 to 255; meaningless if [#isSignalled].
  public int exitCode() {
    return status >> 8 & 0xff;
  }

  /// The signal that ended it; meaningless unless [#isSignalled].
  public Signal signal() {
    return new Signal(status & 0x7f);
  }
}
