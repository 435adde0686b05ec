package dev.orchestrator.engine.wire;

import dev.orchestrator.engine.event.Event.InstructionsLoaded;
import dev.orchestrator.engine.event.Event.ModelReplied;
import dev.orchestrator.engine.event.Event.ThreadCompacted;
import dev.orchestrator.engine.event.InstructionSource;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.Usage;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of what a model and its tools do, under their wire names.
final class AgentLines {
  private AgentLines() {}

  static Map<String, @Nullable Object> of(InstructionsLoaded it) {
    return fields("sources", it.sources().stream().map(AgentLines::source).toList());
  }

  private static Map<String, @Nullable Object> source(InstructionSource it) {
    return fields(
        "file", it.file(), "sha256", it.sha256(), "bytes", it.bytes(), "cut_bytes", it.cutBytes());
  }

  static Map<String, @Nullable Object> of(ModelReplied it) {
    var fields = fields("number", it.number(), "model", it.model());
    fields.putAll(usage("usage", it.usage()));
    fields.put("elapsed_ms", it.elapsed().toMillis());
    return fields;
  }

  static Map<String, @Nullable Object> of(ThreadCompacted it) {
    return fields(
        "entries_before",
        it.entriesBefore(),
        "entries_after",
        it.entriesAfter(),
        "tokens_before",
        it.tokensBefore());
  }

  static Map<String, @Nullable Object> usage(String name, Usage it) {
    return fields(
        name,
        fields(
            "input_tokens",
            it.input(),
            "cached_input_tokens",
            it.cachedInput(),
            "cache_write_input_tokens",
            it.cacheWrite(),
            "output_tokens",
            it.output(),
            "reasoning_output_tokens",
            it.reasoning()));
  }

  static Map<String, @Nullable Object> of(Item.AgentMessage it) {
    return fields("type", "agent_message", "text", it.text());
  }

  static Map<String, @Nullable Object> of(Item.Reasoning it) {
    return fields("type", "reasoning", "text", it.text());
  }

  static Map<String, @Nullable Object> of(Item.FileChange it) {
    return fields(
        "type",
        "file_change",
        "changes",
        it.changes().stream()
            .map(change -> fields("path", change.path(), "kind", JsonlEncoder.lower(change.kind())))
            .toList(),
        "status",
        JsonlEncoder.lower(it.status()));
  }

  static Map<String, @Nullable Object> of(Item.TodoList it) {
    return fields(
        "type",
        "todo_list",
        "items",
        it.items().stream()
            .map(todo -> fields("text", todo.text(), "completed", todo.completed()))
            .toList());
  }

  static Map<String, @Nullable Object> of(Item.Trouble it) {
    return fields("type", "error", "message", it.message());
  }

  /// @param namesAndValues a name, its value, the next name, …
  private static Map<String, @Nullable Object> fields(@Nullable Object... namesAndValues) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    for (var at = 0; at < namesAndValues.length; at += 2) {
      fields.put(String.valueOf(namesAndValues[at]), namesAndValues[at + 1]);
    }
    return fields;
  }
}
