package dev.orchestrator.engine.posix;

import java.io.IOException;

/// A program could not be started. The message names the thing, the value and the next step.
public final class SpawnException extends IOException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  SpawnException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  /// Why, for whoever must choose an exit code or decide to try again.
  public Reason reason() {
    return reason;
  }

  /// What stood in the way.
  public enum Reason {
    /// No such program.
    NOT_FOUND,
    /// The program is there and cannot be run, with these arguments at least.
    NOT_EXECUTABLE,
    /// The working directory is missing or is no directory.
    NO_DIRECTORY,
    /// The system is short of processes, memory, descriptors or terminals; may pass.
    EXHAUSTED,
    /// The request itself is wrong, for example a NUL character in an argument.
    INVALID
  }
}
