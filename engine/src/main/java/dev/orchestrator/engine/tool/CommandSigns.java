package dev.orchestrator.engine.tool;

import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.plan.KnownReads;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.SpawnException;
import dev.orchestrator.engine.sandbox.Denial;
import dev.orchestrator.engine.sandbox.Evidence;
import dev.orchestrator.engine.sandbox.Sandbox;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an attempt of a command shows: that the sandbox stopped something, or did not start, or
/// that the system had no room. For every tool whose attempt is a command.
public final class CommandSigns {
  private CommandSigns() {}

  /// Signs that the sandbox stopped something.
  ///
  /// @param output its beginning and its end
  public static List<Denial> denials(
      Sandbox sandbox,
      Attempt attempt,
      Program program,
      Subject subject,
      Exit exit,
      String output) {
    return onlyReads(subject)
        ? List.of()
        : Evidence.of(
            sandbox, attempt.confinement(), program.directory(), variables(program), exit, output);
  }

  /// What a command prints that only reads may well be somebody else's error lines.
  private static boolean onlyReads(Subject subject) {
    return subject instanceof Subject.Shell(var plan, var _)
        && !plan.isOpaque()
        && !plan.commands().isEmpty()
        && plan.commands().stream().allMatch(KnownReads::isRead);
  }

  private static Map<String, String> variables(Program program) {
    var variables = new LinkedHashMap<String, String>();
    for (var entry : program.environment()) {
      var equals = entry.indexOf('=');
      if (equals > 0) {
        variables.put(entry.substring(0, equals), OsText.printable(entry.substring(equals + 1)));
      }
    }
    return variables;
  }

  /// Looks whether the command has run at all.
  ///
  /// @throws TransientFailure if it was the sandbox that ended
  public static void requireStarted(Sandbox sandbox, Attempt attempt, Exit exit, String output)
      throws TransientFailure {
    if (attempt.held().isConfined()) {
      var failure = sandbox.failure(exit.shellCode(), output);
      if (failure.isPresent()) {
        throw new TransientFailure("the sandbox did not start: " + failure.get(), null, true);
      }
    }
  }

  /// What to throw for a command that could not be started: another try helps if the system had no
  /// room.
  public static IOException notStarted(SpawnException e) {
    return e.reason() == SpawnException.Reason.EXHAUSTED
        ? new TransientFailure(String.valueOf(e.getMessage()), e, false)
        : e;
  }
}
