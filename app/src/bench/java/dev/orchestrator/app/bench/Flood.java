package dev.orchestrator.app.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/// One way to send a lot of output through, ours and the plainest, in turn.
///
/// Both keep every byte in a file. Ours also makes JSON lines of them, which go to a second file or
/// to nowhere. Looking at memory takes the time of what is looked at, so it is done only where
/// memory is asked for.
final class Flood {
  private static final int LINE_BYTES = 72;
  private static final int LOOK_MILLIS = 20;
  private static final Pattern SKIPPED = Pattern.compile("\"bytes_skipped\":(\\d+)");
  private static final int LAST_LINE_BYTES = 16 * 1024;

  private final Watch watch;
  private final Distribution distribution;
  private final Workplace place;

  Flood(Watch watch, Distribution distribution, Workplace place) {
    this.watch = watch;
    this.distribution = distribution;
    this.place = place;
  }

  /// How the command is connected.
  enum Kind {
    PIPES("--no-tty"),
    TERMINAL("--tty");

    private final String option;

    Kind(String option) {
      this.option = option;
    }
  }

  /// What came of it.
  ///
  /// @param ours seconds of the whole `orchestrator run`
  /// @param beside seconds of the plainest way
  /// @param oursCpu processor seconds of our program and the command
  /// @param besideCpu the same of the plainest way; 0 if it is a part of this program
  /// @param peakBytes largest resident set of our Java process; 0 if not asked for
  /// @param skippedBytes how much the reader was told about instead of shown, at most
  record Flow(
      Sample ours,
      Sample beside,
      Sample oursCpu,
      Sample besideCpu,
      long peakBytes,
      long skippedBytes) {}

  /// Sends a command's output through in both ways, and keeps the JSON lines.
  ///
  /// @param script a shell command whose output is measured
  Flow forTime(Kind kind, String script, int rounds) throws IOException {
    return measure(kind, script, rounds, true);
  }

  /// The same once, with JSON lines that nobody keeps, and a look at our memory all the time.
  Flow forMemory(Kind kind, String script) throws IOException {
    return measure(kind, script, 1, false);
  }

  private Flow measure(Kind kind, String script, int rounds, boolean timed) throws IOException {
    var lines = timed ? place.file("lines.jsonl") : Path.of("/dev/null");
    var command = distribution.run(List.of("--json=full", kind.option, "--", "sh", "-c", script));
    var ours = new ArrayList<Double>();
    var beside = new ArrayList<Double>();
    var oursCpu = new ArrayList<Double>();
    var besideCpu = new ArrayList<Double>();
    var peak = 0L;
    var skipped = 0L;
    for (var round = 0; round < rounds; round++) {
      var words = Watch.into(lines, command);
      var seen = timed ? watch.run(words) : watch.withMemory(words, LOOK_MILLIS);
      ours.add(seen.seconds());
      oursCpu.add(seen.cpuSeconds());
      peak = Math.max(peak, seen.peakBytes());
      skipped = Math.max(skipped, timed ? skipped(lines) : 0);
      place.delete("runs");
      var plain = plain(kind, script);
      beside.add(plain.seconds());
      besideCpu.add(plain.cpuSeconds());
      place.delete("out");
      place.delete("lines.jsonl");
    }
    return new Flow(
        new Sample(ours),
        new Sample(beside),
        new Sample(oursCpu),
        new Sample(besideCpu),
        peak,
        skipped);
  }

  private Watch.Seen plain(Kind kind, String script) throws IOException {
    var out = place.file("out");
    return switch (kind) {
      case PIPES ->
          watch.run(List.of("sh", "-c", "{ " + script + "; } | cat >\"$0\"", out.toString()));
      case TERMINAL ->
          new Watch.Seen(BareTerminal.run(place, List.of("sh", "-c", script), out), 0, 0, "");
    };
  }

  /// Reads the last line, which is the run's summary.
  private static long skipped(Path lines) throws IOException {
    try (var file = Files.newByteChannel(lines)) {
      file.position(Math.max(0, file.size() - LAST_LINE_BYTES));
      var end = ByteBuffer.allocate(LAST_LINE_BYTES);
      while (end.hasRemaining() && file.read(end) >= 0) {
        // Until its end.
      }
      var text = new String(end.array(), 0, end.position(), StandardCharsets.UTF_8);
      var summary = text.substring(text.stripTrailing().lastIndexOf('\n') + 1);
      var found = SKIPPED.matcher(summary);
      if (!found.find()) {
        throw new IOException("the last line is no summary: " + summary);
      }
      return Long.parseLong(found.group(1));
    }
  }

  /// Writes a file of text like that of a build: lines of 72 bytes, no two the same. It is on the
  /// disk afterwards, so that the system does not write it during a measurement.
  static void write(Path file, long bytes) throws IOException {
    var words = List.of("compiling", "src/main/java", "warning:", "ok", "in", "0.04", "s", "test");
    var random = new Random(LINE_BYTES);
    try (var out = Files.newBufferedWriter(file, StandardCharsets.US_ASCII)) {
      for (var number = 0; (long) number * LINE_BYTES < bytes; number++) {
        var line = new StringBuilder(String.format("[%09d]", number));
        while (line.length() < LINE_BYTES) {
          line.append(' ').append(words.get(random.nextInt(words.size())));
        }
        line.setLength((int) Math.min(LINE_BYTES, bytes - (long) number * LINE_BYTES) - 1);
        out.append(line).append('\n');
      }
    }
    try (var written = FileChannel.open(file, StandardOpenOption.WRITE)) {
      written.force(true);
    }
  }

  /// A shell command that writes so many bytes of equal lines, 72 bytes each.
  static String longYes(long bytes) {
    return "yes %s | head -c %d".formatted("x".repeat(LINE_BYTES - 1), bytes);
  }
}
