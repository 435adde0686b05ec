package dev.orchestrator.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeadAndTailTest {
  private static final int HALF = 512 * 1024;

  @Test
  void is_empty_before_anything_came() {
    var kept = new HeadAndTail();

    assertThat(kept.text()).isEmpty();
    assertThat(kept.omitted()).isZero();
  }

  @Test
  void says_between_head_and_tail_how_much_is_missing() {
    var kept = new HeadAndTail();
    append(kept, "a".repeat(HALF) + "b".repeat(1234) + "c".repeat(HALF));

    assertThat(kept.omitted()).isEqualTo(1234);
    assertThat(kept.text())
        .isEqualTo("a".repeat(HALF) + "\n... 1234 bytes omitted ...\n" + "c".repeat(HALF));
  }

  @Test
  void joins_a_character_that_lies_across_both_halves() {
    var kept = new HeadAndTail();
    append(kept, "a".repeat(HALF - 1) + "ü!");

    assertThat(kept.text()).isEqualTo("a".repeat(HALF - 1) + "ü!");
  }

  @Test
  void shows_what_is_no_text_as_replacement_characters() {
    var kept = new HeadAndTail();
    kept.append(new byte[] {'a', (byte) 0xff, 'b'}, 3);

    assertThat(kept.text()).isEqualTo("a\ufffdb");
  }

  @Test
  void takes_only_as_many_bytes_as_it_is_given() {
    var kept = new HeadAndTail();
    kept.append("hello, world".getBytes(StandardCharsets.UTF_8), 5);
    kept.append("anything".getBytes(StandardCharsets.UTF_8), 0);

    assertThat(kept.text()).isEqualTo("hello");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        1,
        4095,
        4096,
        4097,
        HALF - 1,
        HALF,
        HALF + 1,
        HALF + 4096,
        2 * HALF - 1,
        2 * HALF,
        2 * HALF + 1,
        3 * HALF - 1,
        3 * HALF,
        3 * HALF + 1,
        4 * HALF + 7
      })
  void keeps_both_ends_however_the_bytes_come(int length) {
    var all = text(length);
    for (var largest : new int[] {1 << 13, 1 << 16, 1 << 20, Integer.MAX_VALUE}) {
      var kept = new HeadAndTail();
      appendInPieces(kept, all, largest, new Random(length));

      requireSame(kept, all, "pieces of at most " + largest);
    }
  }

  @Test
  void keeps_both_ends_of_a_long_stream_at_any_moment() {
    var random = new Random(7);
    var all = text(5 * HALF);
    var kept = new HeadAndTail();
    for (var from = 0; from < all.length; ) {
      var length = Math.min(all.length - from, 1 + random.nextInt(300_000));
      kept.append(Arrays.copyOfRange(all, from, from + length), length);
      from += length;
      requireSame(kept, Arrays.copyOf(all, from), "after " + from);
    }
  }

  private static byte[] text(int length) {
    var random = new Random(length);
    var bytes = new byte[length];
    for (var index = 0; index < length; index++) {
      bytes[index] = (byte) ('a' + random.nextInt(26));
    }
    return bytes;
  }

  private static void append(HeadAndTail kept, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    kept.append(bytes, bytes.length);
  }

  private static void appendInPieces(HeadAndTail kept, byte[] all, int largest, Random random) {
    for (var from = 0; from < all.length; ) {
      var left = all.length - from;
      var length =
          largest == Integer.MAX_VALUE ? left : Math.min(left, random.nextInt(largest) + 1);
      kept.append(Arrays.copyOfRange(all, from, from + length), length);
      from += length;
    }
  }

  /// The obvious way, in unbounded memory. Compared without a description of a megabyte.
  private static void requireSame(HeadAndTail kept, byte[] all, String when) {
    var omitted = Math.max(0, all.length - 2 * HALF);
    var text = new String(all, StandardCharsets.US_ASCII);
    var expected =
        omitted == 0
            ? text
            : text.substring(0, HALF)
                + "\n... "
                + omitted
                + " bytes omitted ...\n"
                + text.substring(all.length - HALF);
    assertThat(kept.omitted()).as(when).isEqualTo(omitted);
    assertThat(kept.text().equals(expected)).as(when).isTrue();
  }
}
