package dev.orchestrator.engine.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A conversation as messages. Confined to one thread.
///
/// Templates of local models want the system's message first and alone, people and model by turns,
/// and every output right after its call; so what belongs together is joined, and pictures in an
/// output follow as a person's message.
final class ChatMessages {
  private static final String BETWEEN = "\n\n";

  private final ChatTools tools;
  private final List<Map<String, @Nullable Object>> messages = new ArrayList<>();
  private final List<Map<String, @Nullable Object>> system = new ArrayList<>();
  private final List<Map<String, @Nullable Object>> user = new ArrayList<>();
  private final List<Map<String, @Nullable Object>> calls = new ArrayList<>();
  private final StringBuilder assistant = new StringBuilder();

  private ChatMessages(ChatTools tools) {
    this.tools = tools;
  }

  static List<Map<String, @Nullable Object>> of(List<ResponseItem> input, ChatTools tools) {
    var it = new ChatMessages(tools);
    input.forEach(it::add);
    it.endAssistant();
    it.endUser();
    return it.messages;
  }

  private void add(ResponseItem it) {
    switch (it.type()) {
      case "message" -> message(it);
      case "function_call", "custom_tool_call" -> {
        endUser();
        calls.add(tools.sent(it));
      }
      case "function_call_output", "custom_tool_call_output" -> {
        endAssistant();
        messages.add(
            Values.of("role", "tool", "tool_call_id", it.callId(), "content", it.outputText()));
        parts(Values.children(it.json(), "output")).stream()
            .filter(part -> part.containsKey("image_url"))
            .forEach(user::add);
      }
      // Reasoning is not sent back, and calls that a provider runs itself have no form here.
      default -> {}
    }
  }

  private void message(ResponseItem it) {
    var parts = parts(Values.children(it.json(), "content"));
    switch (it.role()) {
      case "assistant" -> {
        endUser();
        // Said after a call: a message of its own.
        if (!calls.isEmpty()) {
          endAssistant();
        }
        if (!assistant.isEmpty()) {
          assistant.append(BETWEEN);
        }
        assistant.append(it.messageText());
      }
      case "developer", "system" -> {
        if (messages.isEmpty() && user.isEmpty() && assistant.isEmpty() && calls.isEmpty()) {
          system.addAll(parts);
        } else {
          endAssistant();
          user.addAll(parts);
        }
      }
      default -> {
        endAssistant();
        user.addAll(parts);
      }
    }
  }

  private void endSystem() {
    if (!system.isEmpty()) {
      messages.add(Values.of("role", "system", "content", joined(system)));
      system.clear();
    }
  }

  private void endUser() {
    endSystem();
    if (user.isEmpty()) {
      return;
    }
    var pictures = user.stream().anyMatch(it -> it.containsKey("image_url"));
    messages.add(Values.of("role", "user", "content", pictures ? List.copyOf(user) : joined(user)));
    user.clear();
  }

  private void endAssistant() {
    if (assistant.isEmpty() && calls.isEmpty()) {
      return;
    }
    endUser();
    var message = Values.of("role", "assistant", "content", assistant.toString());
    if (!calls.isEmpty()) {
      message.put("tool_calls", List.copyOf(calls));
    }
    messages.add(message);
    assistant.setLength(0);
    calls.clear();
  }

  private static String joined(List<Map<String, @Nullable Object>> parts) {
    return parts.stream().map(it -> Values.text(it, "text")).collect(Collectors.joining(BETWEEN));
  }

  /// Texts and pictures, as Chat Completions writes them.
  private static List<Map<String, @Nullable Object>> parts(
      List<Map<String, @Nullable Object>> parts) {
    var sent = new ArrayList<Map<String, @Nullable Object>>();
    for (var it : parts) {
      if (it.containsKey("text")) {
        sent.add(Values.of("type", "text", "text", Values.text(it, "text")));
      } else if (it.get("image_url") instanceof String url) {
        sent.add(Values.of("type", "image_url", "image_url", Map.of("url", url)));
      }
    }
    return sent;
  }
}
