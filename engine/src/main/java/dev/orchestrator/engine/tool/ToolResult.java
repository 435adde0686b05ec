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
  record Blocked<R>(R result, List<DenialFound> evidence, String reason) implements ToolResult<R> {
    public Blocked {
      evidence = List.copyOf(evidence);
    }
  }

  /// It was not run.
  ///
  /// @param unanswered whether somebody had to be asked, and nobody answered
  /// @param endsRun whether the run is to fail for it
  record Refused<R>(String reason, boolean unanswered, boolean endsRun) implements ToolResult<R> {}

  /// There was no sandbox to run it in.
  record Unconfined<R>(String reason) implements ToolResult<R> {}

  /// It could not be run.
  ///
  /// @param cause what went wrong
  record Failed<R>(Exception cause) implements ToolResult<R> {}
}
