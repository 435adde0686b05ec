package dev.orchestrator.engine;

import dev.orchestrator.engine.posix.Signal;

/// Why a run is ended before its command has ended by itself.
public sealed interface Stop {

  /// A signal reached the orchestrator.
  record Signalled(Signal signal) implements Stop {
    /// What a shell would report: 128 and the signal's number.
    public int shellCode() {
      return signal.exitCode();
    }
  }

  /// Whoever read the facts has gone away.
  record ReaderGone() implements Stop {}

  /// Facts can no longer be kept.
  record RecordFailed(String message) implements Stop {}

  /// The command took longer than allowed.
  record TimedOut() implements Stop {}

  /// The command neither wrote nor worked for longer than allowed.
  record Idle() implements Stop {}

  /// The command wrote more than allowed.
  record Capped() implements Stop {}
}
