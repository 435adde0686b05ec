package dev.orchestrator.engine.patch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// What one part of a patch does to one file. Immutable.
///
/// @param kind what becomes of the file
/// @param name as the patch has it; of a file that moves, where it moves to
/// @param path absolute and normalised; links are not resolved
/// @param movedTo where the file is afterwards, also absolute; null where it was
/// @param before its content; null if there was no file, or its content is no text
/// @param after its new content; empty for one that goes
public record FileChange(
    Kind kind,
    String name,
    Path path,
    @Nullable Path movedTo,
    @Nullable String before,
    String after) {
  /// What becomes of a file.
  public enum Kind {
    ADD,
    UPDATE,
    DELETE
  }

  /// Where the new content stands.
  public Path target() {
    return movedTo == null ? path : movedTo;
  }

  /// What a person is shown: the lines that differ with three around them, in the unified format
  /// without its file names; of a file that comes or goes, its content.
  public String diff() {
    return switch (kind) {
      case ADD -> after;
      case DELETE -> before == null ? "" : before;
      case UPDATE -> UnifiedDiff.of(before == null ? "" : before, after);
    };
  }

  FileChange withoutContent() {
    return new FileChange(kind, name, path, movedTo, null, "");
  }

  /// Makes the change on the disk.
  ///
  /// @param naming what files are called in messages
  /// @throws PatchException if that is not possible
  void make(Naming naming) throws PatchException {
    var shown = naming.name(name, target());
    if (kind != Kind.DELETE) {
      try {
        // A file keeps its permissions when it moves, unless it takes the place of another.
        var like = Disk.stamp(target()).kind() == FileKind.FILE ? target() : path;
        Disk.write(target(), after, like);
      } catch (IOException e) {
        throw PatchException.failed("Failed to write file %s: %s".formatted(shown, Disk.reason(e)));
      }
    }
    if (kind == Kind.DELETE) {
      delete("Failed to delete file " + shown);
    } else if (!target().equals(path)) {
      delete("Failed to remove original " + path);
    }
  }

  private void delete(String failure) throws PatchException {
    try {
      Files.delete(path);
    } catch (IOException _) {
      throw PatchException.failed(failure);
    }
  }
}
