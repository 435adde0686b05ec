package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.posix.Executables;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.NativeBuffer;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Spawner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/// A little program run to the end, to see what it says.
///
/// @param code how it ended, as a shell would report it
/// @param output beginning of its standard output and error
record Trial(int code, String output) {
  private static final int MOST_BYTES = 16_384;
  private static final List<String> ENVIRONMENT = List.of("PATH=/usr/bin:/bin", "LC_ALL=C");

  /// Runs a program as it is.
  static Trial run(List<String> words) throws IOException {
    return run(words, Launch.PLAIN);
  }

  /// Runs a program as a launch starts it; blocks until its output ends.
  static Trial run(List<String> words, Launch launch) throws IOException {
    var program = new Program(words, ENVIRONMENT, Path.of("/"));
    var pipe = Posix.pipe();
    long pid;
    try {
      pid =
          launch.start(
              program,
              Executables.find(program),
              (it, at) -> Spawner.onPipes(it, at, -1, pipe[1], pipe[1]));
    } catch (IOException e) {
      Posix.close(pipe[0]);
      throw e;
    } finally {
      Posix.close(pipe[1]);
    }
    try {
      var output = read(pipe[0]);
      return new Trial(Posix.await(pid), output);
    } finally {
      Posix.close(pipe[0]);
    }
  }

  private static String read(int fd) {
    try (var buffer = new NativeBuffer(MOST_BYTES)) {
      var bytes = 0;
      while (bytes < MOST_BYTES) {
        var count = Posix.read(fd, buffer, bytes);
        if (count <= 0) {
          break;
        }
        bytes += count;
      }
      var text = new byte[bytes];
      buffer.copyTo(text, 0, bytes);
      return new String(text, StandardCharsets.UTF_8);
    }
  }
}
