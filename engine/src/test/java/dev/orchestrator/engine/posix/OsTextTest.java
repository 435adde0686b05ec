package dev.orchestrator.engine.posix;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OsTextTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "plain", "grün", "語", "🙂", "a\u0000b\uffff"})
  void is_plain_text_where_the_bytes_are_utf_8(String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThat(OsText.decode(bytes)).isEqualTo(text);
    assertThat(OsText.encode(text)).isEqualTo(bytes);
    assertThat(OsText.printable(text)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # bytes,        shown to people
          ff,             '\ufffd'
          61ff62,         'a\ufffdb'
          c3,             '\ufffd'
          c3bcc3,         'ü\ufffd'
          eda080,         '\ufffd\ufffd\ufffd'
          f09f9982f09f99, '🙂\ufffd\ufffd\ufffd'
          c080,           '\ufffd\ufffd'
          """)
  void keeps_what_is_no_utf_8_and_shows_it_as_replacement_characters(String hex, String shown) {
    var bytes = HexFormat.of().parseHex(hex);
    var text = OsText.decode(bytes);

    assertThat(OsText.encode(text)).isEqualTo(bytes);
    assertThat(OsText.printable(text)).isEqualTo(shown);
  }

  @Test
  void carries_any_bytes_through_unchanged() {
    var random = new Random(1);
    for (var round = 0; round < 100_000; round++) {
      var bytes = bytes(random);
      var text = OsText.decode(bytes);

      assertThat(OsText.encode(text)).as(HexFormat.of().formatHex(bytes)).isEqualTo(bytes);
      assertThat(isUnicode(OsText.printable(text))).isTrue();
    }
  }

  @Test
  void shows_lone_surrogates_of_any_kind_as_replacement_characters() {
    assertThat(OsText.printable("a\ud83d b\ude42 \ud83d\ude42 \udcff"))
        .isEqualTo("a\ufffd b\ufffd 🙂 \ufffd");
  }

  /// Half of them are cut or damaged UTF-8, the other half noise.
  private static byte[] bytes(Random random) {
    if (random.nextBoolean()) {
      var bytes = new byte[random.nextInt(12)];
      random.nextBytes(bytes);
      return bytes;
    }
    var whole = "aü€🙂語".getBytes(StandardCharsets.UTF_8);
    var from = random.nextInt(whole.length);
    var bytes =
        java.util.Arrays.copyOfRange(whole, from, from + random.nextInt(whole.length - from));
    if (bytes.length > 0 && random.nextBoolean()) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    return bytes;
  }

  private static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }
}
