package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ModelClient;
import dev.orchestrator.engine.model.ModelFailure;
import dev.orchestrator.engine.model.ModelRequest;
import dev.orchestrator.engine.model.ResponseItem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;

/// A model that says what a test wants, and keeps what it was asked. Asked more often, it fails.
final class ScriptedModel implements ModelClient {
  static final Usage USAGE = new Usage(40, 10, 0, 5, 1);

  private final Deque<Answer> answers = new ArrayDeque<>();
  final List<ModelRequest> requests = new ArrayList<>();

  private interface Answer {
    Reply to(Listener listener) throws ModelFailure;
  }

  ScriptedModel says(ResponseItem... items) {
    return saysUsing(USAGE, items);
  }

  ScriptedModel saysUsing(Usage usage, ResponseItem... items) {
    answers.add(listener -> {
      List.of(items).forEach(listener::completed);
      return new Reply(List.of(items), usage);
    });
    return this;
  }

  /// Shows something and then fails.
  ScriptedModel fails(ModelFailure.Kind kind, String message, ResponseItem... shown) {
    answers.add(listener -> {
      List.of(shown).forEach(listener::completed);
      throw ModelFailure.fatal(kind, message, "look at the provider");
    });
    return this;
  }

  @Override
  public Reply ask(ModelRequest request, Listener listener) throws ModelFailure {
    requests.add(request);
    var answer = answers.poll();
    if (answer == null) {
      throw new AssertionError("asked once too often");
    }
    return answer.to(listener);
  }

  static ResponseItem call(String id, String name, String arguments) {
    return new ResponseItem(
        Map.of("type", "function_call", "call_id", id, "name", name, "arguments", arguments));
  }

  static ResponseItem reasoning(String text) {
    return new ResponseItem(
        Map.of(
            "type", "reasoning", "summary", List.of(Map.of("type", "summary_text", "text", text))));
  }
}
