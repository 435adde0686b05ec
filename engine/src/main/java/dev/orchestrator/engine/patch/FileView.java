package dev.orchestrator.engine.patch;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The files as they would be with some changes made, and as they are but for those. Confined to
/// one thread.
final class FileView {
  /// Empty for a file that is gone.
  private final Map<Path, Optional<String>> changed = new HashMap<>();

  private final Map<Path, Disk.Stamp> seen = new LinkedHashMap<>();

  /// What was found on the disk, each path as it was when it was first looked at.
  Map<Path, Disk.Stamp> seen() {
    return seen;
  }

  /// Makes a change here, not on the disk.
  void make(FileChange it) {
    changed.put(it.path(), Optional.empty());
    if (it.kind() != FileChange.Kind.DELETE) {
      changed.put(it.target(), Optional.of(it.after()));
    }
  }

  /// @throws IOException if that cannot be told
  FileKind kind(Path path) throws IOException {
    var known = changed.get(path);
    if (known != null && known.isPresent()) {
      return FileKind.FILE;
    }
    for (var it : changed.entrySet()) {
      if (it.getValue().isPresent() && it.getKey().startsWith(path)) {
        return FileKind.FOLDER;
      }
    }
    if (known != null) {
      return FileKind.NOTHING;
    }
    var stamp = Disk.stamp(path);
    seen.putIfAbsent(path, stamp);
    return stamp.kind();
  }

  /// @throws IOException if it is no file of text, or cannot be read
  String read(Path file) throws IOException {
    requireFile(file);
    var known = changed.get(file);
    return known != null && known.isPresent() ? known.get() : Disk.read(file);
  }

  private void requireFile(Path path) throws IOException {
    switch (kind(path)) {
      case NOTHING -> {
        // The JDK does not tell a file in the way from a missing one.
        requireFolders(path);
        throw new NoSuchFileException(path.toString());
      }
      case FILE -> {}
      case FOLDER -> throw new IOException("Is a directory (os error 21)");
      case LINK -> throw new IOException("it is a symbolic link; name the file that it points to");
      case OTHER -> throw new IOException("it is no regular file");
    }
  }

  /// Makes sure that a file can stand here, as far as that can be told before it is written.
  ///
  /// @throws IOException if it cannot
  void requireRoom(Path file) throws IOException {
    if (kind(file) != FileKind.NOTHING) {
      requireFile(file);
      if (!changed.containsKey(file) && !Files.isWritable(file)) {
        throw new AccessDeniedException(file.toString());
      }
    }
  }

  /// Makes sure that folders can be made for a file.
  ///
  /// @throws IOException if something else stands in the way
  void requireFolders(Path file) throws IOException {
    for (var it = file.getParent(); it != null; it = it.getParent()) {
      var known = changed.get(it);
      if (known != null && known.isPresent()) {
        throw new NotDirectoryException(it.toString());
      }
      if (known == null && Files.exists(it, LinkOption.NOFOLLOW_LINKS)) {
        if (!Files.isDirectory(it)) {
          throw new NotDirectoryException(it.toString());
        }
        return;
      }
    }
  }
}
