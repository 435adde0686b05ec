package dev.orchestrator.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class EventReaderTest {
  static Stream<Arguments> streams() {
    return Stream.of(
        Arguments.of("data: a\n\n", List.of("a")),
        Arguments.of("data: a\r\n\r\ndata: b\r\n\r\n", List.of("a", "b")),
        Arguments.of("data: a\r\rdata: b\r\r", List.of("a", "b")),
        Arguments.of("\uFEFFdata: a\n\n", List.of("a")),
        Arguments.of("data:a\n\n", List.of("a")),
        Arguments.of("data:  a\n\n", List.of(" a")),
        Arguments.of("data: a\ndata: b\ndata\ndata:\n\n", List.of("a\nb\n\n")),
        Arguments.of(": a comment\n\ndata: a\n: more\n\n", List.of("a")),
        Arguments.of("event: x\nid: 1\nretry: 5\ndata: a\n\n", List.of("a")),
        Arguments.of("data: a", List.of()),
        Arguments.of("data: a\n", List.of()),
        Arguments.of("datas: a\n\ndat: b\n\n data: c\n\n", List.of()),
        Arguments.of("data\n\n", List.of("")),
        Arguments.of("\n\n\r\n\r\r\ndata: é☃\n\n", List.of("é☃")),
        Arguments.of("<html>\n<body>no\n\n</body>", List.of()),
        Arguments.of("data: a: b, data: c\n\n", List.of("a: b, data: c")));
  }

  @ParameterizedTest
  @MethodSource("streams")
  void finds_events_however_the_stream_is_cut(String stream, List<String> events) throws Exception {
    var bytes = stream.getBytes(StandardCharsets.UTF_8);
    for (var size = 1; size <= bytes.length; size++) {
      var found = new ArrayList<String>();
      var reader =
          new EventReader(
              1000,
              (data, length) -> {
                found.add(new String(data, 0, length, StandardCharsets.UTF_8));
                return false;
              });
      for (var at = 0; at < bytes.length; at += size) {
        reader.feed(ByteBuffer.wrap(bytes, at, Math.min(size, bytes.length - at)));
      }

      assertThat(found).as("in pieces of %d", size).isEqualTo(events);
    }
  }

  @Test
  void stops_when_it_is_enough() throws Exception {
    var reader = new EventReader(1000, (_, _) -> true);
    var piece = ByteBuffer.wrap("data: a\n\nrest".getBytes(StandardCharsets.UTF_8));

    assertThat(reader.feed(piece)).isTrue();
    assertThat(piece.remaining()).isEqualTo(4);
  }

  @Test
  void refuses_an_event_that_is_too_large_and_stores_no_comment() throws Exception {
    var reader = new EventReader(1000, (_, _) -> false);
    var long1 = "x".repeat(600);
    reader.feed(ByteBuffer.wrap((":" + long1.repeat(5) + "\n").getBytes(StandardCharsets.UTF_8)));
    reader.feed(ByteBuffer.wrap(("data: " + long1 + "\n").getBytes(StandardCharsets.UTF_8)));

    assertThatThrownBy(() ->
            reader.feed(
                ByteBuffer.wrap(("data: " + long1 + "\n").getBytes(StandardCharsets.UTF_8))))
        .isInstanceOf(EventReader.TooLarge.class);
  }
}
