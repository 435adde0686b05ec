package dev.orchestrator.engine.patch;

import java.nio.file.Path;
import java.util.ArrayList;

/// The command `apply-patch`: part after part, each on the files as the one before has left them.
/// When one fails, those before it stay.
public final class PatchProgram {
  private static final int FAILED = 1;

  private PatchProgram() {}

  /// How it ended.
  ///
  /// @param exitCode 0, or 1 if it failed
  /// @param out for standard output
  /// @param err for standard error
  public record Ended(int exitCode, String out, String err) {}

  /// Applies a patch. Blocks on the disk.
  ///
  /// @param directory where its relative paths start; absolute
  public static Ended run(String patch, Path directory) {
    try {
      return new Ended(0, apply(Patch.parse(patch), directory).text(), "");
    } catch (PatchException e) {
      return new Ended(FAILED, "", e.getMessage() + "\n");
    }
  }

  private static PatchResult apply(Patch patch, Path directory) throws PatchException {
    if (patch.hunks().isEmpty()) {
      throw PatchException.failed(PatchPlan.NOTHING);
    }
    var changes = new Changes(directory, Naming.AS_WRITTEN);
    var made = new ArrayList<FileChange>();
    for (var hunk : patch.hunks()) {
      var change = changes.of(hunk, new FileView());
      change.make(Naming.AS_WRITTEN);
      // What stood in it is not needed any more, and there may be many.
      made.add(change.withoutContent());
    }
    return new PatchResult(made);
  }
}
