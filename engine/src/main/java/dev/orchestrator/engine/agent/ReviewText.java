package dev.orchestrator.engine.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A review as a person reads it, in Codex's form: what it comes to, then a comment for each
/// finding.
final class ReviewText {
  private ReviewText() {}

  /// The text of a review.
  ///
  /// @param message what the model said: the JSON object that it was asked for, alone or among
  ///   other text
  /// @return the message itself if it is no review
  static String of(String message) {
    var from = message.indexOf('{');
    var to = message.lastIndexOf('}');
    if (from < 0 || to < from) {
      return message;
    }
    try {
      var review = Json.readObject(message.substring(from, to + 1).getBytes(UTF_8));
      return review.get("findings") instanceof List<?> findings ? text(review, findings) : message;
    } catch (IOException _) {
      return message;
    }
  }

  private static String text(Map<String, @Nullable Object> review, List<?> findings) {
    var parts = new ArrayList<String>();
    var explanation = string(review.get("overall_explanation")).strip();
    if (!explanation.isEmpty()) {
      parts.add(explanation);
    }
    var comments = new ArrayList<String>();
    for (var it : findings) {
      if (it instanceof Map<?, ?> finding) {
        comments.add(comment(finding));
      }
    }
    if (!comments.isEmpty()) {
      parts.add(comments.size() == 1 ? "Review comment:" : "Full review comments:");
      parts.addAll(comments);
    }
    return parts.isEmpty() ? "The review has found nothing." : String.join("\n\n", parts);
  }

  private static String comment(Map<?, ?> finding) {
    var place = "";
    if (finding.get("code_location") instanceof Map<?, ?> at) {
      place = " — " + string(at.get("absolute_file_path"));
      if (at.get("line_range") instanceof Map<?, ?> lines) {
        place += ":" + lines.get("start") + "-" + lines.get("end");
      }
    }
    var comment = new StringBuilder("- ").append(string(finding.get("title"))).append(place);
    string(finding.get("body")).lines().forEach(it -> comment.append("\n  ").append(it));
    return comment.toString();
  }

  private static String string(@Nullable Object value) {
    return value instanceof String it ? it : "";
  }
}
