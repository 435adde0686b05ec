package dev.orchestrator.app;

import dev.orchestrator.app.flags.AccessFlags;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.approval.Grants;
import dev.orchestrator.engine.approval.Judge;
import dev.orchestrator.engine.approval.Policy;
import dev.orchestrator.engine.approval.QuestionLog;
import dev.orchestrator.engine.approval.Rulebook;
import dev.orchestrator.engine.approval.Setting;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.record.RunFolder;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinements;
import dev.orchestrator.engine.sandbox.Sandboxes;
import dev.orchestrator.engine.sandbox.Sandboxes.Surroundings;
import dev.orchestrator.engine.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How calls are judged in one folder: policy, rules, remembered answers, confinement.
///
/// @param directory absolute
/// @param addDirs further folders that the command line opens; absolute
/// @param backend what is to hold confined commands; empty for the best one
record Access(
    Path directory,
    List<Path> addDirs,
    Setting setting,
    Rulebook rules,
    Grants grants,
    QuestionLog log,
    String backend) {
  private static final String WRITING = "sandbox_workspace_write.";

  /// Gathers it.
  ///
  /// @param records where runs are kept
  /// @throws UsageError if a file of rules cannot be used
  /// @throws IOException if one cannot be read
  static Access open(
      AccessFlags flags,
      Settings settings,
      Invocation invocation,
      Path directory,
      Path records,
      RunId run,
      String task)
      throws UsageError, IOException {
    var level = level(flags, settings);
    check(flags, level, directory);
    var home = invocation.home();
    var workspace = RunFolder.workTree(directory).orElse(directory);
    var confinement =
        Confinements.of(
            level,
            directory,
            settings.paths(WRITING + "writable_roots").orElse(List.of()),
            flags.addDirs(),
            flags.network() || (level == Level.WORKSPACE_WRITE && isOn(settings, "network_access")),
            !isOn(settings, "exclude_slash_tmp"),
            isOn(settings, "exclude_tmpdir_env_var")
                ? Optional.empty()
                : invocation.said("TMPDIR").map(Path::of),
            level == Level.DANGER_FULL_ACCESS ? List.of() : untouchable(home, records));
    return new Access(
        directory,
        flags.addDirs().stream().map(directory::resolve).toList(),
        new Setting(policy(flags, settings), confinement, workspace, run, task),
        Rules.load(flags, invocation, workspace),
        new Grants(home.approvals()),
        QuestionLog.of(home.folder().resolve("questions"), workspace),
        backend(settings));
  }

  /// The command line's word, or else that of the settings, or else what the command presets.
  private static Level level(AccessFlags flags, Settings settings) {
    return flags.levelKey().isEmpty()
        ? flags.level()
        : settings.text(flags.levelKey()).flatMap(AccessFlags::level).orElse(flags.level());
  }

  private static Policy policy(AccessFlags flags, Settings settings) {
    return flags.policySaid() ? flags.policy() : Policy.parse(settings.approvalPolicy());
  }

  private static boolean isOn(Settings settings, String key) {
    return settings.flag(WRITING + key).orElse(false);
  }

  /// What is to hold confined commands; empty for the best one.
  static String backend(Settings settings) {
    return settings.text("orchestrator.sandbox_backend").orElse("");
  }

  /// What is below the homes is protected with them: a command that could write there could set its
  /// own rules.
  private static List<Path> untouchable(Home home, Path records) {
    var codex = home.codex();
    return records.startsWith(home.folder())
        ? List.of(home.folder(), codex)
        : List.of(home.folder(), codex, records);
  }

  /// @throws UsageError if a folder that is to be opened is none
  private static void check(AccessFlags flags, Level level, Path directory) throws UsageError {
    for (var it : flags.addDirs()) {
      if (level == Level.READ_ONLY) {
        throw new UsageError(
            "--add-dir: nothing may be written at read-only; add --sandbox workspace-write");
      }
      if (!Files.isDirectory(directory.resolve(it))) {
        throw new UsageError("--add-dir: %s is no folder; name one that is there".formatted(it));
      }
    }
  }

  Judge judge() {
    return new Judge(setting, rules, grants);
  }

  /// What the sandbox is looked for with.
  Surroundings surroundings(Invocation invocation) {
    return surroundings(invocation, setting.confinement().writable(), backend);
  }

  static Surroundings surroundings(Invocation invocation, List<Path> distrusted, String backend) {
    return new Surroundings(
        Optional.ofNullable(invocation.variable("PATH")).orElse("/usr/bin:/bin"),
        distrusted,
        backend);
  }

  /// @throws UsageError if the environment asks for a backend that does not exist
  Sandboxes.Probe probe(Invocation invocation) throws UsageError {
    try {
      return Sandboxes.probe(surroundings(invocation));
    } catch (IllegalArgumentException e) {
      throw new UsageError(String.valueOf(e.getMessage()));
    }
  }
}
