package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `orchestrator run`: what reaches the command, and what is said about bad input.
@Execution(ExecutionMode.CONCURRENT)
class RunArgumentsIT {
  private static final byte[] RAW = {'a', ' ', (byte) 0xff, (byte) 0xfe, '\n', (byte) 0xc3};
  private static final String WRITE_RAW = "$(printf 'a \\377\\376\\n\\303')";

  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.in(folder);
  }

  @Test
  void passes_words_on_as_they_are() throws Exception {
    var words =
        List.of("", " ", "two words", "line\nbreak", "--json", "*", "$HOME", "'\"\\", "ünï→😀");

    var ended = program.run(command("printf", "[%s]", words));

    assertThat(ended.out()).isEqualTo("[" + String.join("][", words) + "]");
  }

  @Test
  void passes_a_very_long_word_on() throws Exception {
    var word = "0123456789".repeat(10_000);

    assertThat(program.run("--", "printf", "%s", word).out()).isEqualTo(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C.UTF-8", "C", "POSIX", ""})
  void passes_bytes_on_that_are_not_utf_8(String locale) throws Exception {
    program.without("LANG").without("LC_CTYPE").with("LC_ALL", locale);

    var ended = program.script("\"$@\" -- printf %s \"" + WRITE_RAW + "\"");

    assertThat(ended.bytes()).isEqualTo(RAW);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8", "POSIX"})
  void leaves_the_locale_of_the_command_as_it_was(String locale) throws Exception {
    program.without("LANG").without("LC_CTYPE").with("LC_ALL", locale);

    var ended = program.run("--", "sh", "-c", "printf '%s|' \"$LC_ALL\" \"$1\"", "sh", "ünï→😀");

    assertThat(ended.out()).isEqualTo(locale + "|ünï→😀|");
  }

  @Test
  void sets_no_locale_for_the_command_where_there_was_none() throws Exception {
    program.without("LANG").without("LC_CTYPE").without("LC_ALL");

    assertThat(program.run("--", "sh", "-c", "echo ${LC_ALL-unset} ${LANG-unset}").out())
        .isEqualTo("unset unset\n");
  }

  @Test
  void sets_variables_and_keeps_the_others() throws Exception {
    program.with("KEPT", "k").with("REPLACED", "old");

    var ended =
        program.run(
            "--env",
            "REPLACED=new",
            "--env",
            "A=1",
            "--env=B=x=y z",
            "--env",
            "EMPTY=",
            "--",
            "sh",
            "-c",
            "printf '%s|' \"$KEPT\" \"$REPLACED\" \"$A\" \"$B\" \"${EMPTY-unset}\"");

    assertThat(ended.out()).isEqualTo("k|new|1|x=y z||");
  }

  @Test
  void keeps_tools_from_asking() throws Exception {
    assertThat(program.run("--", "sh", "-c", "echo $GIT_TERMINAL_PROMPT $PAGER $GIT_PAGER").out())
        .isEqualTo("0 cat cat\n");
  }

  @Test
  void runs_where_it_is_told() throws Exception {
    var elsewhere = Files.createDirectories(folder.resolve("else where"));

    assertThat(program.run("--cwd", elsewhere.toString(), "--", "pwd").out())
        .isEqualTo(elsewhere.toRealPath() + "\n");
    assertThat(program.run("-C", "../else where", "--", "pwd").out())
        .isEqualTo(elsewhere.toRealPath() + "\n");
    assertThat(program.run("pwd").out()).isEqualTo(program.directory().toRealPath() + "\n");
  }

  @Test
  void gives_a_terminal_of_the_size_that_was_asked_for() throws Exception {
    var look = "test -t 1 && test -t 2 && stty size <&1 && echo $TERM";

    assertThat(
            program.without("TERM").run("--tty", "--size", "123x45", "--", "sh", "-c", look).out())
        .isEqualTo("45 123\r\nxterm-256color\r\n");
    assertThat(program.run("--tty", "--", "sh", "-c", "stty size <&1").out())
        .isEqualTo("24 80\r\n");
  }

  @Test
  void uses_pipes_when_standard_output_is_no_terminal() throws Exception {
    assertThat(
            program.run("--", "sh", "-c", "test -t 0 || test -t 1 || test -t 2 || echo none").out())
        .isEqualTo("none\n");
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --timeout=soon            | --timeout      | soon
          --timeout=0               | --timeout      | 0
          --timeout=-1s             | --timeout      | -1s
          --idle-timeout=5x         | --idle-timeout | 5x
          --spool-cap=lots          | --spool-cap    | lots
          --spool-cap=-1            | --spool-cap    | -1
          --spool-cap=99999999999g  | --spool-cap    | 99999999999g
          --size=wide               | --size         | wide
          --size=0x0                | --size         | 0x0
          --size=99999x1            | --size         | 99999x1
          --env=NOVALUE             | --env          | NOVALUE
          --env==x                  | --env          | =x
          --task=../up              | --task         | ../up
          --task=                   | --task         | ''
          --exit-code=mine          | --exit-code    | mine
          --json=half               | --json         | half
          --summary-file=no/such/f  | --summary-file | no/such/f
          --summary-file=.          | --summary-file | .
          --cwd=                    | --cwd          | empty
          --no-such-flag            | --no-such-flag | --help
          --tty=yes                 | --tty          | yes
          --tty --no-tty            | --tty          | --no-tty
          --size=80x24 --no-tty     | --size         | --no-tty
          --ephemeral --task=t      | --task         | --ephemeral
          --ephemeral --spool-cap=1 | --spool-cap    | --ephemeral
          --timeout=1 --timeout=2   | --timeout      | twice
          """)
  void explains_bad_input_in_one_line(String flags, String flag, String value) throws Exception {
    var words = (flags + " -- touch started").split(" ", -1);

    var ended = flags.contains("--ephemeral") ? program.call(run(words)) : program.run(words);

    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines())
        .singleElement()
        .asString()
        .startsWith("orchestrator: ")
        .contains(flag, value)
        .matches(".*; .+");
    assertThat(program.directory().resolve("started")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run               | no command given
          run --            | no command given
          run --timeout     | --timeout needs a value
          run --task a      | no command given
          ''                | no command given
          rum               | no command 'rum'
          --no-such-flag    | unknown option '--no-such-flag'
          """)
  void explains_what_is_missing_in_one_line(String words, String complaint) throws Exception {
    var ended = program.call(words.isEmpty() ? new String[0] : words.split(" ", -1));

    assertThat(ended.code()).as(ended.err()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines())
        .singleElement()
        .asString()
        .contains(complaint)
        .matches(".*; .+");
  }

  private static String[] command(String program, String first, List<String> words) {
    var all = new ArrayList<>(List.of("--", program, first));
    all.addAll(words);
    return all.toArray(String[]::new);
  }

  private static String[] run(String... words) {
    var all = new ArrayList<>(List.of("run"));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }
}
