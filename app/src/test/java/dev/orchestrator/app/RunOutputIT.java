package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.app.Program.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// `orchestrator run`: the command's bytes in and out, as they are and as much as there are.
@Execution(ExecutionMode.CONCURRENT)
class RunOutputIT {
  private static final int MEBIBYTE = 1 << 20;

  /// 4 MiB of arbitrary bytes, kept aside to compare with.
  private static final String NOISE = "head -c 4194304 /dev/urandom | tee noise";

  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.in(folder);
  }

  @Test
  void passes_bytes_through_untouched_and_apart() throws Exception {
    var ended =
        program.run(
            "--no-tty", "--", "sh", "-c", "printf 'a\\0\\377\\303'; printf 'e\\0\\376' >&2");

    assertThat(ended.code()).isZero();
    assertThat(ended.bytes()).containsExactly('a', 0, 0xff, 0xc3);
    assertThat(ended.errorBytes()).containsExactly('e', 0, 0xfe);
  }

  @Test
  void passes_any_amount_of_noise_through_untouched() throws Exception {
    var ended = program.run("--no-tty", "--", "sh", "-c", NOISE);

    assertThat(ended.bytes()).isEqualTo(Files.readAllBytes(program.directory().resolve("noise")));
  }

  @Test
  void passes_a_terminal_s_bytes_through_untouched() throws Exception {
    var ended =
        program.run("--tty", "--", "sh", "-c", "stty -opost <&1; printf 'a\\0\\377\\n\\303'");

    assertThat(ended.bytes()).containsExactly('a', 0, 0xff, '\n', 0xc3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--no-tty", "--tty"})
  void never_reads_standard_input_unasked(String where) throws Exception {
    var running = program.startRun(Input.forgotten(), where, "--", "sh", "-c", "cat; echo over");

    assertThat(running.end().out().strip()).isEqualTo("over");
  }

  @Test
  void does_not_wait_for_an_open_pipe_when_the_command_does_not_read_it() throws Exception {
    assertThat(program.startRun(Input.forgotten(), "--stdin", "--", "echo", "over").end().out())
        .isEqualTo("over\n");
  }

  @Test
  void leaves_unread_input_to_whoever_comes_next() throws Exception {
    assertThat(program.script("printf 'one\\ntwo\\n' | { \"$@\" -- true; cat; }").out())
        .isEqualTo("one\ntwo\n");
  }

  @Test
  void passes_standard_input_and_its_end_on_when_asked() throws Exception {
    var text = "0123456789abcdef".repeat(100_000) + "no line break at the end";

    var ended = program.startRun(Input.of(text), "--stdin", "--no-tty", "--", "cat").end();

    assertThat(ended.out()).isEqualTo(text);
    assertThat(program.record().journal().the("exec.end").path("bytes_in").asInt())
        .isEqualTo(text.length());
  }

  @Test
  void types_standard_input_and_its_end_into_a_terminal_when_asked() throws Exception {
    var ended = program.startRun(Input.of("typed\nend"), "--stdin", "--tty", "--", "cat").end();

    assertThat(ended.code()).isZero();
    assertThat(ended.out()).contains("typed\r\n").endsWith("end");
  }

  @Test
  void lets_the_command_feel_that_nobody_reads_any_more() throws Exception {
    var ended =
        program.script(
            "{ \"$@\" --no-tty -- sh -c 'trap \"\" TERM; yes; echo $? >ended'; echo $? >code; } |"
                + " head -1");

    assertThat(ended.out()).isEqualTo("y\n");
    assertThat(program.directory().resolve("ended")).content().isEqualTo("141\n");
    assertThat(program.directory().resolve("code")).content().isEqualTo("0\n");
    assertThat(program.record().manifest().path("status").asString()).isEqualTo("ended");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--json=full"})
  void ends_the_run_when_nobody_reads_its_lines(String format) throws Exception {
    unread(format, ": >begun; yes & sleep 20");

    assertThat(program.directory().resolve("code")).content().isEqualTo("141\n");
    var summary = program.record().manifest().path("summary");
    assertThat(summary.path("outcome").asString()).isEqualTo("reader_gone");
    assertThat(summary.path("code").asInt()).isEqualTo(141);
    assertThat(summary.path("survivors")).isEmpty();
    assertThat(program.record().journal().summary().path("outcome").asString())
        .isEqualTo("reader_gone");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--json", "--json=full"})
  void says_by_its_code_that_nobody_has_read_its_last_lines(String format) throws Exception {
    unread(format, ": >begun; until test -e gone; do sleep 0.02; done");

    assertThat(program.directory().resolve("code")).content().isEqualTo("141\n");
    assertThat(program.record().manifest().path("status").asString()).isEqualTo("ended");
  }

  @Test
  void ends_with_its_own_code_when_standard_output_was_never_open() throws Exception {
    assertThat(program.script("\"$@\" -- sh -c 'echo lost; exit 7' >&-").code()).isEqualTo(7);
    assertThat(program.record().spooledBytes("stdout")).isEqualTo("lost\n".length());
  }

  @Test
  void keeps_head_and_tail_and_declares_the_rest_when_the_cap_is_reached() throws Exception {
    var ended = program.run("--spool-cap", "1m", "--no-tty", "--", "sh", "-c", NOISE);

    assertThat(ended.code()).isZero();
    var noise = Files.readAllBytes(program.directory().resolve("noise"));
    assertThat(ended.bytes()).isEqualTo(noise);
    var journal = program.record().journal();
    journal.requireWholeOutput();
    var total = Facts.streams(journal.summary()).get("stdout");
    var lost = total.path("lost").path(0);
    assertThat(total.path("lost")).hasSize(1);
    assertThat(lost.path("reason").asString()).isEqualTo("cap");
    assertThat(total.path("spooled").asLong())
        .isEqualTo(program.record().spooledBytes("stdout"))
        .isBetween(MEBIBYTE * 9L / 10, (long) MEBIBYTE);
    requireSpooled(noise, 0, lost.path("from").asInt());
    requireSpooled(noise, lost.path("to").asInt(), noise.length);
  }

  @Test
  void passes_one_line_of_8_megabytes_on() throws Exception {
    passesOn(8 * MEBIBYTE);
  }

  @Test
  @Tag("slow")
  void passes_one_line_of_50_megabytes_on() throws Exception {
    passesOn(50 * MEBIBYTE);
  }

  private void passesOn(int bytes) throws Exception {
    var script = "head -c %d /dev/zero | tr '\\0' x".formatted(bytes);

    var full = program.run("--json=full", "--no-tty", "--", "sh", "-c", script).facts();

    full.requireWholeOutput();
    assertThat(Facts.streams(full.summary()).get("stdout").path("bytes").asLong()).isEqualTo(bytes);
    assertThat(full.the("item.completed").at("/item/aggregated_output").asString().length())
        .isLessThan(MEBIBYTE + 100);
    assertThat(program.record().spooledBytes("stdout")).isEqualTo(bytes);
  }

  @Test
  void writes_output_out_as_it_comes() throws Exception {
    var running =
        program.startRun(
            "--no-tty", "--", "sh", "-c", "printf begun; while ! test -e go; do sleep 0.02; done");

    running.awaitOut("begun");
    Files.createFile(program.directory().resolve("go"));
    assertThat(running.end().out()).isEqualTo("begun");
  }

  /// Reads one line when the command has begun, and goes away.
  private void unread(String format, String command) throws Exception {
    program.script(
        """
        { "$@" %s -- sh -c '%s'; echo $? >code; } |
            { until test -e begun; do sleep 0.02; done; head -1; exec <&-; : >gone; }
        """
            .formatted(format, command));
  }

  private void requireSpooled(byte[] noise, int from, int to) throws IOException {
    assertThat(program.record().spooled("stdout", from, to))
        .isEqualTo(Arrays.copyOfRange(noise, from, to));
  }
}
