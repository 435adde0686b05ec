package dev.orchestrator.engine.patch;

import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A call of `apply_patch` in a shell script that consists of nothing else (Codex's
/// `exec_command`).
///
/// Only what the shell would take to mean exactly this is recognised: one here-document, before it
/// at most `cd` into one folder, around it white space. Anything else is a script like any other.
///
/// @param patch the here-document's text
/// @param directory where the script goes first, as written; null if it stays
public record PatchCall(String patch, @Nullable String directory) {
  /// What a model is told that gives a patch as a script.
  public static final String NOT_A_SCRIPT =
      "patch detected without explicit call to apply_patch."
          + " Rerun as [\"apply_patch\", \"<patch>\"]";

  /// A word without anything that a shell expands. It does not begin with a dash (an option) or a
  /// tilde (somebody's home).
  private static final String FOLDER =
      "(?:(?<plain>[\\w./@%+=:,][\\w./@%+=:,~-]*)"
          + "|'(?<single>[^'\\n-][^'\\n]*)'"
          + "|\"(?<double>[^\"$`\\\\\\n!-][^\"$`\\\\\\n!]*)\")";

  private static final Pattern HEAD =
      Pattern.compile(
          "[ \\t\\r\\n]*(?:cd[ \\t]+"
              + FOLDER
              + "[ \\t]*&&[ \\t\\n]*)?(?:apply_patch|applypatch)[ \\t]*<<[ \\t]*"
              + "(?:(?<open>\\w+)|'(?<quoted>\\w+)'|\"(?<strong>\\w+)\")[ \\t]*\\n");

  /// In a text whose delimiter is not quoted, the shell expands these.
  private static final Pattern EXPANDED = Pattern.compile("[$`\\\\]");

  /// Recognises a call.
  public static Optional<PatchCall> of(String script) {
    var head = HEAD.matcher(script);
    if (script.length() > Patch.MOST_CHARS || !head.lookingAt()) {
      return Optional.empty();
    }
    var open = head.group("open");
    var quoted = head.group("quoted");
    var delimiter = open != null ? open : quoted != null ? quoted : head.group("strong");
    var body = body(script.substring(head.end()), delimiter);
    if (body.isEmpty() || (open != null && EXPANDED.matcher(body.get()).find())) {
      return Optional.empty();
    }
    var plain = head.group("plain");
    var single = head.group("single");
    var directory = plain != null ? plain : single != null ? single : head.group("double");
    return Optional.of(new PatchCall(body.get(), directory));
  }

  /// The lines up to the first that is the delimiter, if nothing follows it.
  private static Optional<String> body(String text, String delimiter) {
    var start = 0;
    while (start < text.length()) {
      var lineFeed = text.indexOf('\n', start);
      var end = lineFeed < 0 ? text.length() : lineFeed;
      if (text.substring(start, end).equals(delimiter)) {
        return text.substring(end).isBlank()
            ? Optional.of(text.substring(0, start))
            : Optional.empty();
      }
      start = end + 1;
    }
    return Optional.empty();
  }

  /// Whether a script is a patch, or begins as one, without a call around it.
  public static boolean isPatchItself(String script) {
    var text = Blanks.trim(script);
    var lineFeed = text.indexOf('\n');
    var first = lineFeed < 0 ? text : text.substring(0, lineFeed);
    if (Blanks.trim(first).equals(Patch.BEGIN)) {
      return true;
    }
    try {
      Patch.parse(script);
      return true;
    } catch (PatchException _) {
      return false;
    }
  }
}
