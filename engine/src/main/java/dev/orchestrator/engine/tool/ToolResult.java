package dev.orchestrator.engine.tool;

import dev.orchestrator.engine.event.DenialFound;
import java.util.List;

/// How a call ended.
///
/// @param <R> what an attempt results in
public sealed interface ToolResult<R> {
  /// It ran to its end, whatever that was.
  record Completed<R>(R result) implements ToolResult<R> {}

  /// It ran, the sandbox stopped something, and nothing more was allowed.
  ///
  /// @param by who did not allow more
  /// @param endsRun whether the run is to fail for it
  record Blocked<R>(
      R result, List<DenialFound> evidence, String reason, DeniedBy by, boolean endsRun)
      implements ToolResult<R> {
    public Blocked {
      evidence = List.copyOf(evidence);
    }
  }

  /// It was not run.
  ///
  /// @param by who did not allow it
  /// @param endsRun whether the run is to fail for it
  record Refused<R>(String reason, DeniedBy by, boolean endsRun) implements ToolResult<R> {
    /// Whether somebody had to be asked, and nobody answered.
    public boolean unanswered() {
      return by instanceof DeniedBy.Nobody;
    }
  }

  /// There was no sandbox to run it in.
  record Unconfined<R>(String reason) implements ToolResult<R> {}

  /// It could not be run.
  ///
  /// @param cause what went wrong
  record Failed<R>(Exception cause) implements ToolResult<R> {}
}
