package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What is mounted where, over a root that can only be read, so that a confinement holds.
///
/// Confined to one thread; used once.
final class Mounts {
  /// How a place differs from the read-only root.
  enum Kind {
    WRITABLE,
    READ_ONLY,
    HIDDEN
  }

  private final Map<Path, Kind> kinds = new TreeMap<>();
  private final Confinement confinement;
  private final Guards guards;

  private Mounts(Confinement confinement, Guards guards) {
    this.confinement = confinement;
    this.guards = guards;
  }

  /// The mounts for a confinement, outer ones first. Makes what must be there to be mounted on.
  ///
  /// @param cwd where the command runs: a folder around it is not hidden
  /// @throws IOException if a place is not what it seemed to be when it was allowed
  static Map<Path, Kind> of(Confinement confinement, Path cwd, Guards guards) throws IOException {
    return new Mounts(confinement, guards).all(cwd);
  }

  private Map<Path, Kind> all(Path cwd) throws IOException {
    if (confinement.level() == Level.WORKSPACE_WRITE) {
      for (var root : confinement.writable()) {
        if (Files.isDirectory(checked(root))) {
          kinds.put(root, Kind.WRITABLE);
        }
      }
    }
    var opened = openPaths();
    for (var root : List.copyOf(kinds.keySet())) {
      protectNamesIn(root);
    }
    openRepositories();
    opened.forEach(it -> kinds.put(it, Kind.WRITABLE));
    for (var folder : confinement.untouchable()) {
      close(folder, cwd);
    }
    dropWhatChangesNothing();
    pin();
    return kinds;
  }

  /// Openings that somebody gave by path; those that are folders count as roots as well.
  private List<Path> openPaths() throws IOException {
    var opened = new ArrayList<Path>();
    for (var it : confinement.openings()) {
      if (it instanceof Opening.WritablePath(var path)) {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
          // What shall be written and is missing can only be a folder to be made.
          Files.createDirectories(path);
        }
        opened.add(checked(path));
        if (Files.isDirectory(path) && !isProtected(path)) {
          kinds.put(path, Kind.WRITABLE);
        }
      }
    }
    return opened;
  }

  private static boolean isProtected(Path path) {
    for (var name : path) {
      if (Confinement.PROTECTED.contains(name.toString())) {
        return true;
      }
    }
    return false;
  }

  /// The path itself, if no symbolic link has come into it since it was allowed.
  static Path checked(Path path) throws IOException {
    if (Files.exists(path, LinkOption.NOFOLLOW_LINKS) && !path.toRealPath().equals(path)) {
      throw new IOException(
          "%s leads to %s through a symbolic link; allow that path itself"
              .formatted(path, path.toRealPath()));
    }
    return path;
  }

  private void protectNamesIn(Path root) throws IOException {
    for (var name : Confinement.PROTECTED) {
      var path = root.resolve(name);
      if (guards.hold(path, Optional.empty())) {
        kinds.put(path, Kind.READ_ONLY);
      } else if (Files.isSymbolicLink(path) && Files.exists(path)) {
        kinds.put(path.toRealPath(), Kind.READ_ONLY);
      }
      if (name.equals(".git") && !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        GitFolders.behind(path)
            .ifPresent(it -> {
              kinds.put(it.own(), Kind.READ_ONLY);
              kinds.put(it.common(), Kind.READ_ONLY);
            });
      }
    }
  }

  private void openRepositories() throws IOException {
    for (var it : confinement.openings()) {
      if (it instanceof Opening.GitMetadata(var common, var own)) {
        kinds.put(checked(common), Kind.WRITABLE);
        protectMetadata(common, common.equals(own));
        if (!common.equals(own)) {
          kinds.put(checked(own), Kind.WRITABLE);
          protectMetadata(own, false);
        }
      }
    }
  }

  private void protectMetadata(Path folder, boolean isMain) throws IOException {
    for (var name : GitFolders.FOLDERS) {
      protectIf(folder.resolve(name), guards.hold(folder.resolve(name), Optional.empty()));
    }
    for (var name : GitFolders.FILES) {
      protectIf(folder.resolve(name), guards.hold(folder.resolve(name), Optional.of("")));
    }
    for (var name : GitFolders.POINTERS) {
      protectIf(folder.resolve(name), Files.exists(folder.resolve(name)));
    }
    var pointer = folder.resolve(GitFolders.COMMON);
    protectIf(pointer, isMain ? guards.hold(pointer, Optional.of(".\n")) : Files.exists(pointer));
  }

  private void protectIf(Path path, boolean isThere) {
    if (isThere) {
      kinds.put(path, Kind.READ_ONLY);
    }
  }

  /// Whatever was allowed inside a folder of the orchestrator's own is not.
  private void close(Path folder, Path cwd) throws IOException {
    var nearest = nearest(folder);
    if (nearest.map(kinds::get).filter(it -> it == Kind.HIDDEN).isPresent()) {
      return;
    }
    if (!Files.exists(folder)
        && (nearest.isEmpty()
            || kinds.get(nearest.get()) != Kind.WRITABLE
            || !guards.hold(folder, Optional.empty()))) {
      return;
    }
    kinds.keySet().removeIf(it -> it.startsWith(folder));
    var canBeHidden = Files.isDirectory(folder) && !cwd.startsWith(folder);
    kinds.put(checked(folder), canBeHidden ? Kind.HIDDEN : Kind.READ_ONLY);
  }

  private void dropWhatChangesNothing() {
    for (var it : List.copyOf(kinds.entrySet())) {
      var around = nearest(it.getKey()).map(kinds::get).orElse(Kind.READ_ONLY);
      if (it.getValue() == Kind.READ_ONLY && around == Kind.READ_ONLY) {
        kinds.remove(it.getKey());
      }
    }
  }

  /// A folder between two mounts could be renamed, and its mounts would go with it; a new one in
  /// its place would have none. What is a mount itself cannot be renamed.
  private void pin() {
    for (var path : List.copyOf(kinds.keySet())) {
      var around = nearest(path);
      if (around.isPresent() && kinds.get(around.get()) == Kind.WRITABLE) {
        for (var it = path.getParent();
            it != null && !it.equals(around.get());
            it = it.getParent()) {
          kinds.putIfAbsent(it, Kind.WRITABLE);
        }
      }
    }
  }

  /// The innermost mount around a path, not at it.
  private Optional<Path> nearest(Path path) {
    for (var it = path.getParent(); it != null; it = it.getParent()) {
      if (kinds.containsKey(it)) {
        return Optional.of(it);
      }
    }
    return Optional.empty();
  }
}
