package dev.orchestrator.app.flags;

import dev.orchestrator.engine.approval.Deadline;
import dev.orchestrator.engine.approval.Policy;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What a command may do, and who is asked when it wants more.
///
/// @param levelKey which key of the settings says the level; empty if the command line does
/// @param policySaid whether the command line says the policy; otherwise the settings do
/// @param addDirs further folders that may be written
/// @param rules further files of rules
/// @param judged false to leave everything to the sandbox: no rule, answer or policy is looked at
/// @param ignoreRules whether the user's and the project's rules are left out
public record AccessFlags(
    Level level,
    String levelKey,
    Policy policy,
    boolean policySaid,
    SettingsFlags settings,
    List<Path> addDirs,
    boolean network,
    List<Path> rules,
    boolean ignoreRules,
    boolean judged,
    Asking asking,
    Deadline deadline) {

  /// Where questions go.
  public enum Asking {
    /// To the terminal, if there is one.
    TERMINAL,
    /// To whoever reads our JSON lines and writes to our standard input.
    STDIO,
    /// To nobody.
    NONE
  }

  static final Option LEVEL =
      Option.value(
          "LEVEL",
          "Confine the command: read-only, workspace-write or danger-full-access.",
          "-s",
          "--sandbox");
  static final Option POLICY =
      Option.value(
          "POLICY",
          "When to ask: untrusted, on-failure, on-request (default), never or granular:KIND,…",
          "-a",
          "--ask-for-approval",
          "--policy");
  static final Option ADD_DIR =
      Option.values("DIR", "A further folder that may be written; repeatable.", "--add-dir");
  static final Option NETWORK =
      Option.flag("Let a confined command reach the network.", "--network");
  static final Option RULES =
      Option.values("FILE", "A further file of rules; repeatable.", "--rules");
  static final Option IGNORE_RULES =
      Option.flag("Leave the user's and the project's rules out.", "--ignore-rules");
  static final Option APPROVALS =
      Option.value(
          "WHERE",
          "Who answers questions: terminal (default), stdio (JSON lines) or none.",
          "--approvals");
  static final Option DEADLINE =
      Option.value(
          "WHEN",
          "How long a question waits: wait (default), deny-after=TIME, fail-run-after=TIME.",
          "--approval-deadline");

  /// What says how a command is judged.
  static final List<Option> JUDGING =
      Stream.concat(
              Stream.of(LEVEL, POLICY, ADD_DIR, NETWORK, RULES, IGNORE_RULES),
              SettingsFlags.OPTIONS.stream())
          .toList();

  /// What says who is asked.
  static final List<Option> ANSWERING = List.of(APPROVALS, DEADLINE);

  /// @param preset the level if nobody says anything
  /// @param levelKey which key of the settings says it; empty for none
  static AccessFlags of(Arguments given, Level preset, String levelKey) throws UsageError {
    return new AccessFlags(
        level(given, preset),
        given.has(LEVEL.name()) ? "" : levelKey,
        policy(given),
        given.has(POLICY.name()),
        SettingsFlags.of(given),
        paths(given, ADD_DIR),
        given.has(NETWORK.name()),
        paths(given, RULES),
        given.has(IGNORE_RULES.name()),
        true,
        asking(given),
        deadline(given));
  }

  static Level level(Arguments given, Level preset) throws UsageError {
    var text = given.value(LEVEL.name());
    return text.isEmpty()
        ? preset
        : level(text.get())
            .orElseThrow(() ->
                new UsageError(
                    "--sandbox: '%s' is no level; use read-only, workspace-write or danger-full-access"
                        .formatted(text.get())));
  }

  /// A level by its name.
  public static Optional<Level> level(String name) {
    return Arrays.stream(Level.values()).filter(it -> it.text().equals(name)).findFirst();
  }

  static Policy policy(Arguments given) throws UsageError {
    try {
      return Policy.parse(given.value(POLICY.name()).orElse("on-request"));
    } catch (IllegalArgumentException e) {
      throw new UsageError("--policy: " + e.getMessage());
    }
  }

  static List<Path> paths(Arguments given, Option option) throws UsageError {
    var paths = new ArrayList<Path>();
    for (var text : given.values(option.name())) {
      paths.add(Quantity.path(option.name(), text));
    }
    return List.copyOf(paths);
  }

  static Asking asking(Arguments given) throws UsageError {
    var text = given.value(APPROVALS.name()).orElse("terminal");
    return switch (text) {
      case "terminal" -> Asking.TERMINAL;
      case "stdio" -> Asking.STDIO;
      case "none" -> Asking.NONE;
      default ->
          throw new UsageError(
              "--approvals: '%s' is nobody to ask; use terminal, stdio or none".formatted(text));
    };
  }

  static Deadline deadline(Arguments given) throws UsageError {
    var text = given.value(DEADLINE.name()).orElse("wait");
    var equals = text.indexOf('=');
    var kind = equals < 0 ? text : text.substring(0, equals);
    var value = equals < 0 ? "" : text.substring(equals + 1);
    if (kind.equals("wait") && equals < 0) {
      return new Deadline.Wait();
    }
    if (equals < 0 || !List.of("deny-after", "fail-run-after").contains(kind)) {
      throw new UsageError(
          "--approval-deadline: '%s' is not known; use wait, deny-after=5m or fail-run-after=5m"
              .formatted(text));
    }
    Duration time = Quantity.duration("--approval-deadline", value);
    return kind.equals("deny-after")
        ? new Deadline.DenyAfter(time)
        : new Deadline.FailRunAfter(time);
  }
}
