package dev.orchestrator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JsonTextTest {
  private static final String ALPHABET =
      "abc \"\\/\n\r\t\b\f\u0000\u0001\u001f\u007f\u0080ü€語🙂\u2028";

  private final JsonText text = new JsonText();

  @Test
  void escapes_what_must_be_escaped_and_nothing_else() {
    assertThat(escaped("a\"b\\c\n\r\t\b\f\u0000\u001f/\u007fü🙂"))
        .isEqualTo("a\\\"b\\\\c\\n\\r\\t\\b\\f\\u0000\\u001f/\u007fü🙂");
    assertThat(escaped("")).isEmpty();
  }

  @Test
  void finds_an_escape_at_every_place_among_plain_bytes() throws Exception {
    for (var length = 1; length <= 40; length++) {
      for (var at = 0; at < length; at++) {
        for (var odd : new char[] {'"', '\\', '\n', 0, 0x1f, '!', ' ', '#', '[', ']', 0x7f}) {
          var plain = "x".repeat(at) + odd + "x".repeat(length - at - 1);
          assertThat(readBack(escaped(plain))).isEqualTo(plain);
        }
      }
    }
  }

  @Test
  void is_read_back_as_it_was_by_a_parser() throws Exception {
    var random = new Random(1);
    var alphabet = ALPHABET.codePoints().toArray();
    for (var round = 0; round < 5_000; round++) {
      var plain =
          random
              .ints(random.nextInt(60), 0, alphabet.length)
              .map(it -> alphabet[it])
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      assertThat(readBack(escaped(plain))).isEqualTo(plain);
    }
  }

  @Test
  void has_room_for_the_longest_escapes() throws Exception {
    var plain = "\u0001".repeat(8_192);

    assertThat(readBack(escaped(plain))).isEqualTo(plain);
    assertThat(escaped("short again")).isEqualTo("short again");
  }

  private String escaped(String plain) {
    var size = text.escape(plain.getBytes(StandardCharsets.UTF_8));
    return new String(text.bytes(), 0, size, StandardCharsets.UTF_8);
  }

  private static Object readBack(String escaped) throws Exception {
    return Json.read(("\"" + escaped + "\"").getBytes(StandardCharsets.UTF_8));
  }
}
