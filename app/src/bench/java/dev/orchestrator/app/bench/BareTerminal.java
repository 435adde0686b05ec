package dev.orchestrator.app.bench;

import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.exec.terminal.Terminals;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.NativeBuffer;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The least that can be done for a command on a terminal: read until its end, into a file.
final class BareTerminal {
  private static final int BUFFER_BYTES = 64 * 1024;

  private BareTerminal() {}

  /// Runs a program on a terminal and keeps what it writes.
  ///
  /// @return seconds from before its start until everything was written
  static double run(Workplace place, List<String> words, Path into) throws IOException {
    var program = new Program(words, place.environment(), place.folder());
    var started = System.nanoTime();
    var child = Terminals.choose("").start(program, WindowSize.DEFAULT, false, Launch.PLAIN);
    try (var out = Files.newOutputStream(into);
        var buffer = new NativeBuffer(BUFFER_BYTES)) {
      var bytes = new byte[BUFFER_BYTES];
      // A terminal ends with an error when its last user closes it.
      for (var count = Posix.read(child.master(), buffer, 0);
          count > 0;
          count = Posix.read(child.master(), buffer, 0)) {
        buffer.copyTo(bytes, 0, count);
        out.write(bytes, 0, count);
      }
    } finally {
      Posix.close(child.master());
    }
    var seconds = (System.nanoTime() - started) / 1e9;
    while (Posix.waitFor(child.pid()).isEmpty()) {
      Thread.onSpinWait(); // It has closed its terminal, so it is about to end.
    }
    return seconds;
  }
}
