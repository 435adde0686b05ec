package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.testing.EventSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `orchestrator run`: what is left on disk, and what is not.
class RunRecordTest {
  private static final EventSchema STATE = EventSchema.of("state");

  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.inside(folder);
  }

  @Test
  void names_the_task_and_keeps_its_last_summary() throws Exception {
    program.run("--task", "shop", "--", "true");
    program.run("--task", "shop", "--", "sh", "-c", "exit 7");

    assertThat(RunRecord.all(folder.resolve("runs")))
        .hasSize(2)
        .allSatisfy(it -> assertThat(it.folder().getParent()).endsWith(Path.of("shop", "cli")));
    var state = Files.readString(folder.resolve("out/shop/state.json"));
    STATE.require(state);
    assertThat(Facts.document(state).path("code").asInt()).isEqualTo(7);
  }

  @Test
  void writes_the_summary_to_a_file_when_asked() throws Exception {
    program.run("--summary-file", "sum.json", "--", "no-such-program");

    var summary = Files.readString(program.directory().resolve("sum.json"));
    STATE.require(summary);
    assertThat(Facts.document(summary)).isEqualTo(program.record().journal().summary());
    assertThat(Folders.list(program.directory())).containsExactly("sum.json");
  }

  @Test
  void keeps_runs_at_the_root_of_the_work_tree() throws Exception {
    var tree = program.directory().resolve("shop");
    Files.createDirectories(tree.resolve("deep/er"));
    Files.createFile(Files.createDirectories(tree.resolve(".git")).resolve("HEAD"));

    program.startedIn(tree.resolve("deep/er")).call("run", "--", "true");

    assertThat(RunRecord.only(tree.resolve(".runs")).manifest().path("task").asString())
        .isEqualTo("shop");
  }

  @Test
  void keeps_runs_at_home_outside_of_a_work_tree_or_where_the_environment_says() throws Exception {
    program.call("run", "--", "true");
    assertThat(RunRecord.all(program.home().resolve("runs"))).hasSize(1);

    program.with("ORCHESTRATOR_RUNS", "elsewhere").call("run", "--", "true");
    assertThat(RunRecord.all(program.directory().resolve("elsewhere"))).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "no-such-program", "yes | head -c 3000000", "exit 7"})
  void leaves_nothing_when_it_is_ephemeral(String script) throws Exception {
    var ended =
        program.call("run", "--ephemeral", "--json=full", "--no-tty", "--", "sh", "-c", script);

    assertThat(ended.facts().summary().path("folder").isNull()).isTrue();
    ended.facts().requireWholeOutput();
    assertThat(Folders.files(program.home())).isEmpty();
    assertThat(Folders.files(program.directory())).isEmpty();
    assertThat(folder.resolve("runs")).doesNotExist();
  }

  @Test
  void is_not_slowed_down_by_a_tiny_cap() throws Exception {
    program.run(
        "--json=full",
        "--spool-cap",
        "1k",
        "--no-tty",
        "--",
        "sh",
        "-c",
        "head -c 4194304 /dev/zero");

    var end = program.record().journal().the("exec.end");
    assertThat(end.path("elapsed_ms").asLong()).isLessThan(2000);
  }

  @Test
  void keeps_the_caps_promise_for_two_streams_together() throws Exception {
    program.run(
        "--json=full",
        "--spool-cap",
        "100k",
        "--no-tty",
        "--",
        "sh",
        "-c",
        "head -c 300000 /dev/zero & head -c 200000 /dev/zero >&2; wait");

    var journal = program.record().journal();
    journal.requireWholeOutput();
    var streams = Facts.streams(journal.summary());
    assertThat(streams.get("stdout").path("bytes").asLong()).isEqualTo(300_000);
    assertThat(streams.get("stderr").path("bytes").asLong()).isEqualTo(200_000);
    assertThat(program.record().spooledBytes("stdout") + program.record().spooledBytes("stderr"))
        .isLessThanOrEqualTo(100 * 1024);
  }
}
