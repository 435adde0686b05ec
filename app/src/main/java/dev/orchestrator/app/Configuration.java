package dev.orchestrator.app;

import dev.orchestrator.app.flags.CommandLines;
import dev.orchestrator.app.flags.SettingsFlags;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.settings.Origin;
import dev.orchestrator.engine.settings.Settings;
import dev.orchestrator.engine.settings.SettingsException;
import dev.orchestrator.engine.settings.SettingsSources;
import dev.orchestrator.engine.settings.SettingsSources.Flag;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The settings that hold where the program is started.
final class Configuration {
  private static final Path MACHINE = Path.of("/etc/codex");

  private Configuration() {}

  /// Reads them.
  ///
  /// @param cwd where the work is done; absolute
  /// @throws UsageError if they cannot be used
  static Settings load(SettingsFlags said, Invocation invocation, Path cwd) throws UsageError {
    return load(said, List.of(), invocation, cwd);
  }

  /// The same with what other options say.
  static Settings load(SettingsFlags said, List<Flag> flags, Invocation invocation, Path cwd)
      throws UsageError {
    try {
      return Settings.load(sources(said, flags, invocation, cwd));
    } catch (SettingsException e) {
      throw new UsageError(String.valueOf(e.getMessage()));
    }
  }

  private static SettingsSources sources(
      SettingsFlags said, List<Flag> flags, Invocation invocation, Path cwd) {
    var home = invocation.home();
    return SettingsSources.of(home.folder(), home.codex(), home.user(), cwd.normalize())
        .withMachine(invocation::variable, Optional.of(MACHINE))
        .withCommandLine(
            said.overrides(), flags, said.profile(), said.ignoreUserConfig(), said.strict());
  }

  /// Where the files, or `-c`, say that records of runs are kept. The variable is left to those who
  /// read it: its path is relative to the folder that the program was started in.
  static Optional<Path> runs(Settings settings) {
    var key = "orchestrator.runs_dir";
    return settings.origin(key) instanceof Origin.Environment
        ? Optional.empty()
        : settings.path(key);
  }

  /// Says what a person should know about them.
  static void warn(Settings settings, PrintStream err) {
    settings
        .warnings()
        .forEach(it -> err.println(CommandLines.NAME + ": warning: " + OsText.printable(it)));
  }
}
