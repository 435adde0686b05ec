package dev.orchestrator.app;

import dev.orchestrator.app.flags.AccessFlags;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.approval.Grants;
import dev.orchestrator.engine.approval.Judge;
import dev.orchestrator.engine.approval.QuestionLog;
import dev.orchestrator.engine.approval.Rulebook;
import dev.orchestrator.engine.approval.Setting;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.plan.Plans;
import dev.orchestrator.engine.record.RunFolder;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinements;
import dev.orchestrator.engine.sandbox.Sandboxes;
import dev.orchestrator.engine.sandbox.Sandboxes.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How calls are judged in one folder: policy, rules, remembered answers, confinement.
///
/// @param directory absolute
record Access(Path directory, Setting setting, Rulebook rules, Grants grants, QuestionLog log) {

  /// Gathers it.
  ///
  /// @param records where runs are kept
  /// @throws UsageError if a file of rules cannot be used
  /// @throws IOException if one cannot be read
  static Access open(
      AccessFlags flags, Home home, Path directory, Path records, RunId run, String task)
      throws UsageError, IOException {
    check(flags, directory);
    var workspace = RunFolder.workTree(directory).orElse(directory);
    var level = flags.level();
    var confinement =
        Confinements.of(
            level,
            directory,
            List.of(),
            flags.addDirs(),
            flags.network(),
            true,
            Optional.ofNullable(System.getenv("TMPDIR")).filter(it -> !it.isEmpty()).map(Path::of),
            level == Level.DANGER_FULL_ACCESS ? List.of() : untouchable(home, records));
    return new Access(
        directory,
        new Setting(flags.policy(), confinement, workspace, run, task),
        Rules.load(flags, workspace),
        new Grants(home.approvals()),
        QuestionLog.of(home.folder().resolve("questions"), workspace));
  }

  /// What is below the home is protected with it.
  private static List<Path> untouchable(Home home, Path records) {
    return records.startsWith(home.folder())
        ? List.of(home.folder())
        : List.of(home.folder(), records);
  }

  /// @throws UsageError if a folder that is to be opened is none
  private static void check(AccessFlags flags, Path directory) throws UsageError {
    for (var it : flags.addDirs()) {
      if (flags.level() == Level.READ_ONLY) {
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

  /// Understands commands with the environment that they would get.
  static Plans plans() {
    return new Plans(System::getenv);
  }

  /// What the sandbox is looked for with.
  Surroundings surroundings() {
    return surroundings(setting.confinement().writable());
  }

  static Surroundings surroundings(List<Path> distrusted) {
    return new Surroundings(
        Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin"),
        distrusted,
        Optional.ofNullable(System.getenv(Sandboxes.CHOICE)).orElse(""));
  }

  /// @throws UsageError if the environment asks for a backend that does not exist
  Sandboxes.Probe probe() throws UsageError {
    try {
      return Sandboxes.probe(surroundings());
    } catch (IllegalArgumentException e) {
      throw new UsageError(String.valueOf(e.getMessage()));
    }
  }
}
