package dev.orchestrator.engine.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Where layers of settings come from. Immutable; nothing is read before [Settings#load].
///
/// @param home the orchestrator's home
/// @param codexHome Codex's home
/// @param userHome what `~/` stands for
/// @param machine a folder with a `config.toml` for everybody on this machine, below all others
/// @param cwd where the work is done; absolute
/// @param overrides what was given with `-c`, as it was typed, later ones win
/// @param flags what options of the command line say; above everything
/// @param environment looks up a variable; null if it is not set
/// @param profile name of the profile whose file `NAME.config.toml` in Codex's home counts
/// @param ignoreUserConfig whether the user's files are left out, trust in projects included
/// @param strict whether unknown keys, and keys that a project may not set, are errors
public record SettingsSources(
    Path home,
    Path codexHome,
    Path userHome,
    Optional<Path> machine,
    Path cwd,
    List<String> overrides,
    List<Flag> flags,
    Function<String, @Nullable String> environment,
    Optional<String> profile,
    boolean ignoreUserConfig,
    boolean strict) {
  public SettingsSources {
    overrides = List.copyOf(overrides);
    flags = List.copyOf(flags);
  }

  /// What an option of the command line says.
  ///
  /// @param option as it is typed
  /// @param key dotted
  /// @param value a text, a `Long`, a `Boolean` or a list of texts
  public record Flag(String option, String key, Object value) {}

  /// The files only: nothing on the command line, in the environment or for the whole machine.
  public static SettingsSources of(Path home, Path codexHome, Path userHome, Path cwd) {
    return new SettingsSources(
        home,
        codexHome,
        userHome,
        Optional.empty(),
        cwd,
        List.of(),
        List.of(),
        _ -> null,
        Optional.empty(),
        false,
        false);
  }

  /// The same with what the command line says.
  public SettingsSources withCommandLine(
      List<String> overrides,
      List<Flag> flags,
      Optional<String> profile,
      boolean ignoreUserConfig,
      boolean strict) {
    return new SettingsSources(
        home,
        codexHome,
        userHome,
        machine,
        cwd,
        overrides,
        flags,
        environment,
        profile,
        ignoreUserConfig,
        strict);
  }

  /// The same with the environment and the machine's folder.
  public SettingsSources withMachine(
      Function<String, @Nullable String> environment, Optional<Path> machine) {
    return new SettingsSources(
        home,
        codexHome,
        userHome,
        machine,
        cwd,
        overrides,
        flags,
        environment,
        profile,
        ignoreUserConfig,
        strict);
  }
}
