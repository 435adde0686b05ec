package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.event.DenialFound;
import dev.orchestrator.engine.tool.ToolResult;
import java.util.List;
import java.util.stream.Collectors;

/// What the model is told when a call did not do what it was to do; where Codex has a sentence,
/// that one.
final class Refusals {
  /// Asking for more than the sandbox allows, when nobody is ever asked.
  static final String NEVER_ESCALATES =
      "approval policy is Never; reject command — you cannot ask for escalated permissions if the"
          + " approval policy is Never";

  private Refusals() {}

  /// A command that was refused.
  static String command(String reason) {
    return failed("Rejected(" + quoted(reason) + ")");
  }

  /// A command that could not be started.
  static String notStarted(ToolResult<?> result) {
    return switch (result) {
      case ToolResult.Unconfined<?> it -> failed(it.reason());
      case ToolResult.Failed<?> it -> failed(String.valueOf(it.cause().getMessage()));
      case ToolResult.Refused<?> it -> command(it.reason());
      case ToolResult.Completed<?> _, ToolResult.Blocked<?> _ ->
          throw new IllegalArgumentException("it was started: " + result);
    };
  }

  private static String failed(String why) {
    return "exec_command failed: CreateProcess { message: " + quoted(why) + " }";
  }

  /// As Rust's `{:?}` writes a text.
  private static String quoted(String text) {
    return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }

  /// A note below the output of a command that the sandbox stopped.
  static String blocked(String reason, List<DenialFound> evidence) {
    var signs =
        evidence.stream()
            .map(it -> it.grade() + ": " + it.evidence())
            .distinct()
            .collect(Collectors.joining("; "));
    return "\n[%s (%s)]\n".formatted(reason, signs);
  }
}
