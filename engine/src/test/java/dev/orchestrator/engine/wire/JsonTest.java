package dev.orchestrator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void writes_every_kind_of_value_on_one_line() {
    var document = new LinkedHashMap<String, Object>();
    document.put("text", "grün\n\"1\"\u0000");
    document.put("path", Path.of("/home/ada"));
    document.put("numbers", Arrays.asList(1, Long.MAX_VALUE, 0.5, null));
    document.put("flags", List.of(true, false));
    document.put("nothing", Map.of());

    assertThat(written(document))
        .isEqualTo(
            """
            {"text":"grün\\n\\"1\\"\\u0000","path":"/home/ada","numbers":[1,9223372036854775807,0.5,null],"flags":[true,false],"nothing":{}}\
            """);
  }

  @Test
  void reads_what_it_has_written() throws Exception {
    var document = new LinkedHashMap<String, Object>();
    document.put("text", "grün 🙂\n\u0000");
    document.put("deep", List.of(Map.of("a", List.of(1L, 2.5, true)), List.of()));
    document.put("none", null);

    assertThat(Json.read(Json.line(document))).isEqualTo(document);
    assertThat(Json.readObject(Json.line(document))).isEqualTo(document);
  }

  @Test
  void puts_what_is_written_already_where_the_value_would_be() {
    var value = List.of("grün\n", Map.of("a", 1), List.of());
    var again = new Json.Written(value);

    assertThat(written(Map.of("list", List.of(again, true, again))))
        .isEqualTo(written(Map.of("list", List.of(value, true, value))));
  }

  @Test
  void leaves_out_what_nobody_reads_and_no_more() throws Exception {
    var text =
        "{\"r\":{\"output\":[{\"a\":{}}],\"id\":1,\"item\":{\"output\":2}},\"output\":3}rest";
    var bytes = text.getBytes(StandardCharsets.UTF_8);

    assertThat(Json.readObject(bytes, bytes.length - 4, Set.of("r.output")))
        .isEqualTo(Map.of("r", Map.of("id", 1L, "item", Map.of("output", 2L)), "output", 3L));
  }

  @Test
  void bounds_how_many_values_a_stranger_sends() {
    var bytes = ("{\"a\":[" + "1,".repeat(200_000) + "1]}").getBytes(StandardCharsets.UTF_8);

    assertThatThrownBy(() -> Json.readObject(bytes, bytes.length, Set.of()))
        .isInstanceOf(IOException.class)
        .hasMessage("more than 200000 values");
  }

  @Test
  void shows_text_that_is_no_unicode_as_replacement_characters() {
    assertThat(written(Map.of("\udc80", "a\ud800b"))).isEqualTo("{\"\ufffd\":\"a\ufffdb\"}");
  }

  @Test
  void refuses_what_it_has_no_json_for() {
    assertThatThrownBy(() -> Json.line(new BigDecimal("1")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no JSON for class java.math.BigDecimal");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":1",
        "[1,",
        "[",
        "\"a",
        "tru",
        "{} {}",
        "1 2",
        "{a:1}",
        "[1,]",
        "NaN",
        "99999999999999999999"
      })
  void refuses_what_is_no_document(String text) {
    assertThatThrownBy(() -> Json.read(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          null | not a JSON object
          []   | not a JSON object
          1    | not a JSON object
          """)
  void refuses_a_document_that_is_no_object(String text, String message) {
    assertThatThrownBy(() -> Json.readObject(text.getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(IOException.class)
        .hasMessage(message);
  }

  @Test
  void reads_64_levels_and_no_more() throws Exception {
    assertThat(Json.read(nested(64))).isInstanceOf(List.class);
    assertThatThrownBy(() -> Json.read(nested(66)))
        .isInstanceOf(IOException.class)
        .hasMessage("nested deeper than 64 levels");
  }

  private static String written(Object value) {
    return new String(Json.line(value), StandardCharsets.UTF_8);
  }

  private static byte[] nested(int levels) {
    return ("[".repeat(levels) + "]".repeat(levels)).getBytes(StandardCharsets.UTF_8);
  }
}
