package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.posix.Executables;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.NativeBuffer;
import dev.orchestrator.engine.posix.PollSet;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Signal;
import dev.orchestrator.engine.posix.Spawner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A little program run to the end, to see what it says.
///
/// @param code how it ended, as a shell would report it
/// @param output beginning of its standard output and error
record Trial(int code, String output) {
  private static final int MOST_BYTES = 16_384;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final List<String> ENVIRONMENT = List.of("PATH=/usr/bin:/bin", "LC_ALL=C");

  /// Runs a program as it is.
  static Trial run(List<String> words) throws IOException {
    return run(words, Launch.PLAIN);
  }

  /// Runs a program as a launch starts it.
  static Trial run(List<String> words, Launch launch) throws IOException {
    return run(new Program(words, ENVIRONMENT, Path.of("/")), launch);
  }

  /// Runs a program as a launch starts it; blocks until its output ends, or kills it after a while.
  static Trial run(Program program, Launch launch) throws IOException {
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
      if (output.isEmpty()) {
        Posix.signalGroup(pid, Signal.KILL);
      }
      return new Trial(Posix.await(pid), output.orElse("it did not end in time"));
    } finally {
      Posix.close(pipe[0]);
    }
  }

  /// Everything up to the end, as far as there is room.
  ///
  /// @return empty if the end does not come in time
  private static Optional<String> read(int fd) {
    try (var buffer = new NativeBuffer(MOST_BYTES);
        var poll = new PollSet(1)) {
      var until = System.nanoTime() + PATIENCE.toNanos();
      poll.awaitReadable(0, fd);
      var bytes = 0;
      while (bytes < MOST_BYTES) {
        poll.await((int) Math.max(0, Duration.ofNanos(until - System.nanoTime()).toMillis()));
        if (System.nanoTime() > until) {
          return Optional.empty();
        }
        var count = poll.isReady(0) ? Posix.read(fd, buffer, bytes) : -1;
        if (count == 0) {
          break;
        }
        bytes += Math.max(0, count);
      }
      var text = new byte[bytes];
      buffer.copyTo(text, 0, bytes);
      return Optional.of(new String(text, StandardCharsets.UTF_8));
    }
  }
}
