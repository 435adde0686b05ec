package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.testing.EventSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Lines of JSON that the program wrote, each checked against the published schema.
///
/// @param all in the order of writing
record Facts(List<JsonNode> all) {
  private static final JsonMapper JSON = JsonMapper.shared();

  static Facts of(String text) {
    assertThat(text.isEmpty() || text.endsWith("\n")).as("ends with a whole line").isTrue();
    text.lines().forEach(EventSchema::check);
    return new Facts(text.lines().map(JSON::readTree).toList());
  }

  static JsonNode document(String text) {
    return JSON.readTree(text);
  }

  List<String> types() {
    return all.stream().map(it -> it.path("type").asString()).toList();
  }

  List<JsonNode> all(String type) {
    return all.stream().filter(it -> it.path("type").asString().equals(type)).toList();
  }

  /// The only fact of its type.
  JsonNode the(String type) {
    var found = all(type);
    assertThat(found).as(type).hasSize(1);
    return found.getFirst();
  }

  /// The summary, which must be last.
  JsonNode summary() {
    assertThat(types()).last().isEqualTo("run.summary");
    return the("run.summary");
  }

  List<Integer> sequence() {
    return all.stream().map(it -> it.path("seq").asInt(-1)).toList();
  }

  /// The same without the bytes of output, which a journal leaves to the spool.
  Facts withoutOutput() {
    return new Facts(all.stream().map(Facts::withoutOutput).toList());
  }

  private static JsonNode withoutOutput(JsonNode fact) {
    var copy = (ObjectNode) fact.deepCopy();
    copy.remove(List.of("text", "base64"));
    if (copy.path("item") instanceof ObjectNode item) {
      item.remove("aggregated_output");
    }
    return copy;
  }

  /// The bytes of one stream from its chunks; what was skipped is left out.
  byte[] output(String stream) {
    var bytes = new ByteArrayOutputStream();
    for (var chunk : all("exec.chunk")) {
      if (chunk.path("stream").asString().equals(stream)) {
        bytes.writeBytes(bytes(chunk));
      }
    }
    return bytes.toByteArray();
  }

  private static byte[] bytes(JsonNode chunk) {
    var bytes =
        chunk.has("text")
            ? chunk.path("text").asString().getBytes(StandardCharsets.UTF_8)
            : Base64.getDecoder().decode(chunk.path("base64").asString());
    assertThat(bytes).hasSize(chunk.path("len").asInt());
    return bytes;
  }

  /// Fails unless chunks and gaps together cover every byte of every stream once, in order, and
  /// what is kept and what is declared lost are all bytes.
  void requireWholeOutput() {
    var reached = new HashMap<String, Long>();
    for (var it : all) {
      var stream = it.path("stream").asString("");
      var from = it.path(it.has("from") ? "from" : "offset").asLong(-1);
      if (it.path("type").asString().equals("exec.chunk")) {
        assertThat(from).as(it.toString()).isEqualTo(reached.getOrDefault(stream, 0L));
        reached.put(stream, from + it.path("len").asLong());
      } else if (it.path("type").asString().equals("exec.gap")) {
        assertThat(from).as(it.toString()).isEqualTo(reached.getOrDefault(stream, 0L));
        reached.put(stream, it.path("to").asLong());
      }
    }
    for (var total : the("exec.end").path("output")) {
      var bytes = total.path("bytes").asLong();
      assertThat(reached.getOrDefault(total.path("stream").asString(), 0L))
          .as(total.toString())
          .isEqualTo(bytes);
      assertThat(total.path("spooled").asLong() + lost(total))
          .as(total.toString())
          .isEqualTo(bytes);
    }
  }

  /// How many bytes of one stream are declared lost.
  static long lost(JsonNode total) {
    var lost = 0L;
    for (var it : total.path("lost")) {
      lost += it.path("to").asLong() - it.path("from").asLong();
    }
    return lost;
  }

  /// What one stream came to, by name.
  static Map<String, JsonNode> streams(JsonNode fact) {
    var streams = new HashMap<String, JsonNode>();
    fact.path("output").forEach(it -> streams.put(it.path("stream").asString(), it));
    return streams;
  }

  static List<String> texts(JsonNode array, String field) {
    var texts = new ArrayList<String>();
    array.forEach(it -> texts.add(it.path(field).asString()));
    return texts;
  }

  /// Requires what every run tells in its order, and that its record tells the same.
  void requireWholeStory(String outcome, RunRecord record) throws IOException {
    assertThat(summary().path("outcome").asString()).isEqualTo(outcome);
    assertThat(sequence()).isEqualTo(IntStream.range(0, all().size()).boxed().toList());
    assertThat(types()).startsWith("run.started", "thread.started", "turn.started", "item.started");
    assertThat(types().subList(types().size() - 3, types().size() - 1))
        .containsExactly(
            "item.completed", all("turn.failed").isEmpty() ? "turn.completed" : "turn.failed");
    assertThat(withoutOutput()).isEqualTo(record.journal().withoutOutput());
    assertThat(summary()).isEqualTo(record.journal().summary());
    if (!all("exec.begin").isEmpty()) {
      requireWholeOutput();
    }
  }
}
