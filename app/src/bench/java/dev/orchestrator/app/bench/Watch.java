package dev.orchestrator.app.bench;

import dev.orchestrator.engine.posix.Executables;
import dev.orchestrator.engine.posix.NativeBuffer;
import dev.orchestrator.engine.posix.PollSet;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Signal;
import dev.orchestrator.engine.posix.Spawner;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs processes one at a time and takes their time and memory from outside.
///
/// Confined to the main thread, but for [#stop].
final class Watch {
  private static final Duration LIMIT = Duration.ofSeconds(75);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final int STDERR = 2;
  private static final int SELDOM_MILLIS = 1000;

  /// How much a pipe nobody reads can hold.
  private static final int OUTPUT_BYTES = 64 * 1024;

  private final Workplace place;
  private volatile long current;
  private volatile boolean stopped;

  Watch(Workplace place) {
    this.place = place;
  }

  /// How a process went.
  ///
  /// @param seconds from before it was started until it had ended
  /// @param cpuSeconds processor time of it and of all it waited for
  /// @param peakBytes largest resident set seen of the Java process it started; 0 if not asked for
  /// @param output what it wrote to standard output, at most 64 KiB
  record Seen(double seconds, double cpuSeconds, long peakBytes, String output) {}

  /// Runs a program that writes little, and takes its time.
  ///
  /// @throws IOException if it cannot be run, or its exit code is not 0
  Seen run(List<String> words) throws IOException {
    return see(words, 0);
  }

  /// As [#run], and looks every few milliseconds how much memory its child has had.
  Seen withMemory(List<String> words, int everyMillis) throws IOException {
    return see(words, everyMillis);
  }

  /// The words that run a program with its standard output in a file.
  static List<String> into(Path file, List<String> words) {
    var all = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" >\"$0\"", file.toString()));
    all.addAll(words);
    return all;
  }

  private Seen see(List<String> words, int everyMillis) throws IOException {
    if (stopped) {
      throw new IOException("stopped");
    }
    var program = new Program(words, place.environment(), place.folder());
    var file = Executables.find(program);
    var output = Posix.pipe();
    try {
      Posix.setNonBlocking(output[0]);
      var started = System.nanoTime();
      var pid = start(program, file, output[1]);
      var peak = await(pid, started, everyMillis);
      var seconds = (System.nanoTime() - started) / 1e9;
      current = 0;
      var status = Posix.waitFor(pid).orElseThrow();
      if (status.status() != 0) {
        throw new IOException("wait status %d of %s".formatted(status.status(), words));
      }
      return new Seen(seconds, status.cpu().toNanos() / 1e9, peak, read(output[0]));
    } finally {
      Posix.close(output[0]);
    }
  }

  private long start(Program program, Path file, int output) throws IOException {
    try {
      current = Spawner.onPipes(program, file, -1, output, STDERR);
      return current;
    } finally {
      Posix.close(output);
    }
  }

  /// Waits for the end of a process, and returns the peak of its child's memory.
  private long await(long pid, long started, int everyMillis) throws IOException {
    var end = Posix.pidfd(pid);
    PeakMemory memory = null;
    try (var polls = new PollSet(1)) {
      if (end < 0) {
        throw new IOException("the end of a process cannot be waited for; needs Linux 5.3");
      }
      polls.awaitReadable(0, end);
      var peak = 0L;
      while (true) {
        polls.await(everyMillis > 0 ? everyMillis : SELDOM_MILLIS);
        if (polls.isReady(0)) {
          return peak;
        }
        if (everyMillis > 0 && memory == null) {
          memory = memoryOfChild(pid);
        }
        peak = Math.max(peak, memory == null ? 0 : memory.bytes());
        if (System.nanoTime() - started > LIMIT.toNanos()) {
          Posix.signalGroup(pid, Signal.KILL);
          throw new IOException("not over after " + LIMIT.toSeconds() + " s");
        }
      }
    } finally {
      Posix.close(end);
      if (memory != null) {
        memory.close();
      }
    }
  }

  /// The launcher's only child is the Java process; null while it has none, or has none any more.
  private static @Nullable PeakMemory memoryOfChild(long pid) {
    var child = ProcessHandle.of(pid).flatMap(it -> it.children().findFirst());
    try {
      return child.isEmpty() ? null : new PeakMemory(child.get().pid());
    } catch (IOException _) {
      return null;
    }
  }

  private static String read(int fd) {
    var bytes = new ByteArrayOutputStream();
    try (var buffer = new NativeBuffer(OUTPUT_BYTES)) {
      for (var count = Posix.read(fd, buffer, 0); count > 0; count = Posix.read(fd, buffer, 0)) {
        var part = new byte[count];
        buffer.copyTo(part, 0, count);
        bytes.writeBytes(part);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  /// Ends the process that runs now, if one does, and lets no other start. For the JVM's own end.
  void stop() {
    stopped = true;
    var pid = current;
    if (pid > 0) {
      Posix.signalGroup(pid, Signal.TERM);
      var end = Posix.pidfd(pid);
      try (var polls = new PollSet(1)) {
        polls.awaitReadable(0, end);
        polls.await((int) PATIENCE.toMillis());
      }
    }
  }
}
