package dev.orchestrator.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.Bytes;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.Event.OutputAppended;
import dev.orchestrator.engine.event.Event.OutputSkipped;
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.testing.RecordingSink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkerTest {
  private static final SessionId SESSION = new SessionId("s1");
  private static final Path SPOOL = Path.of("/spool/s1.stdout");
  private static final String ALPHABET = "a\nzäß€語🙂\u0000\uffff";

  private static final long SECOND = 1_000_000_000;

  private final RecordingSink told = new RecordingSink();
  private long now = System.nanoTime();

  @Test
  void tells_what_comes_as_it_comes() {
    var chunker = chunker(ReaderPace.UNLIMITED);

    append(chunker, "one");
    append(chunker, "two");
    chunker.finish();

    assertThat(told.facts()).containsExactly(piece(0, "one"), piece(3, "two"));
    assertThat(chunker.gaps()).isZero();
    assertThat(chunker.bytesSkipped()).isZero();
  }

  @Test
  void holds_an_unfinished_character_until_its_end_comes() {
    var chunker = chunker(ReaderPace.UNLIMITED);

    append(chunker, 'a', 0xe2, 0x82);
    assertThat(isHolding(chunker)).isTrue();
    append(chunker, 0xac, 'b');
    assertThat(isHolding(chunker)).isFalse();

    assertThat(told.facts()).containsExactly(piece(0, "a"), piece(1, "€b"));
  }

  @Test
  void tells_an_unfinished_character_as_bytes_when_its_end_is_not_coming() {
    var chunker = chunker(ReaderPace.UNLIMITED);

    append(chunker, 'a', 0xe2, 0x82);
    chunker.finish();

    assertThat(told.facts()).containsExactly(piece(0, "a"), binary(1, 0xe2, 0x82));
  }

  @Test
  void gathers_small_writes_that_come_right_after_one_another() {
    var chunker = chunker(ReaderPace.UNLIMITED);

    append(chunker, "one");
    appendAtOnce(chunker, "two");
    appendAtOnce(chunker, "three");
    assertThat(told.facts()).containsExactly(piece(0, "one"));

    flushWhenDue(chunker);
    assertThat(told.facts()).containsExactly(piece(0, "one"), piece(3, "twothree"));
    assertThat(chunker.nanosToFlush(now)).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void tells_what_it_gathered_with_the_next_write_when_time_has_passed() {
    var chunker = chunker(ReaderPace.UNLIMITED);

    append(chunker, "one");
    appendAtOnce(chunker, "two");
    append(chunker, "three");

    assertThat(told.facts()).containsExactly(piece(0, "one"), piece(3, "twothree"));
  }

  @Test
  void tells_the_pieces_of_a_flood_together() {
    var chunker = chunker(ReaderPace.UNLIMITED);

    append(chunker, "x".repeat(8192));
    for (var piece = 1; piece < 32; piece++) {
      appendAtOnce(chunker, "x".repeat(8192));
    }
    assertThat(told.facts()).hasSize(1);
    assertThat(chunker.nanosToFlush(now)).isBetween(1L, 3_000_000L);

    appendAtOnce(chunker, "x".repeat(8192));
    assertThat(told.facts()).hasSize(33);
    assertThat(isHolding(chunker)).isFalse();
  }

  @Test
  void tells_full_pieces_before_an_unfinished_character_after_them_is_given_up() {
    var chunker = chunker(ReaderPace.UNLIMITED);

    append(chunker, "one");
    appendAtOnce(chunker, "x".repeat(8192));
    appendAtOnce(chunker, 0xe2, 0x82);
    flushWhenDue(chunker);
    assertThat(told.facts()).containsExactly(piece(0, "one"), piece(3, "x".repeat(8192)));

    appendAtOnce(chunker, 0xac);
    flushWhenDue(chunker);
    assertThat(told.facts()).endsWith(piece(8195, "€"));
  }

  @Test
  void tells_whole_characters_before_the_unfinished_one_after_them() {
    var chunker = chunker(ReaderPace.UNLIMITED);

    append(chunker, "one");
    appendAtOnce(chunker, 'a', 0xe2, 0x82);
    flushWhenDue(chunker);
    flushWhenDue(chunker);

    assertThat(told.facts()).containsExactly(piece(0, "one"), piece(3, "a"), binary(4, 0xe2, 0x82));
  }

  @Test
  void keeps_text_apart_from_an_unfinished_character_at_the_end_of_all_output() {
    var chunker = chunker(ReaderPace.UNLIMITED);

    append(chunker, "one");
    appendAtOnce(chunker, 'a', 0xe2, 0x82);
    chunker.finish();

    assertThat(told.facts()).containsExactly(piece(0, "one"), piece(3, "a"), binary(4, 0xe2, 0x82));
  }

  @Test
  void tells_one_gap_for_everything_the_readers_could_not_take() {
    var chunker = chunker(answering(true, false, false, true));

    append(chunker, "one");
    append(chunker, "two");
    append(chunker, "three");
    append(chunker, "four");
    chunker.finish();

    assertThat(told.facts()).containsExactly(piece(0, "one"), gap(3, 11), piece(11, "four"));
    assertThat(chunker.gaps()).isOne();
    assertThat(chunker.bytesSkipped()).isEqualTo(8);
  }

  @Test
  void ends_in_a_gap_when_the_readers_never_catch_up() {
    var chunker = chunker(answering(false, false));

    append(chunker, "one");
    append(chunker, "two");
    chunker.finish();
    chunker.finish();

    assertThat(told.facts()).containsExactly(gap(0, 6));
  }

  @Test
  void cuts_long_output_into_pieces_of_8_kib() {
    var chunker = chunker(ReaderPace.UNLIMITED);

    append(chunker, "x".repeat(8192 * 2 + 5));
    chunker.finish();

    assertThat(told.facts())
        .containsExactly(
            piece(0, "x".repeat(8192)), piece(8192, "x".repeat(8192)), piece(16384, "xxxxx"));
  }

  @Test
  void cuts_a_piece_shorter_rather_than_inside_a_character() {
    var chunker = chunker(ReaderPace.UNLIMITED);

    append(chunker, "x".repeat(8190) + "🙂y");
    chunker.finish();

    assertThat(told.facts()).containsExactly(piece(0, "x".repeat(8190)), piece(8190, "🙂y"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void covers_every_byte_of_text_once_and_never_cuts_a_character(long seed) {
    var random = new Random(seed);
    var all = text(random, 40_000).getBytes(StandardCharsets.UTF_8);

    feed(random, all);

    requireCover(all);
    assertThat(told.facts(OutputAppended.class)).allMatch(OutputAppended::isText);
    assertThat(told.facts(OutputSkipped.class))
        .allMatch(it -> startsCharacter(all, it.from()) && startsCharacter(all, it.to()));
  }

  @ParameterizedTest
  @ValueSource(longs = {21, 22, 23, 24, 25, 26, 27, 28, 29, 30})
  void covers_every_byte_of_anything_else_once_too(long seed) {
    var random = new Random(seed);
    var all = new byte[60_000];
    random.nextBytes(all);

    feed(random, all);

    requireCover(all);
  }

  private void feed(Random random, byte[] all) {
    var refusals = random.nextInt(4);
    var chunker = chunker(_ -> random.nextInt(4) >= refusals);
    var largest = random.nextBoolean() ? 10 : 30_000;
    for (var from = 0; from < all.length; ) {
      var length = Math.min(all.length - from, 1 + random.nextInt(largest));
      now += random.nextInt(5_000_000);
      if (chunker.nanosToFlush(now) <= 0) {
        chunker.flush(now);
      }
      chunker.append(all, from, length, now);
      chunker.tell(now);
      from += length;
    }
    chunker.finish();
    assertThat(isHolding(chunker)).isFalse();
    assertThat(chunker.gaps()).isEqualTo(told.facts(OutputSkipped.class).size());
    assertThat(chunker.bytesSkipped())
        .isEqualTo(
            told.facts(OutputSkipped.class).stream().mapToLong(it -> it.to() - it.from()).sum());
  }

  private void requireCover(byte[] all) {
    var next = 0L;
    for (var fact : told.facts()) {
      switch (fact) {
        case OutputAppended it -> {
          assertThat(it.offset()).isEqualTo(next);
          assertThat(it.bytes().size()).isBetween(1, Chunker.CHUNK_BYTES);
          assertThat(it.bytes()).isEqualTo(Bytes.copyOf(all, (int) next, it.bytes().size()));
          next += it.bytes().size();
        }
        case OutputSkipped it -> {
          assertThat(it.from()).isEqualTo(next);
          assertThat(it.to()).isGreaterThan(next);
          next = it.to();
        }
        default -> throw new AssertionError("unexpected " + fact);
      }
    }
    assertThat(next).isEqualTo(all.length);
  }

  private static boolean startsCharacter(byte[] all, long offset) {
    return offset == all.length || (all[(int) offset] & 0xc0) != 0x80;
  }

  private static String text(Random random, int characters) {
    var alphabet = ALPHABET.codePoints().toArray();
    return random
        .ints(characters, 0, alphabet.length)
        .map(it -> alphabet[it])
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }

  private Chunker chunker(ReaderPace pace) {
    return new Chunker(told, pace, SESSION, Channel.STDOUT, SPOOL);
  }

  private boolean isHolding(Chunker chunker) {
    return chunker.nanosToFlush(now) != Long.MAX_VALUE;
  }

  private void flushWhenDue(Chunker chunker) {
    now += chunker.nanosToFlush(now);
    chunker.flush(now);
  }

  /// Appends so long after whatever was before that nothing has to be gathered.
  private void append(Chunker chunker, String text) {
    now += SECOND;
    appendAtOnce(chunker, text);
  }

  private void append(Chunker chunker, int... values) {
    now += SECOND;
    appendAtOnce(chunker, values);
  }

  private void appendAtOnce(Chunker chunker, String text) {
    var bytes = text.getBytes(StandardCharsets.UTF_8);
    chunker.append(bytes, 0, bytes.length, now);
    chunker.tell(now);
  }

  private void appendAtOnce(Chunker chunker, int... values) {
    chunker.append(bytes(values).shared(), 0, values.length, now);
    chunker.tell(now);
  }

  /// Gives these answers in turn and fails the test if asked once more.
  private static ReaderPace answering(Boolean... answers) {
    Queue<Boolean> script = new ArrayDeque<>(List.of(answers));
    return _ -> script.remove();
  }

  private static Event piece(long offset, String text) {
    return new OutputAppended(SESSION, Channel.STDOUT, offset, Bytes.of(text), true);
  }

  private static Event binary(long offset, int... values) {
    return new OutputAppended(SESSION, Channel.STDOUT, offset, bytes(values), false);
  }

  private static Event gap(long from, long to) {
    return new OutputSkipped(SESSION, Channel.STDOUT, from, to, SPOOL);
  }

  private static Bytes bytes(int... values) {
    var bytes = new byte[values.length];
    for (var index = 0; index < values.length; index++) {
      bytes[index] = (byte) values[index];
    }
    return Bytes.copyOf(bytes, 0, bytes.length);
  }
}
