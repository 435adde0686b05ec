package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Whenever Java is killed, what is on disk can be read up to the last whole fact, and nothing that
/// anyone has read is missing.
@Execution(ExecutionMode.CONCURRENT)
class KilledIT {
  private static final long SEED = 20_261_122;
  private static final int LATEST_MILLIS = 400;

  private static final String BURSTS =
      "while :; do head -c 30000 /dev/zero | tr '\\0' x; echo err >&2; sleep 0.00$((i = (i + 1) %"
          + " 10)); done";

  @TempDir Path folder;

  @Test
  void loses_nothing_that_was_told_in_3_rounds(TestReporter reporter) throws Exception {
    rounds(3, reporter);
  }

  @Test
  @Tag("slow")
  void loses_nothing_that_was_told_in_200_rounds(TestReporter reporter) throws Exception {
    rounds(200, reporter);
  }

  private void rounds(int count, TestReporter reporter) throws Exception {
    reporter.publishEntry("seed", Long.toString(SEED));
    var random = new Random(SEED);
    for (var round = 0; round < count; round++) {
      var delay = Duration.ofMillis(random.nextInt(LATEST_MILLIS));
      // On a busy machine the first output may come late, and the moments after it matter most.
      var afterFirstOutput = round % 2 == 0;
      try {
        killed(Files.createDirectory(folder.resolve("round" + round)), delay, afterFirstOutput);
      } catch (AssertionError e) {
        throw new AssertionError(
            "seed %d, round %d, after %s: %s".formatted(SEED, round, delay, e.getMessage()), e);
      }
    }
  }

  private static void killed(Path folder, Duration delay, boolean afterFirstOutput)
      throws Exception {
    var program = Program.in(folder);
    var running =
        program.startRun("--json=full", "--no-tty", "--", "sh", "-c", BURSTS, folder.toString());
    var java = running.java();
    if (afterFirstOutput) {
      running.awaitOut("exec.chunk");
    }
    // The moment itself is under test.
    Thread.sleep(delay);
    Running.signal("KILL", java);
    assertThat(running.end().code()).isEqualTo(137);

    requireReadable(program, folder, running.factsSoFar());
    assertThat(ProcTable.with(folder.toString())).isEmpty();
  }

  private static void requireReadable(Program program, Path folder, Facts told) throws IOException {
    var runs = folder.resolve("runs");
    if (!Files.exists(runs) || RunRecord.all(runs).isEmpty()) {
      assertThat(told.all()).isEmpty();
      return;
    }
    var record = program.record();
    if (!Files.exists(record.folder().resolve("events.jsonl"))) {
      assertThat(told.all()).isEmpty();
      return;
    }
    var journal = record.journal();
    assertThat(journal.all()).hasSizeGreaterThanOrEqualTo(told.all().size());
    assertThat(told.withoutOutput().all())
        .isEqualTo(journal.withoutOutput().all().subList(0, told.all().size()));
    if (Files.exists(record.folder().resolve("manifest.json"))) {
      assertThat(record.manifest().path("status").asString()).isEqualTo("killed");
    } else {
      assertThat(told.all("exec.begin")).as("commands begun without a manifest").isEmpty();
    }
  }
}
