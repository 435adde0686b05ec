package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.posix.Tty.LineMode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/// Notices that a program on a terminal waits for somebody to type.
///
/// Either it has switched echoing off while it still reads whole lines, as programs do for
/// passwords, or its last line is unfinished and reads like a question. Both only count once it has
/// been quiet for a moment, and once per question.
///
/// Confined to the session's thread.
final class PromptWatch {
  /// How long a program must be quiet.
  static final Duration QUIET = Duration.ofMillis(300);

  private static final int LINE_BYTES = 200;
  private static final Pattern STYLE = Pattern.compile("\u001b\\[[0-9;]*m");
  private static final Pattern QUESTION =
      Pattern.compile(
          "(?i)(\\[y/n\\]|\\(y/n\\)|\\(yes/no(/\\[fingerprint\\])?\\)"
              + "|pass(word|phrase|code)[^\\n]*:|username[^\\n]*:|login:|\\?)\\s*$");

  private final byte[] line = new byte[LINE_BYTES];
  private int size;
  private boolean told;

  /// A question that nobody has answered yet.
  record Question(String prompt, boolean secret) {}

  /// Takes output; every output makes a new question possible.
  void append(byte[] bytes, int length) {
    told = false;
    var from = 0;
    for (var index = length - 1; index >= 0; index--) {
      if (bytes[index] == '\n') {
        size = 0;
        from = index + 1;
        break;
      }
    }
    // The line's last bytes count: that is where a question stands.
    from = Math.max(from, length - LINE_BYTES);
    var room = LINE_BYTES - (length - from);
    var kept = Math.min(size, room);
    System.arraycopy(line, size - kept, line, 0, kept);
    System.arraycopy(bytes, from, line, kept, length - from);
    size = kept + length - from;
  }

  /// Whether it may be time to look.
  boolean isPending() {
    return !told;
  }

  /// Looks once, when the program has been quiet for [#QUIET].
  Optional<Question> look(LineMode mode) {
    told = true;
    var text = new String(line, 0, size, StandardCharsets.UTF_8);
    var prompt = STYLE.matcher(text).replaceAll("").strip();
    if (mode.wholeLines() && !mode.echo()) {
      return Optional.of(new Question(prompt, true));
    }
    return mode.wholeLines() && QUESTION.matcher(prompt).find()
        ? Optional.of(new Question(prompt, false))
        : Optional.empty();
  }
}
