package dev.orchestrator.engine.model;

import dev.orchestrator.engine.secret.Redaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A conversation without what differs from machine to machine, so that two can be compared.
///
/// Left out: what this program tells the model (developer and system messages), the parts of a
/// person's messages that hold instructions and environment, and tools. Kept: what the person has
/// said, what the model has said and called, and outputs without their volatile lines (chunk,
/// duration, token count), with dates, times, durations and UUIDs by a word instead, the
/// workspace's path and sessions by placeholders, and secrets masked. Names of items and calls do
/// not count.
final class Transcript {
  private static final int LONGEST_TEXT = 4096;
  private static final Pattern CONTEXT =
      Pattern.compile(
          "\\s*(<environment_context>|<user_instructions>|<INSTRUCTIONS>|<skills|"
              + "# AGENTS\\.md instructions).*",
          Pattern.DOTALL);
  private static final Pattern VOLATILE =
      Pattern.compile("(Chunk ID|Wall time|Original token count|Total output lines): .*");
  private static final Pattern RUNNING = Pattern.compile("Process running with session ID [0-9]+");
  private static final Pattern MOMENT =
      Pattern.compile(
          "[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?"
              + "(Z|[+-][0-9]{2}:?[0-9]{2})?)?");
  private static final Pattern TIME = Pattern.compile("\\b[0-9]{2}:[0-9]{2}:[0-9]{2}\\b");
  private static final Pattern DURATION =
      Pattern.compile("\\b[0-9]+([.,][0-9]+)? ?(ns|µs|us|ms|s|sec|seconds?)\\b");
  private static final Pattern UUID =
      Pattern.compile("\\b[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\\b");

  private Transcript() {}

  /// An item as it is compared.
  ///
  /// @param type the item's type, with the role or the tool's name
  /// @param digest SHA-256 of type and text, in hexadecimal digits
  /// @param text at most 4,096 characters of it, for people
  record Entry(String type, String digest, String text) {}

  static List<Entry> of(List<ResponseItem> items, Placeholders placeholders, Redaction redaction) {
    var entries = new ArrayList<Entry>();
    for (var it : items) {
      // A model may call a tool whatever it likes.
      var type = redaction.mask(type(it));
      var text = text(it);
      if (text != null) {
        var shown = placeholders.hide(redaction.mask(text));
        entries.add(
            new Entry(
                type,
                sha256(type + "\n" + shown),
                shown.length() <= LONGEST_TEXT ? shown : shown.substring(0, LONGEST_TEXT)));
      }
    }
    return entries;
  }

  /// The digest of a whole conversation.
  static String digest(List<Entry> entries) {
    return sha256(entries.stream().map(Entry::digest).collect(Collectors.joining("\n")));
  }

  private static String type(ResponseItem it) {
    return switch (it.type()) {
      case "message" -> "message " + it.role();
      case "function_call", "custom_tool_call" -> it.type() + " " + it.name();
      default -> it.type();
    };
  }

  /// What is compared of an item; null for nothing.
  private static @Nullable String text(ResponseItem it) {
    return switch (it.type()) {
      case "message" ->
          switch (it.role()) {
            case "developer", "system" -> null;
            case "assistant" -> it.messageText();
            default -> said(it);
          };
      case "reasoning" -> it.reasoningText();
      case "function_call" -> it.arguments();
      case "custom_tool_call" -> it.input();
      case "function_call_output", "custom_tool_call_output" ->
          steady(it.outputText()) + pictures(Values.children(it.json(), "output"));
      case "additional_tools" -> null;
      default -> "";
    };
  }

  private static @Nullable String said(ResponseItem it) {
    var parts =
        Values.children(it.json(), "content").stream()
            .filter(part -> !CONTEXT.matcher(Values.text(part, "text")).matches())
            .toList();
    return parts.isEmpty()
        ? null
        : parts.stream().map(part -> Values.text(part, "text")).collect(Collectors.joining("\n"))
            + pictures(parts);
  }

  private static String pictures(List<Map<String, @Nullable Object>> parts) {
    return parts.stream()
        .filter(it -> it.get("image_url") instanceof String)
        .map(it -> "\npicture " + sha256(Values.text(it, "image_url")))
        .collect(Collectors.joining());
  }

  private static String steady(String output) {
    var lines =
        output
            .lines()
            .filter(it -> !VOLATILE.matcher(it).matches())
            .collect(Collectors.joining("\n"));
    var text = RUNNING.matcher(lines).replaceAll("Process running");
    text = UUID.matcher(text).replaceAll("(uuid)");
    text = MOMENT.matcher(text).replaceAll("(moment)");
    text = TIME.matcher(text).replaceAll("(time)");
    return DURATION.matcher(text).replaceAll("(duration)");
  }

  private static String sha256(String text) {
    try {
      var digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
