package dev.orchestrator.app;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file system in memory that is soon full. Only root can have one.
record SmallDisk(Path folder) implements AutoCloseable {

  /// Mounts one, or skips the test.
  static SmallDisk mount(Path folder) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    var mount =
        new ProcessBuilder("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(mount.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (mount.waitFor() != 0) {
      abort("needs to mount a small tmpfs, and may not: " + said);
    }
    return new SmallDisk(folder);
  }

  @Override
  public void close() throws IOException {
    try {
      // Lazily: a process that a failed test has left may still be in there.
      new ProcessBuilder("umount", "-l", folder.toString()).inheritIO().start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
