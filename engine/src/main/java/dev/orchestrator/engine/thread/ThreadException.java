package dev.orchestrator.engine.thread;

import java.io.IOException;

/// A thread cannot be read, resumed or kept. The message names the file or the thread, and the next
/// step.
public final class ThreadException extends IOException {
  private static final long serialVersionUID = 1;

  ThreadException(String message) {
    super(message);
  }

  ThreadException(String message, Throwable cause) {
    super(message, cause);
  }
}
