package dev.orchestrator.engine.thread;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ResponseItem;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the records of a rollout hold, in Codex's names.
final class Records {
  static final String META = "session_meta";
  static final String CONTEXT = "turn_context";
  static final String ITEM = "response_item";
  static final String EVENT = "event_msg";
  static final String COMPACTED = "compacted";

  static final String STARTED = "task_started";
  static final String TOKENS = "token_count";

  private static final int PREVIEW_CHARS = 80;

  private Records() {}

  /// An object of alternating names and values.
  static Map<String, @Nullable Object> of(@Nullable Object... namesAndValues) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    for (var at = 0; at < namesAndValues.length; at += 2) {
      object.put(String.valueOf(namesAndValues[at]), namesAndValues[at + 1]);
    }
    return object;
  }

  static Map<String, @Nullable Object> meta(ThreadMeta it, @Nullable Origin origin) {
    var payload =
        of(
            "id", it.id().toString(),
            "timestamp", it.at().toString(),
            "cwd", it.cwd(),
            "originator", "orchestrator",
            "cli_version", it.version(),
            "source", "exec",
            "model_provider", it.provider());
    if (it.name() != null) {
      payload.put("name", it.name());
    }
    if (it.baseInstructions() != null) {
      payload.put("base_instructions", of("text", it.baseInstructions()));
    }
    if (origin != null) {
      payload.put("forked_from_id", origin.thread().toString());
      payload.put("forked_from_ordinal_exclusive", origin.before());
    }
    return payload;
  }

  static Map<String, @Nullable Object> context(TurnContext it) {
    return of(
        "turn_id", it.turnId(),
        "cwd", it.cwd(),
        "approval_policy", it.approvalPolicy(),
        "sandbox_policy",
            of(
                "type", it.sandboxLevel(),
                "writable_roots", it.writableRoots(),
                "network_access", it.network()),
        "model", it.model(),
        "model_provider", it.provider(),
        "effort", it.effort(),
        "summary", it.summary());
  }

  static Map<String, @Nullable Object> started(String turnId, String prompt) {
    return of("type", STARTED, "turn_id", turnId, "prompt_preview", preview(prompt));
  }

  static Map<String, @Nullable Object> tokens(Usage total, Usage last) {
    return of(
        "type",
        TOKENS,
        "info",
        of("total_token_usage", usage(total), "last_token_usage", usage(last)));
  }

  private static Map<String, @Nullable Object> usage(Usage it) {
    return of(
        "input_tokens", it.input(),
        "cached_input_tokens", it.cachedInput(),
        "cache_write_input_tokens", it.cacheWrite(),
        "output_tokens", it.output(),
        "reasoning_output_tokens", it.reasoning(),
        "total_tokens", it.input() + it.output());
  }

  static Map<String, @Nullable Object> completed(String turnId, @Nullable String lastMessage) {
    return of("type", "task_complete", "turn_id", turnId, "last_agent_message", lastMessage);
  }

  static Map<String, @Nullable Object> failed(String turnId, String message) {
    return of(
        "type",
        "task_complete",
        "turn_id",
        turnId,
        "last_agent_message",
        null,
        "error",
        of("message", message));
  }

  static Map<String, @Nullable Object> aborted(String turnId, String reason) {
    return of("type", "turn_aborted", "turn_id", turnId, "reason", reason);
  }

  static Map<String, @Nullable Object> compacted(List<ResponseItem> history) {
    return of(
        "message", "", "replacement_history", history.stream().map(ResponseItem::json).toList());
  }

  /// The beginning of a text as one line that a terminal can show.
  static String preview(String text) {
    // A little more than is shown, because spaces fall away; a prompt can be huge.
    var head = text.substring(0, Math.min(text.length(), PREVIEW_CHARS * 8));
    var line = head.replaceAll("[\\s\\p{Cntrl}\\p{Cf}]+", " ").strip();
    var end = Math.min(line.length(), PREVIEW_CHARS);
    if (end < line.length() && Character.isHighSurrogate(line.charAt(end - 1))) {
      end--;
    }
    return line.substring(0, end);
  }

  /// How many objects and lists stand in one another.
  static int depth(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> 1 + deepest(map.values());
      case Collection<?> list -> 1 + deepest(list);
      case null, default -> 0;
    };
  }

  private static int deepest(Collection<?> values) {
    var deepest = 0;
    for (var it : values) {
      deepest = Math.max(deepest, depth(it));
    }
    return deepest;
  }
}
