package dev.orchestrator.engine.model;

import dev.orchestrator.engine.model.ModelClient.Listener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// OpenAI's Chat Completions, as Ollama, vLLM, llama.cpp, LM Studio and others understand it.
///
/// Sends only what all of them take: one system message at the beginning, no two messages of a
/// person in a row, functions as the only kind of tool.
final class Chat implements Protocol {
  @Override
  public String path() {
    return "/chat/completions";
  }

  @Override
  public Map<String, @Nullable Object> body(ModelRequest request, List<ResponseItem> input) {
    var tools = new ChatTools(request.tools());
    var body =
        Values.of(
            "model",
            request.model(),
            "stream",
            true,
            "stream_options",
            Map.of("include_usage", true),
            "messages",
            ChatMessages.of(input, tools));
    if (!tools.functions().isEmpty()) {
      body.put("tools", tools.functions());
      body.put("tool_choice", "auto");
      body.put("parallel_tool_calls", request.parallelToolCalls());
    }
    var effort = Values.text(request.reasoning(), "effort");
    if (!effort.isEmpty()) {
      body.put("reasoning_effort", effort);
    }
    var format = Values.child(request.text(), "format");
    if (Values.text(format, "type").equals("json_schema")) {
      var schema = Values.of();
      for (var name : List.of("name", "schema", "strict")) {
        if (format.containsKey(name)) {
          schema.put(name, format.get(name));
        }
      }
      body.put("response_format", Values.of("type", "json_schema", "json_schema", schema));
    }
    return body;
  }

  @Override
  public Reading begin(ModelRequest request, Items items, Listener listener, Failures failures) {
    var used = new ArrayList<String>();
    for (var it : request.input()) {
      if (it.isCall()) {
        used.add(it.callId());
      }
    }
    return new ChatReading(
        new ChatTools(request.tools()), new CallIds(used), items, listener, failures);
  }

  /// Names for calls to which the server has given none, or one that another call has. The same
  /// conversation gets the same names.
  static final class CallIds {
    private final List<String> used;

    CallIds(List<String> used) {
      this.used = used;
    }

    String unique(String given) {
      var id = given;
      for (var number = used.size() + 1; id.isEmpty() || used.contains(id); number++) {
        id = "call_" + number;
      }
      used.add(id);
      return id;
    }
  }
}
