package dev.orchestrator.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.model.ScriptedModelServer;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What `codex exec --json` was recorded to print, printed by this program.
class ExecCorpusTest {
  private static final Path CORPUS = Path.of("src/test/resources/corpus/exec-jsonl");
  private static final int LONG_OUTPUT_CHARS = 2000;
  private static final Pattern MARKER =
      Pattern.compile("\n\\.\\.\\. \\d+ bytes omitted \\.\\.\\.\n");
  private static final Pattern SESSION = Pattern.compile("session ID (\\d+)");

  /// Where Codex is broken: a call that it refuses leaves no trace on standard output. Here every
  /// call is seen, so these lines come on top, numbered before the ones that follow.
  private static final Map<String, String> SEEN_HERE =
      Map.of(
          "unknown-tool",
          "{\"type\":\"item.completed\",\"item\":{\"id\":\"item_0\",\"type\":\"error\",\"message\":\"unsupported"
              + " call: no_such_tool\"}}",
          "patch-does-not-match",
          "{\"type\":\"item.completed\",\"item\":{\"id\":\"item_0\",\"type\":\"error\",\"message\":\"apply_patch:"
              + " apply_patch verification failed: Failed to find expected lines in"
              + " <workspace>/old.txt:\\nnowhere\"}}");

  @TempDir Path folder;

