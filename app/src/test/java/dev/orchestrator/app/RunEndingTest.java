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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `orchestrator run`: exit codes, and the one line on standard error.
class RunEndingTest {
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
          --no-tty                                 | exit 0        |   0 |
          --no-tty                                 | exit 7        |   7 | exit code 7
          --tty                                    | exit 7        |   7 | exit code 7
          --no-tty                                 | kill -TERM $$ | 143 | ended by SIGTERM
          --tty                                    | kill -KILL $$ | 137 | ended by SIGKILL
          --timeout 300ms                          | exec sleep 60 | 124 | timed out after 0.3 s
          --idle-timeout 300ms                     | exec sleep 60 | 124 | no output and no work for 0.3 s
          --exit-code=contract                     | exit 0        |   0 |
          --exit-code=contract                     | exit 7        |  10 | exit code 7
          --exit-code=contract                     | kill -HUP $$  |  10 | ended by SIGHUP
          --exit-code=contract --idle-timeout 0.3s | exec sleep 60 |  15 | no output and no work for 0.3 s
          --exit-code=contract --timeout 0.3       | exec sleep 60 |  16 | timed out after 0.3 s
          """)
  void says_how_the_command_ended(String flags, String script, int code, String reason)
      throws Exception {
    var ended = program.run(words(flags, "sh", "-c", script));

    assertThat(ended.code()).as(ended.err()).isEqualTo(code);
    if (reason == null) {
      assertThat(ended.err()).isEmpty();
    } else {
      assertThat(ended.err())
          .matches("orchestrator: \\Q%s\\E \\(\\d+\\.\\d s\\)\n".formatted(reason));
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --no-tty              | no-such-program | 127 | no-such-program
          --tty                 | no-such-program | 127 | no-such-program
          --no-tty              | ./no/such/path  | 127 | ./no/such/path
          --no-tty              | ./plain-file    | 126 | ./plain-file
          --tty                 | ./plain-file    | 126 | ./plain-file
          --no-tty              | ./folder        | 126 | ./folder
          --cwd no/such/folder  | true            | 125 | no/such/folder
          --cwd plain-file      | true            | 125 | plain-file
          --exit-code=contract  | no-such-program |  10 | no-such-program
          --exit-code=contract  | ./plain-file    |  10 | ./plain-file
          --exit-code=contract --cwd no/such/folder | true | 1 | no/such/folder
          """)
  void names_what_could_not_be_started(String flags, String command, int code, String named)
      throws Exception {
    Files.writeString(program.directory().resolve("plain-file"), "not a program");
    Files.createDirectory(program.directory().resolve("folder"));

    var ended = program.run(words(flags, command));

    assertThat(ended.code()).as(ended.err()).isEqualTo(code);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines()).singleElement().asString().contains("orchestrator: ", named);
    assertThat(program.record().manifest().at("/summary/code").asInt(-1)).isEqualTo(code);
  }

  @Test
  void refuses_to_run_when_it_cannot_keep_a_record() throws Exception {
    var file = Files.writeString(folder.resolve("in-the-way"), "");

    var ended = program.keepingRunsIn(file).run("--", "touch", "started");

    assertThat(ended.code()).isEqualTo(125);
    assertThat(ended.err().lines())
        .singleElement()
        .asString()
        .contains(file.toString(), "--runs-dir", "--ephemeral");
    assertThat(program.directory().resolve("started")).doesNotExist();
  }

  @Test
  void ends_the_command_before_it_goes_on_with_its_next_step() throws Exception {
    program.run("--timeout", "300ms", "--", "sh", "-c", "sleep 60; touch went-on");

    assertThat(program.directory().resolve("went-on")).doesNotExist();
  }

  private static String[] words(String flags, String... command) {
    var words = new ArrayList<>(List.of(flags.strip().split(" +", -1)));
    words.add("--");
    words.addAll(List.of(command));
    return words.toArray(String[]::new);
  }
}
