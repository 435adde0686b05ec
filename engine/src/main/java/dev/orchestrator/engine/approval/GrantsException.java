package dev.orchestrator.engine.approval;

import java.io.IOException;

/// Remembered answers cannot be read or kept. Nothing is allowed by a file that is damaged.
public final class GrantsException extends IOException {
  private static final long serialVersionUID = 1;

  GrantsException(String message) {
    super(message);
  }
}
