package dev.orchestrator.engine.model;

import static dev.orchestrator.engine.model.ScriptedModelServer.chat;
import static dev.orchestrator.engine.model.ScriptedModelServer.drop;
import static dev.orchestrator.engine.model.ScriptedModelServer.event;
import static dev.orchestrator.engine.model.ScriptedModelServer.silent;
import static dev.orchestrator.engine.model.ScriptedModelServer.sse;
import static dev.orchestrator.engine.model.ScriptedModelServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ModelFailure.Kind;
import dev.orchestrator.engine.model.Provider.Wire;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ChatTest {
  private static final String HELLO =
      delta("{\"content\":\"hel\"}") + delta("{\"content\":\"lo\"}");
  private static final String STOP = choice("{\"delta\":{},\"finish_reason\":\"stop\"}");
  private static final List<Map<String, @Nullable Object>> TOOLS =
      List.of(
          Values.of(
              "type",
              "function",
              "name",
              "exec_command",
              "description",
              "Runs.",
              "strict",
              false,
              "parameters",
              Map.of("type", "object")),
          Values.of(
              "type",
              "custom",
              "name",
              "apply_patch",
              "description",
              "Patches.",
              "format",
              Values.of("type", "grammar", "syntax", "lark", "definition", "start: x")),
          Values.of(
              "type",
              "namespace",
              "name",
              "files",
              "tools",
              List.of(Values.of("type", "function", "name", "read"))),
          Values.of("type", "web_search"));

  /// What servers say for `hello`, whole.
  static Stream<Answer> wholes() {
    return Stream.of(
        sse(HELLO + STOP + usage() + event("[DONE]")),
        sse(HELLO + STOP + event("[DONE]")),
        sse(HELLO + STOP),
        sse(HELLO + event("[DONE]")),
        sse(HELLO),
        silent(HELLO + STOP + usage()),
        silent(HELLO + STOP + event("[DONE]")),
        sse(HELLO + choice("{\"delta\":{\"content\":\"\"},\"finish_reason\":\"stop\"}")));
  }

  @ParameterizedTest
  @MethodSource("wholes")
  void understands_how_servers_end_a_reply(Answer answer) throws Exception {
    try (var asking = chatting(answer)) {
      assertThat(asking.ask().items()).containsExactly(ResponseItem.assistant("hello"));
      assertThat(asking.server.requests()).hasSize(1);
    }
  }

  @Test
  void reads_usage_and_reasoning() throws Exception {
    try (var asking =
        chatting(
            sse(
                delta("{\"role\":\"assistant\",\"content\":null,\"reasoning_content\":\"hm \"}")
                    + delta("{\"reasoning\":\"so\"}")
                    + HELLO
                    + STOP
                    + usage()))) {
      var reply = asking.ask();

      assertThat(reply.items().getFirst().reasoningText()).isEqualTo("hm so");
      assertThat(reply.items().getLast().messageText()).isEqualTo("hello");
      assertThat(reply.usage()).isEqualTo(new Usage(9, 4, 0, 3, 2));
      assertThat(asking.heard.items).isEqualTo(reply.items());
      assertThat(asking.heard.deltas).hasSize(4);
    }
  }

  /// How servers cut two calls of `f` with `{"a":1}` and `{"b":2}` into pieces.
  static Stream<String> calls() {
    return Stream.of(
        tool("\"index\":0,\"id\":\"x\"", "f", "")
            + tool("\"index\":0", null, "{\\\"a\\\"")
            + tool("\"index\":0", null, ":1}")
            + tool("\"index\":1,\"id\":\"y\"", "f", "{\\\"b\\\":")
            + tool("\"index\":1", null, "2}"),
        // Both at once, under one index.
        tool("\"index\":0,\"id\":\"x\"", "f", "{\\\"a\\\":1}")
            + tool("\"index\":0,\"id\":\"y\"", "f", "{\\\"b\\\":2}"),
        // No index.
        tool("\"id\":\"x\"", "f", "{\\\"a\\\"")
            + tool("\"id\":\"x\"", null, ":1}")
            + tool("\"id\":\"y\"", "f", "{\\\"b\\\":2}"),
        // Neither index nor id in what follows.
        tool("\"id\":\"x\"", "f", "{\\\"a\\\"")
            + tool("\"type\":\"function\"", null, ":1}")
            + tool("\"id\":\"y\"", "f", "{\\\"b\\\":2}"),
        // By turns.
        tool("\"index\":0,\"id\":\"x\"", "f", "{\\\"a\\\"")
            + tool("\"index\":1,\"id\":\"y\"", "f", "{\\\"b\\\"")
            + tool("\"index\":0,\"id\":\"\"", "", ":1}")
            + tool("\"index\":1,\"id\":\"\"", "", ":2}"));
  }

  @ParameterizedTest
  @MethodSource("calls")
  void puts_calls_together(String pieces) throws Exception {
    try (var asking = chatting(sse(pieces + STOP + event("[DONE]")))) {
      assertThat(asking.ask().items())
          .extracting(ResponseItem::callId, ResponseItem::name, ResponseItem::arguments)
          .containsExactly(tuple("x", "f", "{\"a\":1}"), tuple("y", "f", "{\"b\":2}"));
    }
  }

  @Test
  void names_calls_that_have_no_name_of_their_own() throws Exception {
    var pieces =
        tool("\"index\":0", "f", "{}")
            + tool("\"index\":1,\"id\":\"old\"", "f", "{}")
            + delta(
                "{\"tool_calls\":[{\"index\":2,\"function\":{\"name\":\"f\",\"arguments\":{\"a\":1}}}]}")
            + tool("\"index\":3", "f", "");
    try (var asking = chatting(chat(), sse(pieces + STOP))) {
      asking.streamRetries = 1;
      var old = new ResponseItem(json(ScriptedModelServer.call("old", "f", "{}")));
      var reply = asking.ask(Asking.request(old, old.answer("done")));

      assertThat(reply.calls())
          .extracting(ResponseItem::callId)
          .doesNotContain("old", "")
          .doesNotHaveDuplicates()
          .hasSize(4);
      assertThat(reply.calls())
          .extracting(ResponseItem::arguments)
          .containsExactly("{}", "{}", "{\"a\":1}", "{}");
    }
  }

  @Test
  void turns_custom_tools_into_functions_and_their_calls_back() throws Exception {
    var pieces =
        tool("\"index\":0,\"id\":\"a\"", "apply_patch", "{\\\"input\\\":\\\"*** Begin\\\"}")
            + tool("\"index\":1,\"id\":\"b\"", "apply_patch", "*** Bare")
            + tool("\"index\":2,\"id\":\"c\"", "files__read", "{}");
    try (var asking = chatting(sse(pieces + STOP))) {
      var reply = asking.ask(request(ResponseItem.user("x")));

      assertThat(reply.calls())
          .extracting(ResponseItem::type, ResponseItem::name, ResponseItem::input)
          .startsWith(
              tuple("custom_tool_call", "apply_patch", "*** Begin"),
              tuple("custom_tool_call", "apply_patch", "*** Bare"));
      assertThat(reply.calls().getLast().namespace()).isEqualTo("files");
      assertThat(reply.calls().getLast().name()).isEqualTo("read");
      assertThat(text(asking.server.requests().getFirst().json().get("tools")))
          .isEqualTo(
              """
              [{"type":"function","function":{"name":"exec_command","description":"Runs.",\
              "parameters":{"type":"object"}}},\
              {"type":"function","function":{"name":"apply_patch","description":"Patches.\\n\\n\
              The whole input follows this grammar:\\nstart: x","parameters":{"type":"object",\
              "properties":{"input":{"type":"string"}},"required":["input"],\
              "additionalProperties":false}}},\
              {"type":"function","function":{"name":"files__read","description":"",\
              "parameters":null}}]\
              """);
    }
  }

  static Stream<Arguments> conversations() {
    var call = new ResponseItem(json(ScriptedModelServer.call("c1", "exec_command", "{\"a\":1}")));
    var patch =
        new ResponseItem(
            Values.of(
                "type", "custom_tool_call", "call_id", "c2", "name", "apply_patch", "input", "p"));
    return Stream.of(
        Arguments.of(
            List.of(
                ResponseItem.developer("one"),
                ResponseItem.developer("two"),
                ResponseItem.user(List.of(ResponseItem.text("a"), ResponseItem.text("b"))),
                ResponseItem.user("c")),
            """
            [{"role":"system","content":"one\\n\\ntwo"},{"role":"user","content":"a\\n\\nb\\n\\nc"}]\
            """),
        Arguments.of(
            List.of(
                ResponseItem.user("a"),
                ResponseItem.assistant("I will"),
                call,
                patch,
                call.answer("out"),
                patch.answer("done"),
                ResponseItem.developer("note"),
                ResponseItem.assistant("so")),
            """
            [{"role":"user","content":"a"},{"role":"assistant","content":"I will","tool_calls":[\
            {"id":"c1","type":"function","function":{"name":"exec_command",\
            "arguments":"{\\"a\\":1}"}},\
            {"id":"c2","type":"function","function":{"name":"apply_patch",\
            "arguments":"{\\"input\\":\\"p\\"}"}}]},\
            {"role":"tool","tool_call_id":"c1","content":"out"},\
            {"role":"tool","tool_call_id":"c2","content":"done"},\
            {"role":"user","content":"note"},{"role":"assistant","content":"so"}]\
            """),
        Arguments.of(
            List.of(
                call,
                ResponseItem.functionOutput(
                    "c1",
                    List.of(ResponseItem.text("see"), ResponseItem.image("data:image/png;x")))),
            """
            [{"role":"assistant","content":"","tool_calls":[{"id":"c1","type":"function",\
            "function":{"name":"exec_command","arguments":"{\\"a\\":1}"}}]},\
            {"role":"tool","tool_call_id":"c1","content":"see"},\
            {"role":"user","content":[{"type":"image_url",\
            "image_url":{"url":"data:image/png;x"}}]}]\
            """));
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void sends_conversations_as_messages(List<ResponseItem> items, String messages) {
    assertThat(text(ChatMessages.of(items, new ChatTools(TOOLS)))).isEqualTo(messages);
  }

  @Test
  void asks_for_what_all_servers_take() throws Exception {
    try (var asking = chatting(sse(HELLO + STOP))) {
      asking.ask(
          new ModelRequest(
              "llama",
              List.of(ResponseItem.user("x")),
              List.of(),
              true,
              Map.of("effort", "low"),
              Map.of(
                  "format",
                  Values.of(
                      "type", "json_schema", "name", "n", "strict", true, "schema", Map.of())),
              "",
              Map.of("k", "v")));

      var asked = asking.server.requests().getFirst();
      assertThat(asked.path()).isEqualTo("/v1/chat/completions");
      assertThat(asked.body())
          .isEqualTo(
              """
              {"model":"llama","stream":true,"stream_options":{"include_usage":true},\
              "messages":[{"role":"user","content":"x"}],"reasoning_effort":"low",\
              "response_format":{"type":"json_schema","json_schema":{"name":"n","schema":{},\
              "strict":true}}}\
              """);
    }
  }

  static Stream<Arguments> failures() {
    var closed = "stream disconnected before completion: stream closed before response.completed";
    return Stream.of(
        Arguments.of(
            chat(),
            Kind.STREAM,
            "stream disconnected before completion: the server has answered nothing",
            6),
        Arguments.of(
            sse(choice("{\"finish_reason\":\"length\"}") + event("[DONE]")),
            Kind.INCOMPLETE,
            "Incomplete response returned, reason: max_output_tokens",
            1),
        Arguments.of(
            sse(event("{\"error\":\"no memory\"}")),
            Kind.STREAM,
            "stream disconnected before completion: no memory",
            6),
        Arguments.of(
            sse(event("{\"error\":{\"code\":\"context_length_exceeded\",\"message\":\"x\"}}")),
            Kind.CONTEXT_WINDOW,
            "Codex ran out of room in the model's context window. Start a new"
                + " thread or clear earlier history before retrying.",
            1),
        Arguments.of(drop(), Kind.STREAM, closed, 6),
        Arguments.of(sse(tool("\"index\":0,\"id\":\"x\"", "f", "{\\\"a")), Kind.STREAM, closed, 6),
        Arguments.of(sse("not a stream"), Kind.STREAM, closed, 6),
        Arguments.of(
            status(400, "{\"error\":\"no such model\"}"),
            Kind.INVALID_REQUEST,
            "{\"error\":\"no such model\"}",
            1));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void tells_failures_as_the_other_protocol_does(
      Answer answer, Kind kind, String message, int requests) throws Exception {
    try (var asking = chatting(answer)) {
      var failure = asking.failure();

      assertThat(failure).hasMessage(message);
      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(asking.server.requests()).hasSize(requests);
    }
  }

  private static Asking chatting(Answer... answers) throws Exception {
    var asking = Asking.of(answers);
    asking.wire = Wire.CHAT;
    return asking;
  }

  private static ModelRequest request(ResponseItem... input) {
    return new ModelRequest("m", List.of(input), TOOLS, true, Map.of(), Map.of(), "t", Map.of());
  }

  private static String choice(String choice) {
    return event("{\"choices\":[" + choice.replaceFirst("\\{", "{\"index\":0,") + "]}");
  }

  private static String delta(String delta) {
    return choice("{\"delta\":" + delta + ",\"finish_reason\":null}");
  }

  private static String tool(String head, @Nullable String name, String arguments) {
    var named = name == null ? "" : "\"name\":\"" + name + "\",";
    return delta(
        "{\"tool_calls\":[{"
            + head
            + ",\"function\":{"
            + named
            + "\"arguments\":\""
            + arguments
            + "\"}}]}");
  }

  private static String usage() {
    return event(
        "{\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":4},"
            + "\"completion_tokens_details\":{\"reasoning_tokens\":2}}}");
  }

  private static Map<String, @Nullable Object> json(String text) {
    try {
      return Json.readObject(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(@Nullable Object json) {
    return new String(Json.line(json), StandardCharsets.UTF_8);
  }
}
