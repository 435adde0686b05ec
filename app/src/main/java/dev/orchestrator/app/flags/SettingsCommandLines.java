package dev.orchestrator.app.flags;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `orchestrator config` and `instructions`: their options, and what was said.
public final class SettingsCommandLines {
  static final Option ORIGIN = Option.flag("Print where each value comes from.", "--origin");

  static final List<Option> INSTRUCTIONS =
      Stream.concat(
              SettingsFlags.OPTIONS.stream(),
              Stream.of(CallCommandLines.JSON, CallCommandLines.CWD))
          .toList();
  static final List<Option> CONFIG =
      Stream.concat(INSTRUCTIONS.stream(), Stream.of(ORIGIN)).toList();

  private SettingsCommandLines() {}

  /// What was asked of one of these commands.
  public record Asked(
      boolean help, boolean json, boolean origin, Optional<Path> cwd, SettingsFlags settings) {}

  /// `config show`.
  ///
  /// @throws UsageError if it was used wrongly
  public static Asked config(List<String> arguments) throws UsageError {
    if (arguments.isEmpty()) {
      throw new UsageError("config: what? use orchestrator config show");
    }
    if (arguments.getFirst().startsWith("-")) {
      var asked = parse("config", CONFIG, arguments);
      if (asked.help()) {
        return asked;
      }
    }
    if (!arguments.getFirst().equals("show")) {
      throw new UsageError(
          "config: '%s' is not known; use orchestrator config show"
              .formatted(arguments.getFirst()));
    }
    return parse("config", CONFIG, arguments.subList(1, arguments.size()));
  }

  /// `instructions`.
  ///
  /// @throws UsageError if it was used wrongly
  public static Asked instructions(List<String> arguments) throws UsageError {
    return parse("instructions", INSTRUCTIONS, arguments);
  }

  private static Asked parse(String command, List<Option> options, List<String> arguments)
      throws UsageError {
    var given = Arguments.parse(CommandLines.NAME + " " + command, options, arguments);
    if (!given.words().isEmpty()) {
      throw new UsageError(
          "%s: '%s' is not expected; see %s %s --help"
              .formatted(command, given.words().getFirst(), CommandLines.NAME, command));
    }
    var cwd = AccessFlags.paths(given, CallCommandLines.CWD);
    return new Asked(
        given.wantsHelp(),
        given.has(CallCommandLines.JSON.name()),
        given.has(ORIGIN.name()),
        cwd.stream().findFirst(),
        SettingsFlags.of(given));
  }
}
