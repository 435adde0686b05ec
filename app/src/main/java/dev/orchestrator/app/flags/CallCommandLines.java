package dev.orchestrator.app.flags;

import dev.orchestrator.engine.sandbox.Confinement.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `orchestrator plan`, `approvals`, `sandbox` and `doctor`: their options, and what was said.
public final class CallCommandLines {
  static final Option JSON = Option.flag("Print one JSON object.", "--json");
  static final Option CWD = Option.value("DIR", "Working directory of the command.", "-C", "--cwd");
  static final Option SCOPE =
      Option.value("SCOPE", "task, workspace (default) or user.", "--scope");
  static final Option DENY = Option.flag("Remember a no instead of a yes.", "--deny");
  static final Option EXPIRES =
      Option.value("TIME", "Forget the answer after this time: 8h, 30m.", "--expires");
  static final Option USES = Option.value("N", "Forget it when it was used so often.", "--uses");
  static final Option REASON =
      Option.value("TEXT", "What is told with a no, and kept with a yes.", "--reason");
  static final Option TASK = Option.value("TASK", "Label that groups runs.", "--task");

  static final List<Option> PLAN = with(AccessFlags.JUDGING, JSON, CWD, TASK);
  static final List<Option> APPROVALS =
      with(AccessFlags.JUDGING, JSON, CWD, TASK, SCOPE, DENY, EXPIRES, USES, REASON);
  static final List<Option> SANDBOX =
      with(SettingsFlags.OPTIONS, AccessFlags.LEVEL, AccessFlags.ADD_DIR, AccessFlags.NETWORK, CWD);
  static final List<Option> DOCTOR = with(SettingsFlags.OPTIONS, JSON);

  /// What `approvals` can do.
  static final List<String> APPROVAL_VERBS = List.of("list", "explain", "grant", "revoke", "test");

  private CallCommandLines() {}

  private static List<Option> with(List<Option> options, Option... more) {
    var all = new ArrayList<>(options);
    all.addAll(List.of(more));
    return List.copyOf(all);
  }

  /// What was asked of one of these commands.
  ///
  /// @param words what is not an option
  /// @param uses how often; empty for any number
  public record Asked(
      boolean help,
      boolean json,
      AccessFlags access,
      Optional<Path> cwd,
      Optional<String> task,
      String scope,
      boolean deny,
      Optional<Duration> expires,
      Optional<Integer> uses,
      Optional<String> reason,
      List<String> words) {}

  /// `plan`: a command to plan.
  ///
  /// @throws UsageError if it was used wrongly
  public static Asked plan(List<String> arguments) throws UsageError {
    var asked = parse("plan", PLAN, Level.WORKSPACE_WRITE, arguments);
    if (!asked.help() && asked.words().isEmpty()) {
      throw new UsageError("plan: no command given; write it last: orchestrator plan 'git push'");
    }
    return asked;
  }

  /// `approvals VERB …`.
  ///
  /// @throws UsageError if it was used wrongly
  public static Asked approvals(List<String> arguments) throws UsageError {
    if (arguments.isEmpty() || arguments.getFirst().startsWith("-")) {
      var asked = parse("approvals", APPROVALS, Level.WORKSPACE_WRITE, arguments);
      if (asked.help()) {
        return asked;
      }
    }
    if (arguments.isEmpty() || !APPROVAL_VERBS.contains(arguments.getFirst())) {
      throw new UsageError(
          "approvals: %s; use one of %s"
              .formatted(
                  arguments.isEmpty() ? "what?" : "'" + arguments.getFirst() + "' is not known",
                  String.join(", ", APPROVAL_VERBS)));
    }
    return parse(
        "approvals", APPROVALS, Level.WORKSPACE_WRITE, arguments.subList(1, arguments.size()));
  }

  /// `sandbox`: a command to run confined.
  ///
  /// @throws UsageError if it was used wrongly
  public static Asked sandbox(List<String> arguments) throws UsageError {
    var asked = parse("sandbox", SANDBOX, Level.READ_ONLY, arguments);
    if (!asked.help() && asked.words().isEmpty()) {
      throw new UsageError(
          "sandbox: no command given; write it last: orchestrator sandbox -- COMMAND");
    }
    return asked;
  }

  /// `doctor`.
  ///
  /// @throws UsageError if it was used wrongly
  public static Asked doctor(List<String> arguments) throws UsageError {
    var asked = parse("doctor", DOCTOR, Level.READ_ONLY, arguments);
    if (!asked.words().isEmpty()) {
      throw new UsageError(
          "doctor: '%s' is not expected; see orchestrator doctor --help"
              .formatted(asked.words().getFirst()));
    }
    return asked;
  }

  private static Asked parse(
      String command, List<Option> options, Level preset, List<String> arguments)
      throws UsageError {
    var given = Arguments.parse(CommandLines.NAME + " " + command, options, arguments);
    var scope = given.value(SCOPE.name()).orElse("workspace");
    if (!List.of("task", "workspace", "user").contains(scope)) {
      throw new UsageError(
          "--scope: '%s' is no scope; use task, workspace or user".formatted(scope));
    }
    var expires = given.value(EXPIRES.name());
    var cwd = AccessFlags.paths(given, CWD);
    return new Asked(
        given.wantsHelp(),
        given.has(JSON.name()),
        AccessFlags.of(given, preset, preset == Level.WORKSPACE_WRITE ? "sandbox_mode" : ""),
        cwd.isEmpty() ? Optional.empty() : Optional.of(cwd.getFirst()),
        given.value(TASK.name()),
        scope,
        given.has(DENY.name()),
        expires.isPresent()
            ? Optional.of(Quantity.duration(EXPIRES.name(), expires.get()))
            : Optional.empty(),
        uses(given),
        given.value(REASON.name()),
        given.words());
  }

  private static Optional<Integer> uses(Arguments given) throws UsageError {
    var text = given.value(USES.name());
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!text.get().matches("[1-9][0-9]{0,5}")) {
      throw new UsageError("--uses: '%s' is not a number from 1 on".formatted(text.get()));
    }
    return Optional.of(Integer.valueOf(text.get()));
  }
}
