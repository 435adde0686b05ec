package dev.orchestrator.app.bench;

import dev.orchestrator.engine.posix.NativeBuffer;
import dev.orchestrator.engine.posix.PollSet;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Spawner;
import java.io.IOException;
import java.nio.file.Path;

/// The least that can be done for a command and its output: a pipe, read to its end, and a wait.
final class BareProcess {
  private static final int BUFFER_BYTES = 64 * 1024;

  private BareProcess() {}

  /// Runs a program to its end.
  ///
  /// @param file the program's file
  /// @throws IOException if it cannot be run, or fails
  static void run(Program program, Path file) throws IOException {
    var pipe = Posix.pipe();
    long pid;
    try {
      pid = Spawner.onPipes(program, file, -1, pipe[1], pipe[1]);
    } finally {
      Posix.close(pipe[1]);
    }
    var end = Posix.pidfd(pid);
    try (var buffer = new NativeBuffer(BUFFER_BYTES);
        var polls = new PollSet(1)) {
      while (Posix.read(pipe[0], buffer, 0) > 0) {
        // Only its end matters.
      }
      polls.awaitReadable(0, end);
      polls.await(-1);
      if (Posix.waitFor(pid).orElseThrow().status() != 0) {
        throw new IOException("failed: " + program);
      }
    } finally {
      Posix.close(pipe[0]);
      Posix.close(end);
    }
  }
}
