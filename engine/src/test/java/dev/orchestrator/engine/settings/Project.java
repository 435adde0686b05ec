package dev.orchestrator.engine.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A user with a project, in a folder.
record Project(Path folder) {
  Path home() {
    return folder.resolve("home");
  }

  Path codexHome() {
    return folder.resolve("codex");
  }

  Path root() {
    return folder.resolve("project");
  }

  Path cwd() {
    return folder.resolve("project/a/b");
  }

  static Project in(Path folder) throws IOException {
    var project = new Project(folder);
    for (var it : List.of(project.home(), project.codexHome(), project.cwd())) {
      Files.createDirectories(it);
    }
    write(project.root().resolve(".git/HEAD"), "ref");
    return project;
  }

  static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, text);
  }

  Path codex(String text) throws IOException {
    return write(codexHome().resolve("config.toml"), text);
  }

  /// With the project marked as trusted as well.
  Path trusting(String text) throws IOException {
    return codex(text + "\n[projects.\"%s\"]\ntrust_level = \"trusted\"\n".formatted(root()));
  }

  Path ours(String text) throws IOException {
    return write(home().resolve("config.toml"), text);
  }

  Path rootCodex(String text) throws IOException {
    return write(root().resolve(".codex/config.toml"), text);
  }

  SettingsSources sources() {
    return SettingsSources.of(home(), codexHome(), folder, cwd());
  }

  Settings load() throws SettingsException {
    return Settings.load(sources());
  }

  Settings load(String... overrides) throws SettingsException {
    return Settings.load(
        sources().withCommandLine(List.of(overrides), List.of(), Optional.empty(), false, false));
  }

  Settings strictly() throws SettingsException {
    return Settings.load(
        sources().withCommandLine(List.of(), List.of(), Optional.empty(), false, true));
  }

  Settings with(Map<String, String> environment) throws SettingsException {
    return Settings.load(sources().withMachine(environment::get, Optional.empty()));
  }
}
