package dev.orchestrator.engine.model;

import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tools of a request as Chat Completions knows them: functions only.
///
/// A custom tool, whose input is any text, becomes a function of one text `input`; a tool in a
/// namespace gets a name of both. Tools that only a provider can run are left out. Calls are
/// translated back.
final class ChatTools {
  private static final String INPUT = "input";

  private final Map<String, Origin> origins = new HashMap<>();
  private final List<Map<String, @Nullable Object>> functions = new ArrayList<>();

  private record Origin(String name, @Nullable String namespace, boolean custom) {}

  ChatTools(List<Map<String, @Nullable Object>> tools) {
    for (var it : tools) {
      if (Values.text(it, "type").equals("namespace")) {
        var namespace = Values.text(it, "name");
        for (var tool : Values.children(it, "tools")) {
          add(tool, namespace);
        }
      } else {
        add(it, null);
      }
    }
  }

  private void add(Map<String, @Nullable Object> tool, @Nullable String namespace) {
    var name = Values.text(tool, "name");
    var custom = Values.text(tool, "type").equals("custom");
    if (!custom && !Values.text(tool, "type").equals("function")) {
      return;
    }
    var flat = flat(name, namespace);
    origins.put(flat, new Origin(name, namespace, custom));
    var description = Values.text(tool, "description");
    var parameters =
        custom
            ? Values.of(
                "type",
                "object",
                "properties",
                Map.of(INPUT, Map.of("type", "string")),
                "required",
                List.of(INPUT),
                "additionalProperties",
                false)
            : tool.get("parameters");
    var grammar = Values.text(Values.child(tool, "format"), "definition");
    functions.add(
        Values.of(
            "type",
            "function",
            "function",
            Values.of(
                "name",
                flat,
                "description",
                grammar.isEmpty()
                    ? description
                    : description + "\n\nThe whole input follows this grammar:\n" + grammar,
                "parameters",
                parameters)));
  }

  private static String flat(String name, @Nullable String namespace) {
    return namespace == null ? name : namespace + "__" + name;
  }

  List<Map<String, @Nullable Object>> functions() {
    return functions;
  }

  /// A call of the history as a message has it.
  Map<String, @Nullable Object> sent(ResponseItem call) {
    var custom = call.type().equals("custom_tool_call");
    var arguments =
        custom
            ? new String(Json.line(Map.of(INPUT, call.input())), StandardCharsets.UTF_8)
            : call.arguments();
    return Values.of(
        "id",
        call.callId(),
        "type",
        "function",
        "function",
        Values.of("name", flat(call.name(), call.namespace()), "arguments", arguments));
  }

  /// A call that the model has made.
  ResponseItem received(String callId, String name, String arguments) {
    var origin = origins.get(name);
    if (origin == null) {
      return call("function_call", callId, name, null, "arguments", arguments);
    }
    return origin.custom()
        ? call(
            "custom_tool_call", callId, origin.name(), origin.namespace(), INPUT, text(arguments))
        : call("function_call", callId, origin.name(), origin.namespace(), "arguments", arguments);
  }

  private static ResponseItem call(
      String type,
      String callId,
      String name,
      @Nullable String namespace,
      String field,
      String value) {
    var call = Values.of("type", type, "call_id", callId, "name", name);
    if (namespace != null) {
      call.put("namespace", namespace);
    }
    call.put(field, value);
    return new ResponseItem(call);
  }

  /// The text in a custom tool's arguments. A model that has written it without its wrapping is
  /// understood as well: the tool says what it thinks of it.
  private static String text(String arguments) {
    try {
      return Json.readObject(arguments.getBytes(StandardCharsets.UTF_8)).get(INPUT)
              instanceof String it
          ? it
          : arguments;
    } catch (IOException _) {
      return arguments;
    }
  }
}
