package dev.orchestrator.app.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLinesTest {
  @ParameterizedTest
  @ValueSource(strings = {"run", "apply-patch", "reap", "schema", "completion", "man"})
  void help_with_every_command(String command) throws Exception {
    assertThat(CommandLines.help(List.of(), false)).contains("\n  " + command);
    assertThat(CommandLines.help(List.of(command), false))
        .startsWith("Usage: orchestrator " + command)
        .contains("--help")
        .doesNotContain("\u001b");
  }

  @Test
  void help_fits_a_line_of_100_columns() throws Exception {
    assertThat(CommandLines.help(List.of("run"), false).lines())
        .allSatisfy(it -> assertThat(it.length()).isLessThanOrEqualTo(100));
  }

  @Test
  void help_names_every_option_of_run() throws Exception {
    var help = CommandLines.help(List.of("run"), false);

    for (var option : RunCommandLine.OPTIONS) {
      assertThat(help).contains(option.names().toArray(String[]::new));
    }
    assertThat(help).contains("Exit codes:", "  127  there is no such command");
  }

  @Test
  void help_is_coloured_only_if_asked() throws Exception {
    assertThat(CommandLines.help(List.of("run"), true)).contains("\u001b[");
  }

  @Test
  void manual_has_every_section_and_option() throws Exception {
    var page = CommandLines.manual(List.of("run"));

    assertThat(page)
        .startsWith(".TH ORCHESTRATOR-RUN 1\n.SH NAME\norchestrator\\-run \\- ")
        .contains("\n.SH SYNOPSIS\n", "\n.SH DESCRIPTION\n", "\n.SH OPTIONS\n")
        .contains("\n.SH EXIT STATUS\n.nf\n")
        .contains("\\-\\-idle\\-timeout \\fITIME\\fR");
    assertThat(CommandLines.manual(List.of())).contains("\n.SH COMMANDS\n.TP\n.B run\n");
  }

  @Test
  void manual_has_no_line_that_troff_would_take_for_a_request() throws Exception {
    for (var command : List.of("run", "apply-patch", "reap", "schema", "completion", "man")) {
      assertThat(CommandLines.manual(List.of(command)).lines())
          .noneMatch(it -> it.startsWith("'"))
          .allSatisfy(it -> assertThat(it).matches("(\\.(TH|SH|TP|B|nf|fi)\\b.*)|([^.].*)|"));
    }
  }

  @Test
  void completion_is_a_script_that_bash_understands() throws Exception {
    var script = CommandLines.completionScript();
    assertThat(script).contains("--idle-timeout", "orchestrator");

    var bash = new ProcessBuilder("bash", "-n").redirectErrorStream(true).start();
    try (var in = bash.outputWriter()) {
      in.write(script);
    }
    assertThat(bash.inputReader().lines()).isEmpty();
    assertThat(bash.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(bash.exitValue()).isZero();
  }

  @Test
  void unknown_command_is_answered_with_those_there_are() {
    assertThatThrownBy(() -> CommandLines.help(List.of("rum"), false))
        .isInstanceOf(UsageError.class)
        .hasMessage(
            "no command 'rum'; there are run, exec, plan, approvals, sandbox, apply-patch, config,"
                + " instructions, doctor, reap, schema, completion, man; see orchestrator --help");
  }

  @Test
  void simple_commands_hear_their_few_options() throws Exception {
    assertThat(CommandLines.parse("reap", 0, List.of("-q", "--live", "/note")))
        .isEqualTo(new CommandLines.Simple(false, true, "/note", List.of()));
    assertThat(CommandLines.parse("schema", 1, List.of("events")))
        .isEqualTo(new CommandLines.Simple(false, false, "", List.of("events")));
    assertThat(CommandLines.parse("man", 1, List.of("--help")).help()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          reap   | 0 | now          | reap: 'now' is not expected; see orchestrator reap --help
          schema | 1 | events state | schema: 'state' is not expected; see orchestrator schema --help
          schema | 1 | --quiet      | unknown option '--quiet'; see orchestrator schema --help
          reap   | 0 | --live       | --live needs a value, FILE; see orchestrator reap --help
          """)
  void simple_commands_say_what_is_wrong(String command, int most, String words, String message) {
    assertThatThrownBy(() -> CommandLines.parse(command, most, List.of(words.split(" ", -1))))
        .isInstanceOf(UsageError.class)
        .hasMessage(message);
  }
}
