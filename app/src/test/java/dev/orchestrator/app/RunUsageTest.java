package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `orchestrator run`: what is said about bad input.
class RunUsageTest {
  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.inside(folder);
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

  private static String[] run(String... words) {
    var all = new ArrayList<>(List.of("run"));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }
}
