package dev.orchestrator.app.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.orchestrator.app.flags.AccessFlags.Asking;
import dev.orchestrator.app.flags.RunFlags.Format;
import dev.orchestrator.engine.approval.Deadline;
import dev.orchestrator.engine.approval.Policy;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandLineTest {
  private static final AccessFlags ACCESS =
      new AccessFlags(
          Level.DANGER_FULL_ACCESS,
          "orchestrator.run.sandbox_mode",
          new Policy.OnRequest(),
          false,
          SettingsFlags.NONE,
          List.of(),
          false,
          List.of(),
          false,
          true,
          Asking.TERMINAL,
          new Deadline.Wait());

  private static final RunFlags NOTHING_SAID =
      new RunFlags(
          Format.HUMAN,
          Optional.empty(),
          Optional.empty(),
          false,
          Optional.empty(),
          Map.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          1L << 30,
          false,
          false,
          false,
          Optional.empty(),
          false,
          ACCESS,
          1,
          List.of("make"));

  @TempDir private Path folder;

  @Test
  void assumes_nothing_that_was_not_said() throws Exception {
    assertThat(parse("make")).isEqualTo(NOTHING_SAID);
    assertThat(parse("--", "make")).isEqualTo(NOTHING_SAID);
  }

  @Test
  void hears_everything_that_is_said() throws Exception {
    var flags =
        parse(
            "--json=full",
            "--tty",
            "--size",
            "120x36",
            "--stdin",
            "-C",
            "/home/ada",
            "--env",
            "A=1",
            "--env",
            "B=x=y",
            "--task",
            "build",
            "--runs-dir",
            "/runs",
            "--timeout",
            "5m",
            "--idle-timeout",
            "30",
            "--spool-cap",
            "10m",
            "--fail-on-cap",
            "--exit-code",
            "contract",
            "--summary-file",
            folder + "/summary.json",
            "--quiet",
            "--",
            "make",
            "--json",
            "-x");

    assertThat(flags)
        .isEqualTo(
            new RunFlags(
                Format.JSON_FULL,
                Optional.of(true),
                Optional.of(new WindowSize(120, 36)),
                true,
                Optional.of(Path.of("/home/ada")),
                Map.of("A", "1", "B", "x=y"),
                Optional.of("build"),
                Optional.of(Path.of("/runs")),
                Optional.of(Duration.ofMinutes(5)),
                Optional.of(Duration.ofSeconds(30)),
                10 << 20,
                true,
                true,
                false,
                Optional.of(folder.resolve("summary.json")),
                true,
                ACCESS,
                3,
                List.of("make", "--json", "-x")));
  }

  @Test
  void takes_values_after_an_equals_sign_too() throws Exception {
    var flags = parse("--timeout=5m", "--cwd=/a=b", "--env=A=1", "--exit-code=command", "make");

    assertThat(flags.timeout()).contains(Duration.ofMinutes(5));
    assertThat(flags.cwd()).contains(Path.of("/a=b"));
    assertThat(flags.env()).isEqualTo(Map.of("A", "1"));
    assertThat(flags.contractCodes()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          --json,        JSON
          --json=full,   JSON_FULL
          --no-tty,      HUMAN
          """)
  void knows_what_goes_to_standard_output(String flag, Format format) throws Exception {
    assertThat(parse(flag, "make").format()).isEqualTo(format);
  }

  @Test
  void knows_codexs_older_name_for_json() throws Exception {
    assertThat(parse("--experimental-json", "make").format()).isEqualTo(Format.JSON);
  }

  @Test
  void hears_short_names_and_the_flags_without_a_value() throws Exception {
    assertThat(parse("-q", "make").quiet()).isTrue();
    assertThat(parse("--no-tty", "make").tty()).contains(false);
    assertThat(parse("--ephemeral", "make").ephemeral()).isTrue();
    assertThat(parse("--json", "--json", "make").format()).isEqualTo(Format.JSON);
  }

  @Test
  void leaves_the_commands_own_options_to_the_command() throws Exception {
    var flags = parse("--json", "grep", "--quiet", "-C", "3", "--", "x");

    assertThat(flags.command()).containsExactly("grep", "--quiet", "-C", "3", "--", "x");
    assertThat(flags.commandWords()).isEqualTo(6);
    assertThat(flags.quiet()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-", "", "a b", "@file", "--odd"})
  void takes_any_word_after_two_dashes_for_the_command(String word) throws Exception {
    assertThat(parse("--", word, "--json").command()).containsExactly(word, "--json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-h", "--help", "--json --help"})
  void asks_for_help_when_told_to(String words) throws Exception {
    assertThat(RunCommandLine.parse(List.of(words.split(" ", -1)), folder)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          ''                            | no command given; write it last: orchestrator run -- COMMAND
          --json                        | no command given; write it last: orchestrator run -- COMMAND
          --json --                     | no command given; write it last: orchestrator run -- COMMAND
          --jsom make                   | unknown option '--jsom'; see orchestrator run --help
          -x make                       | unknown option '-x'; see orchestrator run --help
          --jso=full make               | unknown option '--jso=full'; see orchestrator run --help
          --json=other make             | --json: 'other' is not known; write --json or --json=full
          --tty=yes make                | --tty takes no value; leave '=yes' out
          --timeout                     | --timeout needs a value, TIME; see orchestrator run --help
          -C                            | --cwd needs a value, DIR; see orchestrator run --help
          --task a --task b make        | --task is given twice, 'a' and 'b'; give it once
          -C /a --cwd /b make           | --cwd is given twice, '/a' and '/b'; give it once
          --timeout soon make           | --timeout: 'soon' is not a duration; write for example 90s, 200ms or 1h30m
          --idle-timeout 0 make         | --idle-timeout: '0' is not a duration; write for example 90s, 200ms or 1h30m
          --spool-cap -1 make           | --spool-cap: '-1' is not a size; write for example 4096, 64k, 10m or 1g
          --size 80 make                | --size: '80' is not a size of a terminal; write columns and rows, for example 120x36
          --tty --no-tty make           | --tty and --no-tty exclude each other; give one of them
          --no-tty --size 80x24 make    | --size is the size of a terminal; leave --no-tty out to have one
          --env A make                  | --env: 'A' is not NAME=VALUE; write for example --env A=1
          --env =1 make                 | --env: '=1' is not NAME=VALUE; write for example --env A=1
          --task a/b make               | --task: 'a/b' cannot be a folder's name; use 1 to 64 letters, digits, '.', '_' and '-'
          --exit-code turn make         | --exit-code: 'turn' is neither command nor contract; name one of them
          --ephemeral --task a make     | --task is about a record, and --ephemeral keeps none; leave one of them out
          --ephemeral --runs-dir a make | --runs-dir is about a record, and --ephemeral keeps none; leave one of them out
          --ephemeral --spool-cap 1 make| --spool-cap is about a record, and --ephemeral keeps none; leave one of them out
          --cwd= make                   | --cwd: the path is empty; name a file or folder
          --runs-dir= make              | --runs-dir: the path is empty; name a file or folder
          --summary-file /no/s make     | --summary-file: /no/s cannot be a file; name one in an existing folder
          --summary-file / make         | --summary-file: / cannot be a file; name one in an existing folder
          """)
  void says_in_one_line_what_is_wrong_and_what_to_do(String words, String message) {
    assertThat(complaint(words.isEmpty() ? new String[0] : words.split(" ", -1)))
        .isEqualTo(message);
  }

  @Test
  void says_what_is_wrong_with_a_path_or_variable_that_cannot_be_one() {
    assertThat(complaint("--cwd", "a\0b", "make"))
        .startsWith("--cwd: 'a\0b' is not a valid path; ");
    assertThat(complaint("--env", "", "make"))
        .isEqualTo("--env: '' is not NAME=VALUE; write for example --env A=1");
  }

  @Test
  void takes_a_relative_summary_file_for_one_in_the_working_directory() throws Exception {
    assertThat(parse("--summary-file", "summary.json", "make").summaryFile())
        .contains(folder.resolve("summary.json"));
  }

  @Test
  void may_replace_an_old_summary_file() throws Exception {
    var file = Files.writeString(folder.resolve("summary.json"), "{}");

    assertThat(parse("--summary-file", file.toString(), "make").summaryFile()).contains(file);
  }

  private RunFlags parse(String... words) throws UsageError {
    return RunCommandLine.parse(List.of(words), folder).orElseThrow();
  }

  private String complaint(String... words) {
    var error =
        catchThrowableOfType(UsageError.class, () -> RunCommandLine.parse(List.of(words), folder));
    assertThat(error).as(String.join(" ", words)).isNotNull();
    return error.getMessage();
  }
}
