package dev.orchestrator.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.ChannelTotal.Loss;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.SessionId;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpoolTest {
  private static final int KIB = 1024;
  private static final List<Channel> CHANNELS = List.of(Channel.values());
  private static final String FULL = "No space left on device";

  @TempDir private Path folder;

  private final Map<Channel, ByteArrayOutputStream> written = new EnumMap<>(Channel.class);

  @Test
  void keeps_everything_below_its_cap_in_one_file_per_channel() throws Exception {
    var spool = spool(100);

    write(spool, Channel.STDOUT, "one ");
    write(spool, Channel.STDERR, "oops");
    write(spool, Channel.STDOUT, "two");
    spool.close();

    assertThat(files()).isEqualTo(Map.of("s1.stdout", "one two", "s1.stderr", "oops"));
    assertThat(spool.file(Channel.STDOUT)).isEqualTo(folder.resolve("s1.stdout"));
    assertThat(spool.isCapped()).isFalse();
    assertThat(spool.failure()).isNull();
    requireTruth(spool, 100);
  }

  @Test
  void keeps_the_head_and_the_newest_pieces_of_the_tail() throws Exception {
    var spool = spool(64);

    for (var index = 0; index < 100; index++) {
      write(spool, Channel.STDOUT, "%02d".formatted(index));
    }
    spool.close();

    assertThat(files())
        .hasSize(1 + 16)
        .containsEntry("s1.stdout", "00010203040506070809101112131415")
        .containsEntry("s1.stdout.168", "84")
        .containsEntry("s1.stdout.198", "99");
    assertThat(spool.lost(Channel.STDOUT)).containsExactly(new Loss(32, 168, "cap"));
    assertThat(spool.isCapped()).isTrue();
    assertThat(spool.failure()).isNull();
    requireTruth(spool, 64);
  }

  @Test
  void keeps_nothing_under_a_cap_of_0() throws Exception {
    var spool = spool(0);

    write(spool, Channel.TERMINAL, "hello");
    spool.close();

    assertThat(files()).isEmpty();
    assertThat(spool.written(Channel.TERMINAL)).isEqualTo(5);
    assertThat(spool.kept(Channel.TERMINAL)).isZero();
    assertThat(spool.lost(Channel.TERMINAL)).containsExactly(new Loss(0, 5, "cap"));
    assertThat(spool.isCapped()).isTrue();
  }

  @Test
  void names_a_file_only_of_a_channel_that_has_one() {
    var spool = spool(0);

    write(spool, Channel.STDOUT, "hello");
    spool.close();

    assertThat(spool.file(Channel.STDOUT)).isNull();
  }

  @Test
  void keeps_nothing_of_an_ephemeral_session() {
    var spool = new Spool(null, new SessionId("s1"), 100);

    write(spool, Channel.STDOUT, "hello");
    spool.close();

    assertThat(spool.lost(Channel.STDOUT)).containsExactly(new Loss(0, 5, "ephemeral"));
    assertThat(spool.file(Channel.STDOUT)).isNull();
    assertThat(spool.isCapped()).isFalse();
    assertThat(spool.failure()).isNull();
  }

  @Test
  void makes_no_file_for_a_channel_that_stays_silent() throws Exception {
    var spool = spool(100);

    assertThat(spool.written(Channel.STDERR)).isZero();
    assertThat(spool.lost(Channel.STDERR)).isEmpty();
    spool.close();

    assertThat(files()).isEmpty();
  }

  @Test
  void lets_a_late_channel_begin_in_the_tail() throws Exception {
    var spool = spool(64);

    write(spool, Channel.STDOUT, "a".repeat(32));
    write(spool, Channel.STDERR, "late");
    spool.close();

    assertThat(files())
        .isEqualTo(Map.of("s1.stdout", "a".repeat(32), "s1.stderr", "la", "s1.stderr.2", "te"));
    requireTruth(spool, 64);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 2, 3, 4, 5, 15, 16, 17, 31, 32, 33, 63, 64, 65, 100, 1000, 4096, 10_007})
  void accounts_for_every_byte_of_any_pattern_of_writes(int capBytes) throws Exception {
    for (var seed = 0; seed < 12; seed++) {
      var random = new Random(seed * 100_003L + capBytes);
      var spool = spool(capBytes);
      var channels = CHANNELS.subList(0, random.nextInt(3) + 1);
      var largest = random.nextBoolean() ? 7 : capBytes / 3 + 5;
      for (var left = capBytes * (1 + random.nextInt(4)) + 50; left > 0; ) {
        var piece = new byte[1 + random.nextInt(Math.min(left, largest))];
        random.nextBytes(piece);
        write(spool, channels.get(random.nextInt(channels.size())), piece);
        left -= piece.length;
      }
      spool.close();

      requireTruth(spool, capBytes);
      clear();
    }
  }

  @Test
  void declares_everything_lost_when_its_folder_cannot_be_made() throws Exception {
    var file = Files.writeString(folder.resolve("file"), "not a folder");
    var spool = new Spool(file.resolve("spool"), new SessionId("s1"), 100);

    write(spool, Channel.STDOUT, "hello");
    write(spool, Channel.STDOUT, " again");
    spool.close();

    assertThat(spool.failure()).contains(file.toString());
    assertThat(spool.lost(Channel.STDOUT)).containsExactly(new Loss(0, 11, spool.failure()));
    assertThat(spool.kept(Channel.STDOUT)).isZero();
    assertThat(spool.isCapped()).isFalse();
  }

  @Test
  void gives_room_back_for_the_journal_when_the_disk_is_full() throws Exception {
    var full = Files.createSymbolicLink(folder.resolve("s1.stderr"), Path.of("/dev/full"));
    var spool = spool(10_000 * KIB);

    write(spool, Channel.STDOUT, new byte[300 * KIB]);
    write(spool, Channel.STDERR, "more");
    write(spool, Channel.STDOUT, "and more");
    spool.close();
    Files.delete(full);

    assertThat(spool.failure()).isEqualTo(FULL);
    assertThat(Files.size(folder.resolve("s1.stdout"))).isEqualTo(44 * KIB);
    assertThat(spool.written(Channel.STDOUT)).isEqualTo(300 * KIB + 8);
    assertThat(spool.kept(Channel.STDOUT)).isEqualTo(44 * KIB);
    assertThat(spool.lost(Channel.STDOUT)).containsExactly(new Loss(44 * KIB, 300 * KIB + 8, FULL));
    assertThat(spool.kept(Channel.STDERR)).isZero();
    assertThat(spool.lost(Channel.STDERR)).containsExactly(new Loss(0, 4, FULL));
    assertThat(spool.isCapped()).isFalse();
  }

  @Test
  void counts_a_byte_once_when_an_old_piece_cannot_be_deleted() throws Exception {
    var spool = spool(64);
    write(spool, Channel.STDOUT, "x".repeat(64));
    var oldest = folder.resolve("s1.stdout.32");
    Files.delete(oldest);
    Files.createFile(Files.createDirectory(oldest).resolve("occupied"));

    write(spool, Channel.STDOUT, "yy");
    write(spool, Channel.STDOUT, "zz");
    spool.close();

    assertThat(spool.failure()).isNotNull();
    assertThat(spool.written(Channel.STDOUT)).isEqualTo(68);
    assertThat(spool.kept(Channel.STDOUT) + lostBytes(spool, Channel.STDOUT)).isEqualTo(68);
  }

  private Spool spool(long capBytes) {
    return new Spool(folder, new SessionId("s1"), capBytes);
  }

  private void write(Spool spool, Channel channel, String text) {
    write(spool, channel, text.getBytes(StandardCharsets.UTF_8));
  }

  private void write(Spool spool, Channel channel, byte[] bytes) {
    spool.append(channel, bytes, bytes.length);
    written.computeIfAbsent(channel, _ -> new ByteArrayOutputStream()).writeBytes(bytes);
  }

  private Map<String, String> files() throws IOException {
    var found = new TreeMap<String, String>();
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        found.put(file.getFileName().toString(), Files.readString(file));
      }
    }
    return found;
  }

  private void clear() throws IOException {
    written.clear();
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
  }

  private static long lostBytes(Spool spool, Channel channel) {
    return spool.lost(channel).stream().mapToLong(it -> it.to() - it.from()).sum();
  }

  /// A range of a channel that is in a file or declared lost.
  private record Range(long from, long to) {}

  /// Every file holds the bytes its name says, and files and losses together are all bytes.
  private void requireTruth(Spool spool, long capBytes) throws IOException {
    var keptInAll = 0L;
    for (var channel : written.keySet()) {
      var all = written.get(channel).toByteArray();
      var ranges = new ArrayList<Range>();
      for (var loss : spool.lost(channel)) {
        ranges.add(new Range(loss.from(), loss.to()));
      }
      assertThat(ranges).isSortedAccordingTo(Comparator.comparingLong(Range::from));
      ranges.addAll(keptRanges(channel, all));
      ranges.sort(Comparator.comparingLong(Range::from));
      assertThat(spool.written(channel)).isEqualTo(all.length);
      assertThat(spool.kept(channel) + lostBytes(spool, channel)).isEqualTo(all.length);
      var next = 0L;
      for (var range : ranges) {
        assertThat(range.from()).as("%s: %s", channel, ranges).isEqualTo(next);
        next = range.to();
      }
      assertThat(next).isEqualTo(all.length);
      keptInAll += spool.kept(channel);
    }
    assertThat(keptInAll).isLessThanOrEqualTo(capBytes);
  }

  private List<Range> keptRanges(Channel channel, byte[] all) throws IOException {
    var name = "s1." + channel.name().toLowerCase(Locale.ROOT);
    var ranges = new ArrayList<Range>();
    try (var files = Files.list(folder)) {
      for (var file : files.toList()) {
        var its = file.getFileName().toString();
        if (its.equals(name) || its.startsWith(name + ".")) {
          var offset = its.equals(name) ? 0 : Integer.parseInt(its.substring(name.length() + 1));
          var bytes = Files.readAllBytes(file);
          assertThat(bytes)
              .as(its)
              .isEqualTo(Arrays.copyOfRange(all, offset, offset + bytes.length));
          ranges.add(new Range(offset, offset + bytes.length));
        }
      }
    }
    return ranges;
  }
}
