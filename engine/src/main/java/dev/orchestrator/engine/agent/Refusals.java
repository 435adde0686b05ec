package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.approval.Judge;
import dev.orchestrator.engine.approval.Policy;
import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.event.DenialFound;
import dev.orchestrator.engine.posix.Shell;
import dev.orchestrator.engine.tool.DeniedBy;
import dev.orchestrator.engine.tool.ToolResult;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// What the model is told when a call did not do what it was to do; where Codex has a sentence,
/// that one.
final class Refusals {
  /// Asking for more than the sandbox allows, when nobody is ever asked.
  static final String NEVER_ESCALATES =
      "approval policy is Never; reject command — you cannot ask for escalated permissions if the"
          + " approval policy is Never";

  private Refusals() {}

  /// A command that was refused.
  static String command(ToolResult.Refused<?> it, Subject.Shell call, Judge judge, String line) {
    var why =
        switch (it.by()) {
          case DeniedBy.Person(var words) -> byPerson("rejected by user", words);
          case DeniedBy.Nobody _ -> it.reason();
          case DeniedBy.Verdict by -> byVerdict(by, it.reason(), call, judge, line);
        };
    return failed("Rejected(" + quoted(why) + ")");
  }

  /// A no, and what was said about it.
  static String byPerson(String no, @Nullable String words) {
    return words == null || words.isBlank() ? no : no + ": " + words;
  }

  private static String byVerdict(
      DeniedBy.Verdict by, String reason, Subject.Shell call, Judge judge, String line) {
    var forbidding = judge.forbidding(call);
    if (forbidding.isPresent()) {
      var rule = forbidding.get();
      return rejected(
          line,
          rule.justification() == null
              ? "policy forbids commands starting with `" + Shell.quote(rule.prefix()) + "`"
              : rule.justification());
    }
    var policy = judge.setting().policy();
    if (by.isFor("grant") || by.isFor("opaque")) {
      return rejected(line, reason);
    }
    if (by.isFor("rule")) {
      return policy instanceof Policy.Granular
          ? "approval required by policy rule, but AskForApproval::Granular.rules is false"
          : "approval required by policy, but AskForApproval is set to Never";
    }
    if (by.isFor("destructive")) {
      return rejected(
          line,
          isForcedRemoval(call)
              ? "rm -f style commands are not permitted. Use a safer approach"
              : reason + ". Use a safer approach");
    }
    return reason;
  }

  private static String rejected(String line, String why) {
    return "`" + line + "` rejected: " + why;
  }

  private static boolean isForcedRemoval(Subject.Shell call) {
    return call.plan().commands().stream()
        .flatMap(it -> it.words().stream().limit(1))
        .anyMatch(it -> it.text().equals("rm") || it.text().endsWith("/rm"));
  }

  /// A command that could not be started.
  static String notStarted(String reason) {
    return failed(reason);
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