  static Stream<String> names() throws IOException {
    try (var cases = Files.list(CORPUS)) {
      return cases.map(it -> it.getFileName().toString()).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void prints_what_codex_prints(String name) throws Exception {
    var recorded = Json.readObject(Files.readAllBytes(CORPUS.resolve(name + "/case.json")));
    try (var exec = ExecProgram.inside(folder)) {
      var files = (Map<?, ?>) recorded.get("files");
      for (var file : files.entrySet()) {
        Files.writeString(
            exec.workspace().resolve(String.valueOf(file.getKey())),
            String.valueOf(file.getValue()));
      }
      for (var turn : (List<?>) recorded.get("model_turns")) {
        exec.server().then(answer((Map<?, ?>) turn, exec));
      }

      var ended = exec.exec(words(recorded));

      assertThat(inOrderOfItems(normalised(ended.out(), exec)))
          .isEqualTo(inOrderOfItems(expected(name)));
      assertThat(ended.code()).isEqualTo(((Long) recorded.get("exit_code")).intValue());
      if (ended.code() == 0) {
        compare(exec.told(), (List<?>) recorded.get("tool_outputs_the_model_saw"), exec);
      }
    }
  }

  private String[] words(Map<String, Object> recorded) throws IOException {
    var words = new ArrayList<String>();
    for (var word : (List<?>) recorded.get("args")) {
      if (word.equals("SCHEMA")) {
        var schema = folder.resolve("schema.json");
        Files.write(schema, Json.line(recorded.get("schema")));
        words.add(schema.toString());
      } else {
        words.add(String.valueOf(word));
      }
    }
    words.addAll(List.of("--json", "do the task"));
    return words.toArray(String[]::new);
  }

  /// The session that a recorded call names is whatever the first output has named here.
  private static Answer answer(Map<?, ?> turn, ExecProgram exec) {
    if (turn.get("status") instanceof Long status) {
      return ScriptedModelServer.status(
          status.intValue(),
          "{\"error\":{\"message\":\"%s\",\"type\":\"server_error\"}}"
              .formatted(turn.get("message")));
    }
    if (turn.get("failed") instanceof Map<?, ?> failed) {
      return ScriptedModelServer.failed(
          String.valueOf(failed.get("code")), String.valueOf(failed.get("message")));
    }
    var items =
        ((List<?>) turn.get("items"))
            .stream().map(it -> new String(Json.line(it), UTF_8)).toArray(String[]::new);
    if (turn.containsKey("drop")) {
      return ScriptedModelServer.drop(items);
    }
    return out -> {
      var session = SESSION.matcher(exec.server().requests().getLast().body());
      var named = session.find() ? session.group(1) : "0";
      var known =
          Stream.of(items)
              .map(it -> it.replace("\\\"session_id\\\":0", "\\\"session_id\\\":" + named))
              .toArray(String[]::new);
      return ScriptedModelServer.items(known).write(out);
    };
  }

  private static List<Object> expected(String name) throws IOException {
    var lines = new ArrayList<Object>();
    var more = SEEN_HERE.get(name);
    for (var line : Files.readAllLines(CORPUS.resolve(name + "/expected.jsonl"))) {
      lines.add(Json.read((more == null ? line : laterBy(line, lines, more)).getBytes(UTF_8)));
      if (more != null && line.contains("turn.started")) {
        lines.add(Json.read(more.getBytes(UTF_8)));
      }
    }
    return lines;
  }

  private static String laterBy(String line, List<Object> before, String more) {
    return before.size() > 2 && !more.isEmpty()
        ? Pattern.compile("\"item_(\\d+)\"")
            .matcher(line)
            .replaceAll(it -> "\"item_" + (Integer.parseInt(it.group(1)) + 1) + "\"")
        : line;
  }

  private static List<Object> normalised(String out, ExecProgram exec) throws IOException {
    var lines = new ArrayList<Object>();
    for (var line : out.lines().toList()) {
      var text = line.replace(exec.workspace().toString(), "<workspace>");
      lines.add(shortened(Json.readObject(text.getBytes(UTF_8))));
    }
    return lines;
  }

  /// Commands that run side by side end in any order on a machine that has much to do.
  private static List<Object> inOrderOfItems(List<Object> lines) {
    var sorted = new ArrayList<>(lines);
    for (var from = 0; from < sorted.size(); from++) {
      var to = from;
      while (to < sorted.size() && isCommandsEnd(sorted.get(to))) {
        to++;
      }
      sorted.subList(from, Math.max(from, to)).sort(Comparator.comparing(Object::toString));
    }
    return sorted;
  }

  private static boolean isCommandsEnd(Object line) {
    return line instanceof Map<?, ?> it
        && "item.completed".equals(it.get("type"))
        && it.get("item") instanceof Map<?, ?> item
        && "command_execution".equals(item.get("type"));
  }

  private static Object shortened(Map<String, Object> line) {
    var short_ = new LinkedHashMap<>(line);
    short_.replace("thread_id", "<thread>");
    if (short_.get("item") instanceof Map<?, ?> item
        && item.get("aggregated_output") instanceof String output
        && output.length() > LONG_OUTPUT_CHARS) {
      var shown = new LinkedHashMap<Object, Object>(item);
      var marker = MARKER.matcher(output);
      var whole = new LinkedHashMap<String, Object>();
      whole.put("bytes", (long) output.getBytes(UTF_8).length);
      whole.put("head", output.substring(0, 40));
      whole.put("marker", marker.find() ? marker.group() : null);
      whole.put("tail", output.substring(output.length() - 20));
      shown.put("aggregated_output", whole);
      short_.put("item", shown);
    }
    return short_;
  }

  private static void compare(List<String> told, List<?> recorded, ExecProgram exec) {
    assertThat(told).hasSameSizeAs(recorded);
    for (var index = 0; index < told.size(); index++) {
      var text = steady(told.get(index).replace(exec.workspace().toString(), "<workspace>"));
      if (recorded.get(index) instanceof Map<?, ?> whole) {
        assertThat(text).startsWith(steady(String.valueOf(whole.get("head"))));
        assertThat(text).endsWith(String.valueOf(whole.get("tail")));
        assertThat(told.get(index).getBytes(UTF_8)).hasSize(((Long) whole.get("bytes")).intValue());
      } else {
        assertThat(text).isEqualTo(steady(String.valueOf(recorded.get(index))));
      }
    }
  }

  /// Without what is another every time.
  private static String steady(String text) {
    return text.replaceAll("Chunk ID: [0-9a-f]{6}", "Chunk ID: 000000")
        .replaceAll("Wall time: [0-9.]+ seconds", Matcher.quoteReplacement("Wall time: 0 seconds"))
        .replaceAll("session ID \\d+", "session ID 0");
  }
}
