package dev.orchestrator.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
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
import org.junit.jupiter.params.provider.ValueSource;

/// `orchestrator run`: what reaches the command.
@Execution(ExecutionMode.CONCURRENT)
class RunArgumentsIT {
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
  void passes_any_bytes_on_and_leaves_the_locale_as_it_was(String locale) throws Exception {
    program.without("LANG").without("LC_CTYPE").with("LC_ALL", locale);

    var ended =
        program.script(
            """
            "$@" -- sh -c 'printf "%s|%s|%s" "$LC_ALL" "$1" "$2"' sh ünï→😀 \
                "$(printf 'a \\377\\376\\n\\303')"
            """);

    // One character for each byte.
    var text = new String((locale + "|ünï→😀|").getBytes(UTF_8), ISO_8859_1);
    assertThat(ended.rawOut()).isEqualTo(text + "a \u00ff\u00fe\n\u00c3");
  }

  @Test
  void sets_no_locale_for_the_command_where_there_was_none() throws Exception {
    program.without("LANG").without("LC_CTYPE").without("LC_ALL");

    assertThat(program.run("--", "sh", "-c", "echo ${LC_ALL-unset} ${LANG-unset}").out())
        .isEqualTo("unset unset\n");
  }

  @Test
  void uses_pipes_when_standard_output_is_no_terminal() throws Exception {
    assertThat(
            program.run("--", "sh", "-c", "test -t 0 || test -t 1 || test -t 2 || echo none").out())
        .isEqualTo("none\n");
  }

  private static String[] command(String program, String first, List<String> words) {
    var all = new ArrayList<>(List.of("--", program, first));
    all.addAll(words);
    return all.toArray(String[]::new);
  }
}
