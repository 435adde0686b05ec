package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// What a confinement denies, and the smallest opening that would allow it.
///
/// @param confinement what the command was held to
/// @param environment what the command got
record Denials(Confinement confinement, Map<String, String> environment) {
  private static final int FILE_TYPE = 0xf000;
  private static final int SOCKET = 0xc000;

  /// Whether the confinement, and nothing else, keeps a path from being written.
  boolean deniesWriting(Path path) {
    return !allowsWriting(path) && couldBeWritten(path);
  }

  private boolean allowsWriting(Path path) {
    if (path.startsWith("/proc") || path.startsWith("/dev") || path.startsWith("/sys")) {
      return true; // Not the file system's, so nothing a path could open.
    }
    for (var it : confinement.openings()) {
      if (it instanceof Opening.WritablePath(var open) && path.startsWith(open)) {
        return true;
      }
      if (it instanceof Opening.GitMetadata(var common, var own)
          && new GitFolders(own, common).isWrittenByCommit(path)) {
        return true;
      }
    }
    return confinement.level() == Level.WORKSPACE_WRITE
        && confinement.writable().stream().anyMatch(path::startsWith)
        && confinement.writable().stream().noneMatch(it -> isProtectedIn(it, path))
        && metadataAround(path).isEmpty();
  }

  private static boolean isProtectedIn(Path root, Path path) {
    return path.startsWith(root)
        && !path.equals(root)
        && Confinement.PROTECTED.contains(path.getName(root.getNameCount()).toString());
  }

  /// The metadata that a `.git` file in a writable root points to and that a path lies in.
  private Optional<GitFolders> metadataAround(Path path) {
    for (var root : confinement.writable()) {
      var dotGit = root.resolve(".git");
      var behind =
          Files.isRegularFile(dotGit, LinkOption.NOFOLLOW_LINKS)
              ? GitFolders.behind(dotGit)
              : Optional.<GitFolders>empty();
      if (behind.isPresent()
          && (path.startsWith(behind.get().own()) || path.startsWith(behind.get().common()))) {
        return behind;
      }
    }
    return Optional.empty();
  }

  /// Whether this user could write it, or make it, if nothing held it.
  private static boolean couldBeWritten(Path path) {
    var existing = nearestExisting(path);
    return Files.isWritable(existing) && (existing.equals(path) || Files.isDirectory(existing));
  }

  private static Path nearestExisting(Path path) {
    var it = path;
    while (!Files.exists(it, LinkOption.NOFOLLOW_LINKS)) {
      var parent = it.getParent();
      if (parent == null) {
        return it;
      }
      it = parent;
    }
    return it;
  }

  /// The smallest opening with which a path can be written: a bundle if the path belongs to one,
  /// the path itself if it is there, else the folder it is to be made in.
  Opening toWrite(Path path, Path cwd) {
    var bundle = Bundles.around(path, cwd, environment);
    if (bundle.isPresent()) {
      return bundle.get();
    }
    if (Files.exists(path)) {
      return new Opening.WritablePath(path);
    }
    var folder = nearestExisting(path);
    // In a place like the home folder itself, only the folder that is to be made there, and not
    // everything beside it. What is to be made may be a file, which cannot be opened before it is.
    var below = path.getNameCount() - folder.getNameCount();
    return new Opening.WritablePath(
        isWide(folder) && below > 1 ? folder.resolve(path.getName(folder.getNameCount())) : folder);
  }

  private boolean isWide(Path folder) {
    return folder.getNameCount() <= 1
        || folder.equals(Path.of(environment.getOrDefault("HOME", "/")))
        || confinement.writable().contains(folder);
  }

  /// Whether the network beyond this machine is closed.
  boolean deniesNetwork() {
    return !confinement.network() && !confinement.openings().contains(new Opening.Network());
  }

  /// Whether programs of this machine that wait at a port are out of reach.
  boolean deniesLocalhost() {
    return deniesNetwork() && !confinement.openings().contains(new Opening.Localhost());
  }

  /// Whether there is a unix socket at a path that the command may not connect to.
  boolean deniesSocket(Path path) {
    return isSocket(path)
        && confinement.openings().stream()
            .noneMatch(it ->
                it instanceof Opening.UnixSocket(var open)
                    && Confinements.real(open).equals(Confinements.real(path)));
  }

  private static boolean isSocket(Path path) {
    try {
      return ((int) Files.getAttribute(path, "unix:mode") & FILE_TYPE) == SOCKET;
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }
}
