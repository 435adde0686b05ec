package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Nothing that a run has started outlives it, however it ends.
@Execution(ExecutionMode.CONCURRENT)
class TreeKillIT {
  private static final Duration AT_MOST = Duration.ofSeconds(5);

  @TempDir Path folder;
  private Program program;
  private Zoo zoo;
  private Process bystander;

  @BeforeEach
  void program() throws IOException {
    program = Program.in(folder);
    zoo = new Zoo(folder);
    // Not ours, though it looks the same.
    bystander = new ProcessBuilder("sleep", "98765").start();
  }

  @AfterEach
  void bystander_is_untouched() throws Exception {
    try (var _ = zoo) {
      assertThat(bystander.isAlive()).isTrue();
    } finally {
      bystander.destroyForcibly().waitFor();
    }
  }

  @ParameterizedTest
  @CsvSource({"TERM, --no-tty, 143", "INT, --no-tty, 130", "HUP, --tty, 129"})
  void nobody_outlives_a_signal(String signal, String where, int code) throws Exception {
    endBy(signal, where, code);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"HUP, --no-tty, 129", "TERM, --tty, 143", "INT, --tty, 130"})
  void nobody_outlives_any_other_signal(String signal, String where, int code) throws Exception {
    endBy(signal, where, code);
  }

  private void endBy(String signal, String where, int code) throws Exception {
    var running = program.startRun(zoo.words("--json=full", where));
    zoo.awaitAll();

    Running.signal(signal, running.launcher());

    zoo.awaitNone(AT_MOST);
    var ended = running.end();
    assertThat(ended.code()).isEqualTo(code);
    assertThat(ended.facts().summary().path("survivors")).isEmpty();
    assertThat(ended.facts().summary().path("reaped")).hasSizeGreaterThanOrEqualTo(Zoo.KINDS);
    assertThat(notes()).isEmpty();
  }

  @Test
  void nobody_outlives_a_timeout_on_a_terminal() throws Exception {
    timeout("--tty");
  }

  @Tag("slow")
  @Test
  void nobody_outlives_a_timeout_on_pipes() throws Exception {
    timeout("--no-tty");
  }

  private void timeout(String where) throws Exception {
    var timeout = Duration.ofSeconds(2);
    var running =
        program.startRun(zoo.words("--json=full", where, "--timeout", timeout.toSeconds() + "s"));
    zoo.awaitAll();

    zoo.awaitNone(timeout.plus(AT_MOST));

    var ended = running.end();
    assertThat(ended.code()).isEqualTo(124);
    assertThat(ended.facts().summary().path("survivors")).isEmpty();
  }

  @Test
  void nobody_outlives_a_java_that_was_killed_on_pipes() throws Exception {
    killJava("--no-tty");
  }

  @Tag("slow")
  @Test
  void nobody_outlives_a_java_that_was_killed_on_a_terminal() throws Exception {
    killJava("--tty");
  }

  private void killJava(String where) throws Exception {
    var running = program.startRun(zoo.words("--json=full", where));
    zoo.awaitAll();

    Running.signal("KILL", running.java());

    zoo.awaitNone(AT_MOST);
    assertThat(running.end().code()).isEqualTo(137);
    var manifest = program.record().manifest();
    assertThat(manifest.path("status").asString()).isEqualTo("killed");
    assertThat(manifest.path("survivors")).isEmpty();
    assertThat(notes()).isEmpty();
  }

  @Test
  void nobody_outlives_a_launcher_that_was_killed_on_a_terminal() throws Exception {
    killLauncher("--tty");
  }

  @Tag("slow")
  @Test
  void nobody_outlives_a_launcher_that_was_killed_on_pipes() throws Exception {
    killLauncher("--no-tty");
  }

  private void killLauncher(String where) throws Exception {
    var running = program.startRun(zoo.words("--json=full", where));
    zoo.awaitAll();
    var java = ProcessHandle.of(running.java()).orElseThrow();

    Running.signal("KILL", running.launcher());

    zoo.awaitNone(AT_MOST);
    java.onExit().get(AT_MOST.toSeconds(), TimeUnit.SECONDS);
    assertThat(running.end().code()).isEqualTo(137);
    var manifest = program.record().manifest();
    assertThat(manifest.path("status").asString()).isEqualTo("ended");
    assertThat(manifest.path("summary").path("outcome").asString()).isEqualTo("interrupted");
    assertThat(manifest.path("summary").path("survivors")).isEmpty();
    assertThat(notes()).isEmpty();
  }

  @Test
  void reap_ends_what_a_run_has_left_whose_launcher_was_killed_too_on_pipes() throws Exception {
    reapAfter("--no-tty");
  }

  @Tag("slow")
  @Test
  void reap_ends_what_a_run_has_left_whose_launcher_was_killed_too_on_a_terminal()
      throws Exception {
    reapAfter("--tty");
  }

  private void reapAfter(String where) throws Exception {
    killBoth(where);

    var reap = program.call("reap");

    assertThat(zoo.left()).isEmpty();
    assertThat(reap.code()).isZero();
    assertThat(reap.out())
        .contains("ended process", program.record().folder().getFileName().toString());
    assertThat(program.record().manifest().path("status").asString()).isEqualTo("killed");
    assertThat(notes()).isEmpty();
    assertThat(program.call("reap").out()).isEqualTo("no killed run has left anything\n");
  }

  @Test
  void the_next_run_ends_what_a_killed_one_has_left() throws Exception {
    killBoth("--no-tty");

    var next = program.call("run", "--ephemeral", "--", "echo", "next");

    assertThat(next.out()).isEqualTo("next\n");
    assertThat(zoo.left()).isEmpty();
    assertThat(notes()).isEmpty();
  }

  @Test
  void reap_leaves_runs_alone_that_are_alive() throws Exception {
    var running = program.startRun(zoo.words("--no-tty"));
    zoo.awaitAll();

    assertThat(program.call("reap").out()).isEqualTo("no killed run has left anything\n");

    assertThat(zoo.left()).hasSizeGreaterThanOrEqualTo(Zoo.KINDS);
    Running.signal("TERM", running.launcher());
    running.end();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sleep", "setsid sleep"})
  void names_who_holds_the_output_open_after_the_command(String holder) throws Exception {
    var script = holder + " $0 & echo done";
    var facts =
        program.run("--json=full", "--no-tty", "--", "sh", "-c", script, zoo.name()).facts();

    assertThat(zoo.left()).isEmpty();
    var sleep = "sleep " + zoo.name();
    assertThat(Facts.texts(facts.the("exec.end").path("held_by"), "command"))
        .containsExactly(sleep);
    assertThat(Facts.texts(facts.the("process.reaped").path("killed"), "command"))
        .containsExactly(sleep);
    assertThat(facts.summary().path("survivors")).isEmpty();
    assertThat(facts.summary().path("outcome").asString()).isEqualTo("succeeded");
    assertThat(facts.the("exec.end").path("exit_code").asInt()).isZero();
  }

  /// A terminal is closed to everyone when its session's first process ends, so nobody holds it.
  @Test
  void ends_who_stays_behind_after_the_command_on_a_terminal() throws Exception {
    var script =
        """
        setsid sh -c ': >begun; exec sleep $0' $0 &
        until test -e begun; do sleep 0.02; done
        """;
    var facts = program.run("--json=full", "--tty", "--", "sh", "-c", script, zoo.name()).facts();

    assertThat(zoo.left()).isEmpty();
    assertThat(Facts.texts(facts.summary().path("reaped"), "command"))
        .containsExactly("sleep " + zoo.name());
    assertThat(facts.summary().path("survivors")).isEmpty();
  }

  @Test
  void ends_a_daemon_that_holds_nothing_open() throws Exception {
    var daemon =
        "setsid sh -c 'trap \"\" TERM HUP INT; sleep $0; true' $0 </dev/null >/dev/null 2>&1 & echo"
            + " done";
    var facts = program.run("--json=full", "--", "sh", "-c", daemon, zoo.name()).facts();

    assertThat(zoo.left()).isEmpty();
    assertThat(facts.the("exec.end").path("held_by")).isEmpty();
    assertThat(Facts.texts(facts.summary().path("reaped"), "command"))
        .contains("sleep " + zoo.name());
    assertThat(facts.summary().path("survivors")).isEmpty();
  }

  @Test
  void waits_for_a_child_that_still_writes_after_the_command() throws Exception {
    var ended = program.run("--", "sh", "-c", "(sleep 0.3; echo late) & echo early");

    assertThat(ended.out()).isEqualTo("early\nlate\n");
  }

  @Test
  void a_second_interrupt_hurries() throws Exception {
    var running =
        program.startRun(
            "--",
            "perl",
            "-e",
            "$SIG{INT} = $SIG{TERM} = 'IGNORE'; $| = 1; print 'deaf'; sleep 60",
            zoo.name());
    running.awaitOut("deaf");
    Running.signal("INT", running.launcher());
    // The time itself is under test: twice within 400 ms is one keystroke.
    Thread.sleep(500);
    var asked = System.nanoTime();

    Running.signal("INT", running.launcher());

    assertThat(running.end().code()).isEqualTo(130);
    // Without it, the ladder would take 1.8 s more.
    assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofMillis(1500));
    assertThat(zoo.left()).isEmpty();
  }

  @Test
  void lets_the_command_end_by_itself_when_it_is_asked_to() throws Exception {
    var running =
        program.startRun(
            "--",
            "sh",
            "-c",
            "trap 'echo tidied; exit 3' TERM; echo begun; while :; do sleep 0.05; done");
    running.awaitOut("begun");

    Running.signal("TERM", running.launcher());

    var ended = running.end();
    assertThat(ended.code()).isEqualTo(143);
    assertThat(ended.out()).isEqualTo("begun\ntidied\n");
  }

  @Test
  void a_signal_that_was_ignored_from_the_start_stays_ignored() throws Exception {
    var ended =
        program.script(
            """
            trap '' HUP
            "$@" -- sh -c 'echo begun >begun; while ! test -e go; do sleep 0.05; done; echo over' &
            while ! test -e begun; do sleep 0.05; done
            kill -HUP $!; touch go; wait $!
            """);

    assertThat(ended.out()).isEqualTo("over\n");
    assertThat(ended.code()).isZero();
  }

  private void killBoth(String where) throws Exception {
    var running = program.startRun(zoo.words("--json=full", where));
    zoo.awaitAll();
    var java = running.java();
    // A stopped launcher cleans nothing up, and its end must not reach Java before SIGKILL does.
    Running.signal("STOP", running.launcher());
    Running.signal("KILL", java);
    Running.signal("KILL", running.launcher());
    running.end();
    assertThat(zoo.left()).isNotEmpty();
  }

  private List<Path> notes() throws IOException {
    try (var files = Files.list(program.home().resolve("live"))) {
      return files.toList();
    }
  }
}
