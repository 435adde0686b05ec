package dev.orchestrator.engine.model;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ModelClient.Delta;
import dev.orchestrator.engine.model.ModelClient.Listener;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// OpenAI's Responses API as Codex speaks it: the history whole, nothing stored by the provider.
final class Responses implements Protocol {
  /// What is repeated in events and read nowhere.
  private static final Set<String> REPEATED =
      Set.of("response.output", "response.tools", "response.instructions");

  @Override
  public String path() {
    return "/responses";
  }

  @Override
  public Map<String, @Nullable Object> body(ModelRequest request, List<ResponseItem> input) {
    var body =
        Values.of(
            "model",
            request.model(),
            "stream",
            true,
            "input",
            input.stream().map(ResponseItem::json).toList());
    if (!request.tools().isEmpty()) {
      body.put("tools", request.tools());
    }
    body.put("tool_choice", "auto");
    body.put("parallel_tool_calls", request.parallelToolCalls());
    if (!request.reasoning().isEmpty()) {
      body.put("reasoning", request.reasoning());
    }
    body.put("store", false);
    body.put("include", List.of("reasoning.encrypted_content"));
    body.put("prompt_cache_key", request.threadId());
    if (!request.text().isEmpty()) {
      body.put("text", request.text());
    }
    if (!request.metadata().isEmpty()) {
      body.put("client_metadata", request.metadata());
    }
    return body;
  }

  @Override
  public Reading begin(ModelRequest request, Items items, Listener listener, Failures failures) {
    return new Events(items, listener, failures);
  }

  private static final class Events implements Reading {
    private final Items items;
    private final Listener listener;
    private final Failures failures;
    private Usage usage = Usage.NONE;

    Events(Items items, Listener listener, Failures failures) {
      this.items = items;
      this.listener = listener;
      this.failures = failures;
    }

    @Override
    public Usage usage() {
      return usage;
    }

    @Override
    public boolean event(byte[] data, int length) throws ModelFailure {
      Map<String, @Nullable Object> event;
      try {
        event = Json.readObject(data, length, REPEATED);
      } catch (IOException _) {
        // As in Codex: what cannot be read is passed over.
        return false;
      }
      switch (Values.text(event, "type")) {
        case "response.output_item.done" -> {
          var item = Values.child(event, "item");
          if (!Values.text(item, "type").isEmpty()) {
            items.add(new ResponseItem(item), length);
          }
        }
        case "response.output_text.delta" -> tell(Delta.Kind.MESSAGE, event);
        case "response.reasoning_summary_text.delta", "response.reasoning_text.delta" ->
            tell(Delta.Kind.REASONING, event);
        case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta" ->
            tell(Delta.Kind.CALL, event);
        case "response.completed" -> {
          usage = usage(Values.child(Values.child(event, "response"), "usage"));
          return true;
        }
        case "response.failed" -> {
          var error = Values.child(Values.child(event, "response"), "error");
          throw failures.failed(Values.text(error, "code"), Values.textOrNull(error, "message"));
        }
        case "response.incomplete" ->
            throw failures.incomplete(
                Values.textOrNull(
                    Values.child(Values.child(event, "response"), "incomplete_details"), "reason"));
        default -> {}
      }
      return false;
    }

    private void tell(Delta.Kind kind, Map<String, @Nullable Object> event) {
      listener.delta(new Delta(kind, Values.text(event, "delta")));
    }

    private static Usage usage(Map<String, @Nullable Object> it) {
      var input = Values.child(it, "input_tokens_details");
      return new Usage(
          Values.number(it, "input_tokens"),
          Values.number(input, "cached_tokens"),
          Values.number(input, "cache_write_tokens"),
          Values.number(it, "output_tokens"),
          Values.number(Values.child(it, "output_tokens_details"), "reasoning_tokens"));
    }
  }
}
