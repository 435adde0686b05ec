package dev.orchestrator.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class Utf8Test {
  /// Bytes that begin, continue and break characters, at the edges of every rule.
  private static final byte[] EDGES =
      HexFormat.of().parseHex("007f80bfc0c1c2dfe0e1edeeeff0f1f3f4f5ff8f909fa0");

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          # bytes,     whole, valid
          '',          0,     true
          61,          1,     true
          c3,          0,     false
          c3bc,        2,     true
          61c3,        1,     false
          e2,          0,     false
          e282,        0,     false
          e282ac,      3,     true
          f09f99,      0,     false
          f09f9982,    4,     true
          61f09f99,    1,     false
          80,          1,     false
          808080,      3,     false
          80808080,    4,     false
          c080,        2,     false
          eda080,      3,     false
          eda0,        2,     false
          e080,        2,     false
          f48f,        0,     false
          f490,        2,     false
          f5,          1,     false
          ff,          1,     false
          """)
  void knows_where_characters_end(String hex, int whole, boolean valid) {
    var bytes = HexFormat.of().parseHex(hex);

    assertThat(Utf8.wholeCharacters(bytes, 0, bytes.length)).isEqualTo(whole);
    assertThat(Utf8.isValid(bytes, 0, bytes.length)).isEqualTo(valid);
  }

  @Test
  void agrees_with_the_decoder_of_the_jdk_on_what_is_valid() {
    var random = new Random(1);
    for (var round = 0; round < 200_000; round++) {
      var bytes = bytes(random);
      assertThat(Utf8.isValid(bytes, 0, bytes.length))
          .as(HexFormat.of().formatHex(bytes))
          .isEqualTo(isValid(bytes));
    }
  }

  @Test
  void agrees_with_the_decoder_of_the_jdk_on_where_a_character_is_unfinished() {
    var random = new Random(2);
    for (var round = 0; round < 200_000; round++) {
      var bytes = bytes(random);
      if (endsInHalfASurrogate(bytes)) {
        continue; // The JDK waits for a third byte to refuse it; Unicode refuses the second one.
      }
      assertThat(Utf8.wholeCharacters(bytes, 0, bytes.length))
          .as(HexFormat.of().formatHex(bytes))
          .isEqualTo(finished(bytes));
    }
  }

  @Test
  void looks_at_its_part_of_the_array_only() {
    var bytes = HexFormat.of().parseHex("c3e282ac61f0");

    assertThat(Utf8.isValid(bytes, 1, 5)).isTrue();
    assertThat(Utf8.wholeCharacters(bytes, 1, 5)).isEqualTo(4);
    assertThat(Utf8.wholeCharacters(bytes, 2, 3)).isEqualTo(1);
    assertThat(Utf8.wholeCharacters(bytes, 1, 3)).isZero();
    assertThat(Utf8.wholeCharacters(bytes, 3, 3)).isZero();
  }

  private static boolean endsInHalfASurrogate(byte[] bytes) {
    var size = bytes.length;
    return size >= 2 && bytes[size - 2] == (byte) 0xed && (bytes[size - 1] & 0xe0) == 0xa0;
  }

  private static byte[] bytes(Random random) {
    var bytes = new byte[random.nextInt(7)];
    for (var index = 0; index < bytes.length; index++) {
      bytes[index] =
          random.nextInt(4) == 0 ? (byte) random.nextInt(256) : EDGES[random.nextInt(EDGES.length)];
    }
    return bytes;
  }

  private static boolean isValid(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  /// What the decoder takes when more may follow.
  private static int finished(byte[] bytes) {
    var in = ByteBuffer.wrap(bytes);
    var decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPLACE);
    decoder.decode(in, CharBuffer.allocate(bytes.length * 2), false);
    // The decoder waits for the third byte of a surrogate before it refuses all of it.
    var isSurrogate =
        in.remaining() == 2
            && in.get(in.position()) == (byte) 0xed
            && (in.get(in.position() + 1) & 0xff) >= 0xa0;
    return isSurrogate ? bytes.length : in.position();
  }
}
