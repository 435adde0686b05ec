package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/// `orchestrator run`: exit codes, and the one line on standard error, of the built program.
@Execution(ExecutionMode.CONCURRENT)
class RunEndingIT {
  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.in(folder);
  }

  @ParameterizedTest(name = "{0} {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --no-tty                                 | exit 7        |   7 | exit code 7
          --tty                                    | kill -KILL $$ | 137 | ended by SIGKILL
          --spool-cap 64k --fail-on-cap            | exec yes      | 125 | more than 65,536 bytes of output
          --exit-code contract --spool-cap 64k --fail-on-cap | exec yes | 17 | more than 65,536 bytes of output
          """)
  void says_how_the_command_ended(String flags, String script, int code, String reason)
      throws Exception {
    var ended = program.run(words(flags, "sh", "-c", script));

    assertThat(ended.code()).as(ended.err()).isEqualTo(code);
    assertThat(ended.err())
        .matches("orchestrator: \\Q%s\\E \\(\\d+\\.\\d s\\)\n".formatted(reason));
  }

  @Test
  void is_silent_about_failures_when_asked() throws Exception {
    assertThat(program.run("--quiet", "--", "sh", "-c", "exit 7"))
        .returns(7, Running.Ended::code)
        .returns("", Running.Ended::err);
  }

  @Test
  void leaves_standard_error_to_the_command_when_it_writes_json() throws Exception {
    assertThat(program.run("--json", "--", "sh", "-c", "echo oops >&2; exit 7"))
        .returns(7, Running.Ended::code)
        .returns("", Running.Ended::err);
  }

  private static String[] words(String flags, String... command) {
    var words = new ArrayList<>(List.of(flags.strip().split(" +", -1)));
    words.add("--");
    words.addAll(List.of(command));
    return words.toArray(String[]::new);
  }
}
