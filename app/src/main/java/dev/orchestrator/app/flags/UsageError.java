package dev.orchestrator.app.flags;

/// The command line is wrong. The message names the flag, the value and the next step.
public final class UsageError extends Exception {
  private static final long serialVersionUID = 1;

  public UsageError(String message) {
    super(message);
  }
}
