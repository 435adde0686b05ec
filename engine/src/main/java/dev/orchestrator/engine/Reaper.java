package dev.orchestrator.engine;

import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.exec.Tree.Reaped;
import dev.orchestrator.engine.posix.Processes.Snapshot;
import dev.orchestrator.engine.record.LiveRun;
import dev.orchestrator.engine.record.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Ends what killed runs have left, from the notes they left.
///
/// Only processes that carry a dead run's mark, or that its note names by number and start time,
/// and their descendants; a run whose orchestrator is alive is left alone.
public final class Reaper {
  private Reaper() {}

  /// A dead run that was found.
  public record Found(RunId run, Reaped reaped) {}

  /// Looks through all notes. Blocks until everything found is ended.
  ///
  /// @param notes the folder of notes
  public static List<Found> reap(Path notes) throws IOException {
    var found = new ArrayList<Found>();
    for (var file : LiveRun.all(notes)) {
      found.addAll(reapOne(file));
    }
    return found;
  }

  private static void closeManifest(LiveRun run, Reaped reaped) {
    if (run.folder() == null) {
      return;
    }
    try {
      Manifest.closeDead(
          run.folder().resolve("manifest.json"), reaped.killed(), reaped.survivors());
    } catch (IOException e) {
      // The run's folder may have been deleted or be unwritable; its processes are what matters.
      log().log(System.Logger.Level.WARNING, "no manifest of run {0}: {1}", run.run(), e);
    }
  }

  /// Looks at one note.
  ///
  /// @return the run it is about, if that is dead
  public static List<Found> reapOne(Path file) throws IOException {
    LiveRun run;
    try {
      run = LiveRun.read(file);
    } catch (IOException broken) {
      // Notes are written in one step, so this is no note of ours, or it is gone by now.
      return List.of();
    }
    if (!run.isDead()) {
      return List.of();
    }
    var known = run.left().stream().map(Snapshot::pid).collect(Collectors.toSet());
    var reaped =
        Tree.leftBy(
                run.run().value(),
                run.isThisBoot() ? run.limitMark() : 0,
                it -> known.contains(it.pid()))
            .endLeft();
    closeManifest(run, reaped);
    if (reaped.survivors().isEmpty()) {
      Files.deleteIfExists(file);
    }
    return List.of(new Found(run.run(), reaped));
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(Reaper.class.getName());
  }
}
