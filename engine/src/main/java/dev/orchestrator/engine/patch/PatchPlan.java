package dev.orchestrator.engine.patch;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// What a patch would do, verified as a whole before any of it is done. Immutable.
public final class PatchPlan {
  /// Of all the files before and after; what a plan keeps in memory.
  static final int MOST_CHARS = 24 * 1024 * 1024;

  static final String NOTHING = "No files were modified.";

  private final List<FileChange> changes;
  private final Map<Path, Disk.Stamp> seen;

  private PatchPlan(List<FileChange> changes, Map<Path, Disk.Stamp> seen) {
    this.changes = List.copyOf(changes);
    this.seen = Map.copyOf(seen);
  }

  /// Verifies a patch; changes nothing. Blocks on the disk.
  ///
  /// @param directory where its relative paths start; absolute
  /// @throws PatchException naming the first part that does not fit, files by their absolute path
  public static PatchPlan of(Patch patch, Path directory) throws PatchException {
    if (patch.hunks().isEmpty()) {
      throw PatchException.failed(NOTHING);
    }
    var files = new FileView();
    var changes = new Changes(directory, Naming.ABSOLUTE);
    var found = new ArrayList<FileChange>();
    var chars = 0L;
    for (var hunk : patch.hunks()) {
      var it = changes.of(hunk, files);
      chars += it.after().length() + (it.before() == null ? 0 : it.before().length());
      if (chars > MOST_CHARS) {
        throw PatchException.failed(
            "The patch changes files of more than %d characters in all, with %s. Split it"
                .formatted(MOST_CHARS, it.path()));
      }
      files.make(it);
      found.add(it);
    }
    return new PatchPlan(found, files.seen());
  }

  /// In the order of the patch. A file may appear more than once; its later changes build on the
  /// earlier ones.
  public List<FileChange> changes() {
    return changes;
  }

  /// Every path where a file comes, changes or goes: absolute and normalised, links not resolved.
  public Set<Path> touched() {
    var paths = new LinkedHashSet<Path>();
    for (var it : changes) {
      paths.add(it.path());
      paths.add(it.target());
    }
    return paths;
  }

  /// Makes the changes. Blocks on the disk.
  ///
  /// @throws PatchException if a file is not as it was when the patch was verified: nothing is
  ///   changed then; or if the system refuses a change: those before it stay
  public PatchResult apply() throws PatchException {
    for (var it : seen.entrySet()) {
      requireSame(it.getKey(), it.getValue());
    }
    for (var it : changes) {
      it.make(Naming.ABSOLUTE);
    }
    return new PatchResult(changes);
  }

  private static void requireSame(Path path, Disk.Stamp before) throws PatchException {
    try {
      if (Objects.equals(Disk.stamp(path), before)) {
        return;
      }
    } catch (IOException _) {
      // It could be looked at before, so it has changed.
    }
    throw PatchException.failed(
        "%s has changed since the patch was verified. Read it again and send the patch anew"
            .formatted(path));
  }
}
