package dev.orchestrator.engine.tool;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Nothing was done yet, and another try may well succeed: no process to be had, a sandbox that did
/// not start.
public final class TransientFailure extends IOException {
  private static final long serialVersionUID = 1;

  private final boolean ofSandbox;

  /// @param ofSandbox whether it was the sandbox that did not start
  public TransientFailure(String message, @Nullable IOException cause, boolean ofSandbox) {
    super(message, cause);
    this.ofSandbox = ofSandbox;
  }

  /// Whether it was the sandbox that did not start.
  public boolean isOfSandbox() {
    return ofSandbox;
  }
}
