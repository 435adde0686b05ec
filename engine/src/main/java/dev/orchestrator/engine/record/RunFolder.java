package dev.orchestrator.engine.record;

import dev.orchestrator.engine.event.RunId;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where a run is kept.
///
/// ```
/// <root>/.gitignore            hides everything below
/// <root>/<task>/metrics.json   numbers over all runs of the task
/// <root>/<task>/cli/<run>/     manifest.json  events.jsonl  spool/
/// <root>/../out/<task>/        state.json, when a task was named
/// ```
///
/// @param root the folder of all runs, `.runs` in a git work tree
/// @param task the label that groups runs
public record RunFolder(Path root, String task, RunId run) {
  private static final int LONGEST_TASK_CHARS = 64;

  /// The folder of runs for a working directory: `.runs` at the root of its git work tree, or
  /// `runs` in the orchestrator's home outside of one.
  ///
  /// @param home the orchestrator's home
  public static Path rootFor(Path directory, Path home) {
    return workTree(directory).map(it -> it.resolve(".runs")).orElse(home.resolve("runs"));
  }

  /// The root of the git work tree a folder is in, if it is in one.
  public static Optional<Path> workTree(Path directory) {
    for (var folder = directory; folder != null; folder = folder.getParent()) {
      var git = folder.resolve(".git");
      // As git itself: an empty folder of that name, such as a sandbox puts there, is no
      // repository.
      if (Files.isRegularFile(git) || Files.exists(git.resolve("HEAD"))) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }

  /// The task of runs in a folder when nobody names one: the name of the repository's folder.
  public static String taskFor(Path directory) {
    var name = workTree(directory).orElse(directory).getFileName();
    var clean = (name == null ? "root" : name.toString()).replaceAll("[^A-Za-z0-9._-]", "-");
    var task = clean.substring(0, Math.min(clean.length(), LONGEST_TASK_CHARS));
    return isTask(task) ? task : "task";
  }

  /// Whether a text can name a task: 1 to 64 letters, digits, `.`, `_` or `-`, and no leading dot.
  public static boolean isTask(String text) {
    return text.matches("[A-Za-z0-9_-][A-Za-z0-9._-]{0," + (LONGEST_TASK_CHARS - 1) + "}");
  }

  /// Makes the folders of this run.
  ///
  /// @throws IOException if that is not possible; the message names the folder and the way out
  public void create() throws IOException {
    try {
      Files.createDirectories(folder().getParent());
      Files.createDirectory(folder());
      var ignore = root.resolve(".gitignore");
      if (!Files.exists(ignore)) {
        Files.writeString(ignore, "*\n");
      }
    } catch (IOException e) {
      throw new IOException(
          "cannot keep this run's record in %s: %s; pass --runs-dir DIR or --ephemeral"
              .formatted(root, reason(e)),
          e);
    }
  }

  private static String reason(IOException e) {
    return switch (e) {
      case FileSystemException it when it.getReason() != null -> it.getReason();
      case java.nio.file.AccessDeniedException it -> "permission denied: " + it.getFile();
      case java.nio.file.FileAlreadyExistsException it -> it.getFile() + " is in the way";
      default -> String.valueOf(e.getMessage());
    };
  }

  /// The folder of this run.
  public Path folder() {
    return root.resolve(task).resolve("cli").resolve(run.value());
  }

  public Path manifest() {
    return folder().resolve("manifest.json");
  }

  public Path journal() {
    return folder().resolve("events.jsonl");
  }

  public Path spool() {
    return folder().resolve("spool");
  }

  public Path metrics() {
    return root.resolve(task).resolve("metrics.json");
  }

  /// The last summary of a named task.
  public Path state() {
    return root.resolveSibling("out").resolve(task).resolve("state.json");
  }
}
