package dev.orchestrator.engine.approval;

import java.time.Duration;

/// How long a question waits for somebody. Never ends in a yes.
public sealed interface Deadline {
  /// As long as it takes.
  record Wait() implements Deadline {}

  /// Then it is denied, and the call is refused.
  record DenyAfter(Duration time) implements Deadline {}

  /// Then the whole run fails.
  record FailRunAfter(Duration time) implements Deadline {}
}
