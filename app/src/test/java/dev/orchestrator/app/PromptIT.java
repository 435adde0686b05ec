package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Questions on a real terminal: the one that an outer `orchestrator run --tty` gives.
@Execution(ExecutionMode.CONCURRENT)
class PromptIT {
  @TempDir Path folder;
  private Program program;
  private Path keys;
  private Path victim;

  @BeforeEach
  void program() throws Exception {
    program = Program.in(folder);
    victim = Files.createDirectories(folder.resolve("outside/old"));
    keys = folder.resolve("keys");
    assertThat(new ProcessBuilder("mkfifo", keys.toString()).start().waitFor()).isZero();
  }

  private Running asking() throws IOException {
    return program.startScript(
        "exec \"$@\" < " + keys,
        "--tty",
        "--size=100x30",
        "--stdin",
        "--quiet",
        "--",
        Program.DIST.resolve("bin/orchestrator").toAbsolutePath().toString(),
        "run",
        "rm",
        "-rf",
        victim.toString());
  }

  @Test
  void runs_after_a_yes_and_shows_why_it_asks() throws Exception {
    var running = asking();
    try (var typing = Files.newBufferedWriter(keys)) {
      running.awaitOut("allow? ");
      assertThat(running.out()).contains("may this run?", "because", "just this once");
      assertThat(victim).exists();
      typing.write("\ry\r");
      typing.flush();
      var ended = running.end();

      assertThat(ended.code()).as(ended.out()).isZero();
    }
    assertThat(victim).doesNotExist();
  }

  @Test
  void takes_no_answer_from_keys_that_were_typed_before_the_question() throws Exception {
    var running = asking();
    try (var typing = Files.newBufferedWriter(keys)) {
      typing.write("y\ry\ry\r");
      typing.flush();
      running.awaitOut("allow? ");
      typing.write("n too old to lose\r");
      typing.flush();
      var ended = running.end();

      assertThat(ended.code()).as(ended.out()).isEqualTo(125);
      assertThat(ended.out()).contains("denied by terminal: too old to lose");
    }
    assertThat(victim).exists();
  }

  @Test
  void ends_the_run_when_interrupted_at_the_question() throws Exception {
    var running = asking();
    try (var typing = Files.newBufferedWriter(keys)) {
      running.awaitOut("allow? ");
      typing.write("\u0003");
      typing.flush();
      var ended = running.end();

      assertThat(ended.code()).as(ended.out()).isEqualTo(130);
    }
    assertThat(victim).exists();
  }
}
