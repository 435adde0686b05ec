package dev.orchestrator.app.flags;

import java.util.List;
import java.util.Optional;

/// What the command line says about settings.
///
/// @param overrides values of `-c`, as they were typed
/// @param profile name of a profile
/// @param ignoreUserConfig whether the user's files are left out
/// @param strict whether unknown keys are errors
public record SettingsFlags(
    List<String> overrides, Optional<String> profile, boolean ignoreUserConfig, boolean strict) {
  /// Nothing.
  public static final SettingsFlags NONE =
      new SettingsFlags(List.of(), Optional.empty(), false, false);

  /// The same without the user's files.
  public static final SettingsFlags IGNORING =
      new SettingsFlags(List.of(), Optional.empty(), true, false);

  static final Option OVERRIDE =
      Option.values("KEY=VALUE", "Set a key of the settings; repeatable.", "-c", "--config");
  static final Option PROFILE =
      Option.value("NAME", "Read NAME.config.toml in Codex's home, too.", "-p", "--profile");
  static final Option IGNORE =
      Option.flag("Leave the user's files of settings out.", "--ignore-user-config");
  static final Option STRICT = Option.flag("Take unknown keys for errors.", "--strict-config");

  static final List<Option> OPTIONS = List.of(OVERRIDE, PROFILE, IGNORE, STRICT);

  static SettingsFlags of(Arguments given) {
    return new SettingsFlags(
        List.copyOf(given.values(OVERRIDE.name())),
        given.value(PROFILE.name()),
        given.has(IGNORE.name()),
        given.has(STRICT.name()));
  }
}
