package dev.orchestrator.engine.model;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ModelClient.Delta;
import dev.orchestrator.engine.model.ModelClient.Listener;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A streamed chat completion, put together to items. Confined to one thread.
///
/// It is whole when the server says `[DONE]`, or has given a reason to finish and then nothing
/// more, or has ended a body whose end is marked.
final class ChatReading implements Protocol.Reading {
  private static final byte[] DONE = "[DONE]".getBytes(StandardCharsets.US_ASCII);

  /// The usage comes right after the reason to finish, if it comes at all.
  private static final Duration AFTER_FINISH = Duration.ofSeconds(5);

  /// DeepSeek and llama.cpp, vLLM and Ollama, LM Studio.
  private static final List<String> REASONING =
      List.of("reasoning_content", "reasoning", "thinking");

  private final Items items;
  private final Listener listener;
  private final Failures failures;
  private final ChatCalls calls;
  private final StringBuilder reasoning = new StringBuilder();
  private final StringBuilder message = new StringBuilder();
  private Usage usage = Usage.NONE;
  private boolean hasUsage;
  private boolean hasChoice;
  private @Nullable String finish;

  ChatReading(
      ChatTools tools, Chat.CallIds ids, Items items, Listener listener, Failures failures) {
    this.items = items;
    this.listener = listener;
    this.failures = failures;
    this.calls = new ChatCalls(tools, ids, items);
  }

  @Override
  public Usage usage() {
    return usage;
  }

  @Override
  public @Nullable Duration patience() {
    return finish == null ? null : AFTER_FINISH;
  }

  @Override
  public boolean event(byte[] data, int length) throws ModelFailure {
    if (length == DONE.length && Arrays.equals(data, 0, length, DONE, 0, length)) {
      if (!hasChoice) {
        throw failures.disconnected("the server has answered nothing");
      }
      complete();
      return true;
    }
    Map<String, @Nullable Object> chunk;
    try {
      chunk = Json.readObject(data, length, Set.of());
    } catch (IOException _) {
      return false;
    }
    var error = chunk.get("error");
    if (error != null) {
      throw error instanceof String it
          ? failures.failed("", it)
          : failures.failed(
              Values.text(Values.child(chunk, "error"), "code"),
              Values.textOrNull(Values.child(chunk, "error"), "message"));
    }
    for (var choice : Values.children(chunk, "choices")) {
      // Only one answer was asked for.
      if (Values.number(choice, "index") == 0) {
        choice(choice);
      }
    }
    var said = Values.child(chunk, "usage");
    if (!said.isEmpty()) {
      usage = usage(said);
      hasUsage = true;
    }
    if (finish != null && hasUsage) {
      complete();
      return true;
    }
    return false;
  }

  private void choice(Map<String, @Nullable Object> choice) throws ModelFailure {
    hasChoice = true;
    var delta = Values.child(choice, "delta");
    for (var name : REASONING) {
      var text = Values.text(delta, name);
      if (!text.isEmpty()) {
        append(reasoning, text, Delta.Kind.REASONING);
        break;
      }
    }
    var text = Values.text(delta, "content");
    if (!text.isEmpty()) {
      endReasoning();
      append(message, text, Delta.Kind.MESSAGE);
    }
    for (var it : Values.children(delta, "tool_calls")) {
      endReasoning();
      endMessage();
      var piece = calls.add(it);
      if (!piece.isEmpty()) {
        listener.delta(new Delta(Delta.Kind.CALL, piece));
      }
    }
    var reason = Values.text(choice, "finish_reason");
    if (!reason.isEmpty()) {
      finish = reason;
    }
  }

  private void append(StringBuilder to, String text, Delta.Kind kind) throws ModelFailure {
    items.count(text.length());
    to.append(text);
    listener.delta(new Delta(kind, text));
  }

  private void endReasoning() throws ModelFailure {
    if (!reasoning.isEmpty()) {
      var text = reasoning.toString();
      reasoning.setLength(0);
      items.add(
          new ResponseItem(
              Values.of(
                  "type",
                  "reasoning",
                  "summary",
                  List.of(Values.of("type", "summary_text", "text", text)))),
          0);
    }
  }

  private void endMessage() throws ModelFailure {
    // Models that are about to call something like to begin with an empty line.
    if (!message.toString().isBlank()) {
      items.add(ResponseItem.assistant(message.toString()), 0);
      message.setLength(0);
    }
  }

  @Override
  public boolean end(boolean framed) throws ModelFailure {
    var whole = finish != null || (framed && hasChoice && calls.areWhole());
    if (whole) {
      complete();
    }
    return whole;
  }

  private void complete() throws ModelFailure {
    switch (finish == null ? "" : finish) {
      case "length" -> throw failures.incomplete("max_output_tokens");
      case "content_filter" -> throw failures.incomplete("content_filter");
      default -> {
        endReasoning();
        endMessage();
        calls.end();
      }
    }
  }

  private static Usage usage(Map<String, @Nullable Object> it) {
    return new Usage(
        Values.number(it, "prompt_tokens"),
        Values.number(Values.child(it, "prompt_tokens_details"), "cached_tokens"),
        0,
        Values.number(it, "completion_tokens"),
        Values.number(Values.child(it, "completion_tokens_details"), "reasoning_tokens"));
  }
}
