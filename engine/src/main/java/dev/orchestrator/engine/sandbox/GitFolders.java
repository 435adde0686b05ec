package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Where a repository keeps its metadata (`gitrepository-layout(5)`).
///
/// @param own the work tree's own folder (`git rev-parse --git-dir`)
/// @param common what all work trees share (`--git-common-dir`); the same unless it is linked
record GitFolders(Path own, Path common) {
  /// Of the metadata, what stays protected when committing is allowed: what git runs, or what tells
  /// it where to find that. A commit writes none of these folders.
  static final List<String> FOLDERS = List.of("hooks", "modules", "worktrees");

  static final List<String> FILES = List.of("config", "config.worktree");
  static final List<String> POINTERS = List.of("gitdir", "info/attributes");

  /// Says where the shared part of the metadata is; in the main work tree there is none, and one
  /// that says `.` changes nothing but keeps others from saying something else.
  static final String COMMON = "commondir";

  /// All of the names above.
  static final List<String> KEPT =
      Stream.of(FOLDERS, FILES, POINTERS, List.of(COMMON)).flatMap(List::stream).toList();

  private static final String POINTER = "gitdir:";

  /// A pointer is one short line; more is not one.
  private static final int MOST_BYTES = 4096 + 64;

  /// The metadata behind a `.git`, whether it is the folder itself or a file that points to it.
  ///
  /// @return empty if there is none
  static Optional<GitFolders> behind(Path dotGit) {
    if (Files.isDirectory(dotGit)) {
      return folders(dotGit);
    }
    return line(dotGit)
        .filter(it -> it.startsWith(POINTER))
        .flatMap(it -> resolve(dotGit.resolveSibling("."), it.substring(POINTER.length()).strip()))
        .flatMap(GitFolders::folders);
  }

  /// The metadata of the repository that a folder is in.
  ///
  /// @return empty if it is in none
  static Optional<GitFolders> around(Path folder) {
    for (var it = folder; it != null; it = it.getParent()) {
      var found = behind(it.resolve(".git"));
      if (found.isPresent() && Files.exists(found.get().own().resolve("HEAD"))) {
        return found;
      }
    }
    return Optional.empty();
  }

  /// Whether a path is among what a commit may write.
  boolean isWrittenByCommit(Path path) {
    return isWritten(own, path) || isWritten(common, path);
  }

  private static boolean isWritten(Path folder, Path path) {
    return path.startsWith(folder)
        && !path.equals(folder)
        && KEPT.stream().noneMatch(it -> path.startsWith(folder.resolve(it)));
  }

  Opening.GitMetadata opening() {
    return new Opening.GitMetadata(common, own);
  }

  private static Optional<GitFolders> folders(Path folder) {
    try {
      var own = folder.toRealPath();
      var common = line(own.resolve(COMMON)).flatMap(it -> resolve(own, it)).orElse(own);
      return Optional.of(new GitFolders(own, common));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  private static Optional<Path> resolve(Path base, String name) {
    try {
      return Optional.of(base.resolve(name).toRealPath());
    } catch (IOException | InvalidPathException _) {
      return Optional.empty();
    }
  }

  private static Optional<String> line(Path file) {
    try {
      if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST_BYTES) {
        return Optional.empty();
      }
      return Files.readString(file).lines().findFirst();
    } catch (IOException _) {
      return Optional.empty();
    }
  }
}
