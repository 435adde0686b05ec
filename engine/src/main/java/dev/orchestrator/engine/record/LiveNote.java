package dev.orchestrator.engine.record;

import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.Processes.Snapshot;
import dev.orchestrator.engine.record.LiveRun.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps this run's [LiveRun] note while it is under way.
///
/// A note that cannot be written is done without: the run itself is not affected, only the finding
/// of its processes after a `kill -9`.
///
/// Confined to the thread that runs the command.
public final class LiveNote implements AutoCloseable {
  private final Optional<Path> file;
  private final RunId run;
  private final @Nullable Path folder;
  private final String bootId = Processes.bootId();
  private final Identity self = Identity.of(Processes.self());
  private final long limitMark;
  private List<Identity> noted = List.of();

  /// Leaves a note that knows no processes yet.
  ///
  /// @param file where; empty to leave none
  /// @param limitMark the number that marks the run's processes; 0 if there is none
  public LiveNote(Optional<Path> file, RunId run, long limitMark, @Nullable Path folder) {
    this.file = file;
    this.run = run;
    this.limitMark = limitMark;
    this.folder = folder;
    write();
  }

  /// Names the run's processes, if they are not the ones named already.
  public void update(List<Snapshot> processes) {
    var identities = processes.stream().map(Identity::of).toList();
    if (!identities.equals(noted)) {
      noted = identities;
      write();
    }
  }

  private void write() {
    if (file.isEmpty()) {
      return;
    }
    try {
      new LiveRun(run, bootId, self, limitMark, noted, folder).write(file.get());
    } catch (IOException e) {
      log().log(System.Logger.Level.WARNING, "no note of this run is left: {0}", e);
    }
  }

  /// Takes the note away.
  @Override
  public void close() {
    try {
      if (file.isPresent()) {
        Files.deleteIfExists(file.get());
      }
    } catch (IOException e) {
      log().log(System.Logger.Level.WARNING, "the note stays behind: {0}", e);
    }
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(LiveNote.class.getName());
  }
}
