package dev.orchestrator.app.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;

/// The folder everything is measured in; deleted when the run ends, however it ends.
final class Workplace implements AutoCloseable {
  /// The largest flood is kept twice, ours and the one beside it, and the rest is small.
  private static final long NEEDED_BYTES = 6L << 30;

  private final Path folder;

  /// Makes the folder, empty.
  ///
  /// @throws IOException if the disk has too little room
  Workplace(Path folder) throws IOException {
    this.folder = Files.createDirectories(folder);
    var free = Files.getFileStore(folder).getUsableSpace();
    if (free < NEEDED_BYTES) {
      throw new IOException(
          "%d MiB are free at %s, and %d are needed; make room"
              .formatted(free >> 20, folder, NEEDED_BYTES >> 20));
    }
    empty();
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  Path folder() {
    return folder;
  }

  /// What measured programs see: the same everywhere, and nothing that could change their ways.
  List<String> environment() {
    return List.of(
        "PATH=" + System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
        "LC_ALL=C.UTF-8",
        "HOME=" + folder,
        "ORCHESTRATOR_HOME=" + folder.resolve("home"),
        "ORCHESTRATOR_RUNS=" + folder.resolve("runs"));
  }

  /// Deletes everything in the folder, so that one measurement does not fill the next one's disk.
  void empty() {
    delete(folder, false);
  }

  /// Deletes one file or folder.
  void delete(String name) {
    delete(folder.resolve(name), true);
  }

  private static void delete(Path what, boolean itself) {
    if (!Files.exists(what)) {
      return;
    }
    try (var found = Files.walk(what)) {
      for (var path : found.sorted(Comparator.reverseOrder()).toList()) {
        if (itself || !path.equals(what)) {
          Files.deleteIfExists(path);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Deletes the folder.
  void remove() {
    delete(folder, true);
  }

  @Override
  public void close() {
    remove();
  }
}
