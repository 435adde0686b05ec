package dev.orchestrator.engine.record;

import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.Processes.Snapshot;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The note that a run is under way, so that whoever comes later can end what it left running if it
/// was killed.
///
/// It names processes by number and start time within one boot of the system, which no other
/// process ever shares.
///
/// @param orchestrator the process that runs it
/// @param limitMark the number that marks its processes; 0 if there is none
/// @param children processes known to be its own
/// @param folder where its record is kept; null for an ephemeral run
public record LiveRun(
    RunId run,
    String bootId,
    Identity orchestrator,
    long limitMark,
    List<Identity> children,
    @Nullable Path folder) {
  public LiveRun {
    children = List.copyOf(children);
  }

  /// One process of one boot of the system.
  ///
  /// @param startTicks when it started, in clock ticks since boot
  public record Identity(long pid, long startTicks) {
    /// The identity of a process that was looked at.
    public static Identity of(Snapshot process) {
      return new Identity(process.pid(), process.startTicks());
    }

    /// The process, if it is still there.
    public Optional<Snapshot> find() {
      return Processes.find(pid).filter(it -> it.startTicks() == startTicks && !it.isEnded());
    }
  }

  /// Whether it was under way in this boot of the system.
  public boolean isThisBoot() {
    return bootId.equals(Processes.bootId());
  }

  /// Whether its orchestrator is gone.
  public boolean isDead() {
    return !isThisBoot() || orchestrator.find().isEmpty();
  }

  /// Those of its known processes that are still there.
  public List<Snapshot> left() {
    return bootId.equals(Processes.bootId())
        ? children.stream().map(Identity::find).flatMap(Optional::stream).toList()
        : List.of();
  }

  /// Leaves the note.
  ///
  /// @throws IOException if it cannot be written
  public void write(Path file) throws IOException {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("run", run.value());
    document.put("boot", bootId);
    document.put("pid", orchestrator.pid());
    document.put("start", orchestrator.startTicks());
    document.put("limit_mark", limitMark);
    document.put(
        "children", children.stream().map(it -> List.of(it.pid(), it.startTicks())).toList());
    document.put("folder", folder == null ? null : folder.toString());
    AtomicFile.write(file, Json.line(document));
  }

  /// Reads a note.
  ///
  /// @throws IOException if it cannot be read or is no note
  public static LiveRun read(Path file) throws IOException {
    var document = Json.readObject(Files.readAllBytes(file));
    var children = new ArrayList<Identity>();
    if (document.get("children") instanceof List<?> list) {
      for (var child : list) {
        if (child instanceof List<?> pair && pair.size() == 2) {
          children.add(new Identity(number(pair.get(0)), number(pair.get(1))));
        }
      }
    }
    return new LiveRun(
        new RunId(text(document, "run")),
        text(document, "boot"),
        new Identity(number(document.get("pid")), number(document.get("start"))),
        document.get("limit_mark") instanceof Number it ? it.longValue() : 0,
        children,
        document.get("folder") instanceof String it ? Path.of(it) : null);
  }

  /// The notes in a folder; none if it does not exist.
  public static List<Path> all(Path folder) {
    var found = new ArrayList<Path>();
    try (DirectoryStream<Path> entries =
        Files.newDirectoryStream(folder, it -> !it.getFileName().toString().startsWith("."))) {
      entries.forEach(found::add);
    } catch (IOException _) {
      // No folder, no notes.
    }
    return found;
  }

  private static String text(Map<String, @Nullable Object> document, String name)
      throws IOException {
    if (document.get(name) instanceof String it && !it.isEmpty()) {
      return it;
    }
    throw new IOException("no " + name);
  }

  private static long number(@Nullable Object value) throws IOException {
    if (value instanceof Number it) {
      return it.longValue();
    }
    throw new IOException("not a number: " + value);
  }
}
