package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `orchestrator run --json` and `--json=full` when a signal ends the run.
@Execution(ExecutionMode.CONCURRENT)
class JsonLinesIT {
  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.in(folder);
  }

  @ParameterizedTest
  @CsvSource({"TERM,143", "INT,130", "HUP,129"})
  void tells_the_whole_story_of_a_run_that_was_stopped(String signal, int code) throws Exception {
    var running = program.startRun("--json=full", "--", "sh", "-c", "echo out; exec sleep 987");
    running.awaitOut("\"text\":\"out");
    Running.signal(signal, running.launcher());

    var ended = running.end();
    assertThat(ended.code()).isEqualTo(code);
    assertThat(ended.facts().summary().path("code").asInt()).isEqualTo(code);
    assertThat(ended.facts().the("turn.failed").at("/error/message").asString())
        .isEqualTo("stopped by SIG" + signal);
    ended.facts().requireWholeStory("interrupted", program.record());
  }

  @ParameterizedTest
  @ValueSource(strings = {"TERM", "INT"})
  void ends_codex_s_story_when_it_is_stopped(String signal) throws Exception {
    var running = program.startRun("--json", "--", "sh", "-c", "echo > begun; exec sleep 987");
    Waiting.until("the command", () -> Files.exists(program.directory().resolve("begun")));
    Running.signal(signal, running.launcher());

    assertThat(running.end().facts().types())
        .containsExactly(
            "thread.started", "turn.started", "item.started", "item.completed", "turn.failed");
  }

  @Test
  @Tag("slow")
  void shows_that_it_is_alive() throws Exception {
    var facts = program.run("--json=full", "--", "sh", "-c", "echo out; sleep 6").facts();

    var heartbeat = facts.the("heartbeat");
    assertThat(heartbeat.path("waiting_on").asString()).isEqualTo("command");
    assertThat(heartbeat.path("last_output_ms").asInt()).isBetween(3000, 6000);
    assertThat(heartbeat.path("processes").asInt()).isEqualTo(2);
  }
}
