package dev.orchestrator.engine.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostileTomlTest {
  private static final int MIB = 1024 * 1024;

  @TempDir private Path folder;
  private Project project;

  @BeforeEach
  void project() throws IOException {
    project = Project.in(folder);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = [",
        "a = {b=",
        "a = [{b=[",
        "[[",
        "a.",
        "\"a\".",
        "a = '''",
        "a = \"\"\"",
        "'"
      })
  void survives_what_is_nested_or_never_ends(String piece) throws Exception {
    var file = project.codex("\n" + piece.repeat(MIB / piece.length() - 10));

    Assertions.assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () ->
            assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> project.load())
                .withMessageStartingWith(file + ":"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"#\n", "\n", " \r\n", "# a = [ \n\n", "#'\n"})
  void takes_no_time_over_comments_and_empty_lines(String piece) throws Exception {
    var many = piece.repeat(MIB / 4 / piece.length());
    var file = project.codex(many + "model = 'x#y' # z\n" + many);

    var settings =
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () -> project.load());

    assertThat(settings.text("model")).contains("x#y");
    assertThat(settings.origin("model").text()).isEqualTo(file + ":" + (many.lines().count() + 1));
  }

  @Test
  void keeps_what_stands_in_strings_and_counts_their_lines() throws Exception {
    var file =
        project.codex(
            String.join(
                "\n",
                "model = \"\"\"",
                "#a",
                "",
                "\\\"#b\"\"\"",
                "",
                "# c",
                "review_model = \"\\\"#\" #d",
                "service_tier = '\\'"));

    var settings = project.load();

    assertThat(settings.text("model")).contains("#a\n\n\"#b");
    assertThat(settings.text("review_model")).contains("\"#");
    assertThat(settings.text("service_tier")).contains("\\");
    assertThat(settings.origin("review_model").text()).isEqualTo(file + ":7");
  }

  @Test
  void reads_a_file_of_the_largest_size_and_no_larger_one() throws Exception {
    var text = "model = \"" + "x".repeat(MIB - 10) + "\"";
    project.codex(text);
    assertThat(project.load().text("model").orElseThrow()).hasSize(MIB - 10);

    var file = project.codex(text + "\n");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> project.load())
        .withMessage(file + ": larger than 1048576 bytes");
  }

  @Test
  void refuses_what_is_no_text() throws Exception {
    var file = project.codexHome().resolve("config.toml");
    Files.write(file, new byte[] {'#', (byte) 0xff, '\n'});

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> project.load())
        .withMessage(file + ": not UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          model = "a"\\nmodel = "b"        | 2
          [tui]\\na = 1\\n[tui]            | 3
          model = "a"\\nmodel.x = 1        | 2
          model =                          | 1
          \\n\\nmodel = nothing            | 3
          """)
  void names_line_and_column_of_what_is_not_toml(String text, int line) throws Exception {
    var file = project.codex(text.replace("\\n", "\n"));

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> project.load())
        .satisfies(
            it -> assertThat(it.getMessage()).matches("(?s)" + file + ":" + line + ":\\d+: .*"));
  }

  @Test
  void tells_of_twenty_problems_and_counts_the_rest() throws Exception {
    project.codex("model_context_window = 'x'\n" + "x y\n".repeat(50));

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> project.load())
        .withMessageMatching("(?s).*; and \\d+ more");
  }

  /// What Codex's rules for `-c` make of a value.
  @ParameterizedTest(name = "[{0}] is [{1}]")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          model=x                 | x
          model= x y              | x y
          ~ model = "x" ~         | x
          model='x'               | x
          model=[bad              | [bad
          model="unclosed         | unclosed
          model=''quoted''        | quoted
          model=a=b               | a=b
          model=                  | ~~
          model="5"               | 5
          model=x\\ny = 1         | x\\ny = 1
          """)
  void reads_overrides_as_codex_does(String override, String value) throws Exception {
    assertThat(project.load(override.replace("\\n", "\n")).text("model"))
        .contains(value.replace("\\n", "\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model      | -c: 'model' is not KEY=VALUE; write for example -c model_verbosity=low
          =x         | -c: '' is no key; write for example -c model_verbosity=low
          a..b=x     | -c: 'a..b' is no key; write for example -c model_verbosity=low
          .=x        | -c: '.' is no key; write for example -c model_verbosity=low
          model=5    | -c: model is 5; expected text
          model=true | -c: model is true; expected text
          history=1  | -c: history is 1; expected table
          """)
  void says_what_is_wrong_with_an_override(String override, String message) {
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> project.load(override))
        .withMessage(message);
  }

  @Test
  void lets_later_overrides_win_and_makes_tables_on_the_way() throws Exception {
    var settings =
        project.load(
            "model=a", "model=b", "mcp_servers.x.command=run", "mcp_servers.x.args=[\"1\"]");

    assertThat(settings.text("model")).contains("b");
    assertThat(settings.words("mcp_servers.x.args").orElseThrow()).containsExactly("1");
  }

  @Test
  void takes_any_override_for_a_value_or_says_why_not() throws Exception {
    var random = new Random(42);
    var pieces = "abc=.\"'[]{}#,\\\n\t0129-_ \u0000é\ud83d\ude00tru";
    var keys = new String[] {"model=", "features.x=", "", "notify=", "a.b=", "approval_policy="};
    for (var round = 0; round < 2_000; round++) {
      var text = new StringBuilder(keys[random.nextInt(keys.length)]);
      for (var i = random.nextInt(12); i > 0; i--) {
        text.append(pieces.charAt(random.nextInt(pieces.length())));
      }
      try {
        assertThat(project.load(text.toString()).effective()).isNotEmpty();
      } catch (SettingsException e) {
        assertThat(e.problems()).as(text.toString()).allMatch(it -> it.startsWith("-c: "));
      }
    }
  }
}
