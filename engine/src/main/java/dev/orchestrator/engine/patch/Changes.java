package dev.orchestrator.engine.patch;

import dev.orchestrator.engine.patch.FileChange.Kind;
import dev.orchestrator.engine.patch.Patch.Hunk;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Works out what the parts of a patch change, without changing it.
///
/// `..` in a path is taken away by name, so that what is verified, approved and written is one
/// path, whatever the links on the way are made to be in the meantime.
///
/// @param directory absolute
record Changes(Path directory, Naming naming) {
  /// What one part changes.
  ///
  /// @throws PatchException if it does not fit
  FileChange of(Hunk hunk, FileView files) throws PatchException {
    var path = resolve(hunk.path());
    return switch (hunk) {
      case Hunk.AddFile it -> add(it, path, files);
      case Hunk.DeleteFile it -> delete(it, path, files);
      case Hunk.UpdateFile it -> update(it, path, files);
    };
  }

  private Path resolve(String written) throws PatchException {
    try {
      return directory.resolve(written).normalize();
    } catch (InvalidPathException e) {
      throw PatchException.failed("'%s' is no path here: %s".formatted(written, e.getReason()));
    }
  }

  private FileChange add(Hunk.AddFile it, Path path, FileView files) throws PatchException {
    var text = new StringBuilder();
    it.lines().forEach(line -> text.append(line).append('\n'));
    requireRoom(it.path(), path, files);
    return new FileChange(Kind.ADD, it.path(), path, null, textOf(path, files), text.toString());
  }

  private FileChange delete(Hunk.DeleteFile it, Path path, FileView files) throws PatchException {
    var shown = naming.name(it.path(), path);
    try {
      switch (files.kind(path)) {
        case NOTHING, FOLDER -> throw PatchException.failed("Failed to delete file " + shown);
        case FILE, LINK, OTHER -> {}
      }
    } catch (IOException _) {
      throw PatchException.failed("Failed to delete file " + shown);
    }
    return new FileChange(Kind.DELETE, it.path(), path, null, textOf(path, files), "");
  }

  private static @Nullable String textOf(Path path, FileView files) {
    try {
      return files.kind(path) == FileKind.FILE ? files.read(path) : null;
    } catch (IOException _) {
      // It is only shown, and no text can be shown of it.
      return null;
    }
  }

  private FileChange update(Hunk.UpdateFile it, Path path, FileView files) throws PatchException {
    var shown = naming.name(it.path(), path);
    String before;
    try {
      before = files.read(path);
    } catch (IOException e) {
      throw PatchException.failed(
          "Failed to read file to update %s: %s".formatted(shown, Disk.reason(e)));
    }
    var source =
        SourceText.of(before)
            .orElseThrow(() ->
                PatchException.failed(
                    "Failed to read file to update %s: it has more than %d lines"
                        .formatted(shown, Patch.MOST_LINES)));
    var after = source.with(Fitting.of(it.chunks(), source, shown));
    var name = it.movedTo() == null ? it.path() : it.movedTo();
    var target = resolve(name);
    requireRoom(name, target, files);
    return new FileChange(
        Kind.UPDATE, name, path, target.equals(path) ? null : target, before, after);
  }

  private void requireRoom(String name, Path target, FileView files) throws PatchException {
    var shown = naming.name(name, target);
    try {
      files.requireFolders(target);
    } catch (IOException e) {
      throw PatchException.failed(
          "Failed to create parent directories for %s: %s".formatted(shown, Disk.reason(e)));
    }
    try {
      files.requireRoom(target);
    } catch (IOException e) {
      throw PatchException.failed("Failed to write file %s: %s".formatted(shown, Disk.reason(e)));
    }
  }
}
