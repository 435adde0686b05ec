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
import org.junit.jupiter.params.provider.ValueSource;

/// `orchestrator run`: what reaches the command.
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
