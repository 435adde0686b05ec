package dev.orchestrator.engine.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A whole conversation and what may be done with it. Immutable.
///
/// Maps are parts of the Responses API's request, written as they are; an empty one is left out.
///
/// @param model the model's name
/// @param input all items, the oldest first
/// @param tools what the model may call; left out if there are none
/// @param parallelToolCalls whether one reply may hold several calls
/// @param reasoning `effort`, `summary`
/// @param text `verbosity`, `format`
/// @param threadId the conversation's name, by which a provider finds what it has cached
/// @param metadata `client_metadata`
public record ModelRequest(
    String model,
    List<ResponseItem> input,
    List<Map<String, @Nullable Object>> tools,
    boolean parallelToolCalls,
    Map<String, @Nullable Object> reasoning,
    Map<String, @Nullable Object> text,
    String threadId,
    Map<String, String> metadata) {
  public ModelRequest {
    input = List.copyOf(input);
    tools = tools.stream().map(Values::object).toList();
    reasoning = Values.object(reasoning);
    text = Values.object(text);
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }
}
