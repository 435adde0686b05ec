package dev.orchestrator.engine.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One entry of a conversation, exactly as the Responses API writes it. Immutable.
///
/// @param json the object, which has a `type`; what it holds beyond what is understood is kept
public record ResponseItem(Map<String, @Nullable Object> json) {
  public ResponseItem {
    json = Values.object(json);
  }

  /// What a person said: one or more of [#text] and [#image].
  public static ResponseItem user(List<Map<String, @Nullable Object>> parts) {
    return message("user", parts);
  }

  /// What a person said, as one text.
  public static ResponseItem user(String text) {
    return user(List.of(text(text)));
  }

  /// What this program tells the model.
  public static ResponseItem developer(List<Map<String, @Nullable Object>> parts) {
    return message("developer", parts);
  }

  /// What this program tells the model, as one text.
  public static ResponseItem developer(String text) {
    return developer(List.of(text(text)));
  }

  /// What a model said; as an item of a history that was made elsewhere.
  public static ResponseItem assistant(String text) {
    return message("assistant", List.of(Values.of("type", "output_text", "text", text)));
  }

  private static ResponseItem message(String role, List<Map<String, @Nullable Object>> parts) {
    return new ResponseItem(Values.of("type", "message", "role", role, "content", parts));
  }

  /// A part of a message, or of an output: text.
  public static Map<String, @Nullable Object> text(String text) {
    return Values.of("type", "input_text", "text", text);
  }

  /// A part of a message, or of an output: a picture.
  ///
  /// @param url usually `data:image/png;base64,…`
  public static Map<String, @Nullable Object> image(String url) {
    return Values.of("type", "input_image", "image_url", url);
  }

  /// The answer to a `function_call`.
  public static ResponseItem functionOutput(String callId, String output) {
    return output("function_call_output", callId, output);
  }

  /// The answer to a `function_call`, in parts.
  public static ResponseItem functionOutput(
      String callId, List<Map<String, @Nullable Object>> parts) {
    return output("function_call_output", callId, parts);
  }

  /// The answer to a `custom_tool_call`.
  public static ResponseItem customOutput(String callId, String output) {
    return output("custom_tool_call_output", callId, output);
  }

  private static ResponseItem output(String type, String callId, Object output) {
    return new ResponseItem(Values.of("type", type, "call_id", callId, "output", output));
  }

  /// The answer to this call, in the type that belongs to it.
  public ResponseItem answer(String output) {
    return type().equals("custom_tool_call")
        ? customOutput(callId(), output)
        : functionOutput(callId(), output);
  }

  /// `message`, `reasoning`, `function_call` and so on; empty if it has none.
  public String type() {
    return Values.text(json, "type");
  }

  /// The item's own name; null if it has none.
  public @Nullable String id() {
    return Values.textOrNull(json, "id");
  }

  /// Who speaks, for a message.
  public String role() {
    return Values.text(json, "role");
  }

  /// Whether it is what the model has said to a person.
  public boolean isAssistantMessage() {
    return type().equals("message") && role().equals("assistant");
  }

  /// Whether a tool is to be run and its output is waited for.
  public boolean isCall() {
    return switch (type()) {
      case "function_call", "custom_tool_call" -> true;
      // A search that the provider runs itself is no call of ours.
      case "tool_search_call" -> !"server".equals(json.get("execution"));
      default -> false;
    };
  }

  /// A message's text: its parts one after another.
  public String messageText() {
    return Values.children(json, "content").stream()
        .map(it -> it.containsKey("text") ? Values.text(it, "text") : Values.text(it, "refusal"))
        .collect(Collectors.joining());
  }

  /// A reasoning's summary: its parts, a line break between two.
  public String reasoningText() {
    return Values.children(json, "summary").stream()
        .map(it -> Values.text(it, "text"))
        .collect(Collectors.joining("\n"));
  }

  /// The name by which a call and its output belong together.
  public String callId() {
    return Values.text(json, "call_id");
  }

  /// The tool that is called.
  public String name() {
    return Values.text(json, "name");
  }

  /// The group of tools that the name belongs to; null if it stands alone.
  public @Nullable String namespace() {
    return Values.textOrNull(json, "namespace");
  }

  /// A function call's arguments: JSON as the model has written it, so it may be invalid.
  public String arguments() {
    return Values.text(json, "arguments");
  }

  /// A custom call's input: any text.
  public String input() {
    return Values.text(json, "input");
  }

  /// An output's text: the whole or its text parts, a line break between two.
  public String outputText() {
    return json.get("output") instanceof String whole
        ? whole
        : Values.children(json, "output").stream()
            .filter(it -> it.containsKey("text"))
            .map(it -> Values.text(it, "text"))
            .collect(Collectors.joining("\n"));
  }
}
