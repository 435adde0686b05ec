package dev.orchestrator.headless;

import dev.orchestrator.engine.approval.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers as JSON objects, a line each.
///
/// ```
/// {"answer":"allow","choice":"run"}
/// {"answer":"deny","reason":"use the mirror","remember":true}
/// ```
final class AnswerLines {
  private static final int LONGEST_LINE_BYTES = 64 * 1024;

  private AnswerLines() {}

  /// The next line; null at the end. What is too long is cut, and then no valid object.
  ///
  /// @param in should be buffered
  static byte @Nullable [] next(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    var next = in.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      if (line.size() < LONGEST_LINE_BYTES) {
        line.write(next);
      }
      next = in.read();
    }
    return line.toByteArray();
  }

  /// The answer that a line's fields are; null if they are none.
  static @Nullable Answer answer(Map<String, @Nullable Object> fields) {
    var text = fields.get("answer");
    if ("allow".equals(text)) {
      var choice = fields.get("choice");
      return choice == null || choice instanceof String
          ? new Answer.Allow(choice == null ? "" : String.valueOf(choice))
          : null;
    }
    return "deny".equals(text)
        ? new Answer.Deny(
            fields.get("reason") instanceof String it ? it : null,
            Boolean.TRUE.equals(fields.get("remember")))
        : null;
  }
}
