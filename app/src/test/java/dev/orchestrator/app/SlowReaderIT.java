package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import tools.jackson.databind.JsonNode;

/// A reader who does not keep up costs neither memory nor time nor bytes.
@Isolated("memory and time are measured")
class SlowReaderIT {
  private static final long MOST_KILOBYTES = 75 * 1024;
  private static final Pattern CHUNK = Pattern.compile("\"offset\":(\\d+),\"len\":(\\d+)");
  private static final Pattern GAP = Pattern.compile("\"from\":(\\d+),\"to\":(\\d+)");

  @TempDir Path folder;

  @Test
  void neither_stalls_nor_swells_with_100_megabytes(TestReporter reporter) throws Exception {
    streams(100L << 20, 2, reporter);
  }

  @Test
  @Tag("slow")
  void neither_stalls_nor_swells_with_2_gibibytes(TestReporter reporter) throws Exception {
    streams(2L << 30, 20, reporter);
  }

  private void streams(long bytes, int slowSeconds, TestReporter reporter) throws Exception {
    var unread = Program.in(Files.createDirectory(folder.resolve("unread")));
    discard(unread.startToRead(words(bytes)));
    var program = Program.in(Files.createDirectory(folder.resolve("slow")));

    var read = readSlowly(program.startToRead(words(bytes)), slowSeconds);

    var alone = unread.record().journal().the("exec.end").path("elapsed_ms").asLong();
    reporter.publishEntry(
        "VmHWM %d kB; %d ms, alone %d ms"
            .formatted(read.peakKilobytes(), read.end().path("elapsed_ms").asLong(), alone));
    assertThat(read.peakKilobytes()).as("VmHWM in kB").isBetween(1L, MOST_KILOBYTES);
    assertThat(read.covered()).as("bytes in chunks and gaps").isEqualTo(bytes);
    var total = read.end().at("/output/0");
    assertThat(total.path("bytes").asLong()).isEqualTo(bytes);
    assertThat(total.path("spooled").asLong() + Facts.lost(total)).isEqualTo(bytes);
    assertThat(program.record().spooledBytes("stdout")).isEqualTo(total.path("spooled").asLong());
    assertThat(read.end().path("elapsed_ms").asLong())
        .as("milliseconds; with a reader that discards everything: " + alone)
        .isLessThan(alone * 3 / 2 + 2000);
  }

  /// @param covered bytes in chunks and gaps, which follow each other without a hole
  private record Read(long peakKilobytes, long covered, JsonNode end) {}

  private static Read readSlowly(Process process, int slowSeconds) throws Exception {
    var java = Running.java(process);
    var peak = new AtomicLong();
    var watch = Thread.ofPlatform().daemon().start(() -> watch(process, java, peak));
    var covered = 0L;
    JsonNode end = null;
    try (var lines =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      var count = 0;
      for (var line = lines.readLine(); line != null; line = lines.readLine()) {
        if (count++ < slowSeconds) {
          // The reader's slowness is what is under test.
          Thread.sleep(Duration.ofSeconds(1));
        }
        covered = coveredAfter(line, covered);
        if (line.startsWith("{\"type\":\"exec.end\"")) {
          end = Facts.document(line);
        }
      }
    }
    assertThat(process.waitFor()).isZero();
    watch.join();
    return new Read(peak.get(), covered, end);
  }

  private static long coveredAfter(String line, long covered) {
    var isChunk = line.startsWith("{\"type\":\"exec.chunk\"");
    if (!isChunk && !line.startsWith("{\"type\":\"exec.gap\"")) {
      return covered;
    }
    var numbers = (isChunk ? CHUNK : GAP).matcher(line);
    assertThat(numbers.find()).isTrue();
    assertThat(Long.parseLong(numbers.group(1))).as(line).isEqualTo(covered);
    var second = Long.parseLong(numbers.group(2));
    return isChunk ? covered + second : second;
  }

  /// The kernel remembers the peak, so the last look is what counts.
  private static void watch(Process process, long java, AtomicLong peak) {
    while (process.isAlive()) {
      peak.accumulateAndGet(ProcTable.kilobytes(java, "VmHWM"), Math::max);
      try {
        Thread.sleep(20);
      } catch (InterruptedException _) {
        return;
      }
    }
  }

  private static void discard(Process process) throws Exception {
    try (var out = process.getInputStream()) {
      out.transferTo(OutputStream.nullOutputStream());
    }
    assertThat(process.waitFor()).isZero();
  }

  private static String[] words(long bytes) {
    var script = "yes 0123456789abcdefghijklmnopqrstuvwxyz | head -c " + bytes;
    return new String[] {"--json=full", "--no-tty", "--", "sh", "-c", script};
  }
}
