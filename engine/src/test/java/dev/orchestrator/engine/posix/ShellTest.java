package dev.orchestrator.engine.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellTest {
  private static final String ALPHABET = "ab \t\n'\"\\$`!*?[]{}()<>|&;#~=%^-/.,:@+_ü🙂";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          make       | make
          a-b/c.d    | a-b/c.d
          A=1        | 'A=1'
          a b        | 'a b'
          it's       | "it's"
          a\\b "c"  | "a\\\\b \\"c\\""
          '$a        | "'"'$a'
          ^a         | '^a'
          $HOME      | '$HOME'
          *          | '*'
          ~          | '~'
          ü          | 'ü'
          ``         | ''
          """)
  void quotes_a_word_only_if_it_must(String word, String quoted) {
    assertThat(Shell.quote(List.of(word))).isEqualTo(quoted);
  }

  @Test
  void puts_spaces_between_words() {
    assertThat(Shell.quote(List.of("git", "commit", "-m", "fix it")))
        .isEqualTo("git commit -m 'fix it'");
  }

  @Test
  void is_read_back_by_a_shell_as_it_was() throws Exception {
    var random = new Random(1);
    var words = new ArrayList<>(List.of("", "-n", "'", "''", "\\", "a\nb", "\n", "%s"));
    for (var index = 0; index < 500; index++) {
      words.add(word(random));
    }

    assertThat(readBack(Shell.quote(words))).isEqualTo(words);
  }

  private static String word(Random random) {
    var alphabet = ALPHABET.codePoints().toArray();
    return random
        .ints(random.nextInt(8), 0, alphabet.length)
        .map(it -> alphabet[it])
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  /// The words a shell makes of a line, told apart by NUL.
  private static List<String> readBack(String line) throws Exception {
    var shell = new ProcessBuilder("sh", "-c", "printf '%s\\0' " + line).start();
    var printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(shell.waitFor()).isZero();
    return List.of(printed.substring(0, printed.length() - 1).split("\0", -1));
  }
}
