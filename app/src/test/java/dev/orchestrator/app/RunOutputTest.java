package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `orchestrator run`: more output than may be kept.
class RunOutputTest {
  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.inside(folder);
  }

  @Test
  void is_not_slowed_down_by_a_tiny_cap() throws Exception {
    program.run("--json=full", "--spool-cap", "1k", "--", "sh", "-c", "head -c 4194304 /dev/zero");

    var end = program.record().journal().the("exec.end");
    assertThat(end.path("elapsed_ms").asLong()).isLessThan(2000);
  }

  @Test
  void keeps_the_caps_promise_for_two_streams_together() throws Exception {
    program.run(
        "--json=full",
        "--spool-cap",
        "100k",
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

  @Test
  void ends_the_run_at_the_cap_when_asked() throws Exception {
    var ended =
        program.run(
            "--json=full", "--exit-code=contract", "--spool-cap=64k", "--fail-on-cap", "yes");

    assertThat(ended.code()).isEqualTo(17);
    assertThat(ended.facts().summary().path("reason").asString())
        .isEqualTo("more than 65,536 bytes of output");
  }
}
