package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A disk that gets full during a run costs bytes of the record, said plainly, and nothing else.
@Execution(ExecutionMode.CONCURRENT)
class DiskFullIT {
  private static final String NO_SPACE = "No space left on device";

  /// So much that even the facts about it would fill the disk.
  private static final int WRITTEN = 10 << 20;

  @TempDir Path folder;
  private SmallDisk disk;
  private Program program;
  private Zoo zoo;

  @BeforeEach
  void mount() throws Exception {
    disk = SmallDisk.mount(folder.resolve("disk"));
    program = Program.in(folder).keepingRunsIn(disk.folder().resolve("runs"));
    zoo = new Zoo(folder);
  }

  @AfterEach
  void unmount() throws IOException {
    if (disk != null) {
      zoo.close();
      disk.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--no-tty", "--tty"})
  void goes_on_when_output_cannot_be_kept_any_more(String where) throws Exception {
    var script = "stty -opost <&1 2>/dev/null; yes | head -c " + WRITTEN + "; exit 5";
    var ended = program.run("--json=full", where, "--", "sh", "-c", script);

    assertThat(ended.code()).isEqualTo(5);
    var facts = ended.facts();
    facts.requireWholeOutput();
    var total =
        Facts.streams(facts.the("exec.end")).get(where.equals("--tty") ? "terminal" : "stdout");
    assertThat(total.path("bytes").asInt()).isEqualTo(WRITTEN);
    assertThat(total.path("spooled").asInt()).isBetween(1, 1 << 20);
    assertThat(Facts.texts(total.path("lost"), "reason")).containsExactly(NO_SPACE);
    assertThat(facts.summary().path("record_error").asString()).contains(NO_SPACE);
    assertThat(ended.err().lines()).singleElement().asString().contains("incomplete", NO_SPACE);
    assertThat(facts.withoutOutput()).isEqualTo(program.record().journal().withoutOutput());
    assertThat(program.record().manifest().path("status").asString()).isEqualTo("ended");
  }

  @Test
  void passes_everything_through_when_it_cannot_be_kept_any_more() throws Exception {
    var ended = program.run("--no-tty", "--", "sh", "-c", "head -c " + WRITTEN + " /dev/zero");

    assertThat(ended.code()).isZero();
    assertThat(ended.bytes()).hasSize(WRITTEN);
    assertThat(ended.err().lines()).singleElement().asString().contains("incomplete", NO_SPACE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json=full", "--json", "--no-tty"})
  void ends_the_run_when_facts_cannot_be_kept_any_more(String format) throws Exception {
    var summary = folder.resolve("summary.json").toString();
    var ended =
        program.run(
            format, "--summary-file", summary, "--", "sh", "-c", fillingTheDisk(), zoo.name());

    assertThat(ended.code()).as(ended.err()).isEqualTo(125);
    var journal = program.record().folder().resolve("events.jsonl").toString();
    assertThat(ended.err().lines()).singleElement().asString().contains(journal, NO_SPACE);
    assertThat(zoo.left()).isEmpty();
    assertThat(program.record().journal().types()).doesNotContain("run.summary");
    program.record().manifest();
    requireEnding(format, ended, journal);
  }

  private static void requireEnding(String format, Running.Ended ended, String journal) {
    if (format.equals("--json=full")) {
      var last = ended.facts().summary();
      assertThat(last.path("outcome").asString()).isEqualTo("failed");
      assertThat(last.path("record_error").asString()).contains(journal, NO_SPACE);
      assertThat(last.path("survivors")).isEmpty();
    }
    if (format.startsWith("--json")) {
      assertThat(ended.facts().the("turn.failed").at("/error/message").asString())
          .contains(NO_SPACE);
    }
  }

  @Test
  void refuses_to_run_when_the_disk_is_full_already() throws Exception {
    try {
      Files.write(disk.folder().resolve("fill"), new byte[2 << 20]);
    } catch (IOException _) {
      // Full, as it should be.
    }

    var ended = program.run("--", "touch", "started");

    assertThat(ended.code()).isEqualTo(125);
    assertThat(ended.err().lines()).singleElement().asString().contains(NO_SPACE);
    assertThat(program.directory().resolve("started")).doesNotExist();
  }

  /// Waits until the manifest knows the command, so that the next thing to be written is a fact.
  private String fillingTheDisk() {
    return """
    cd '%s'
    until grep -q '"s1"' runs/*/cli/*/manifest.json 2>/dev/null; do sleep 0.02; done
    cat /dev/zero >fill 2>/dev/null
    while :; do head -c 100000 /dev/zero; done &
    exec sleep $0
    """
        .formatted(disk.folder());
  }
}
