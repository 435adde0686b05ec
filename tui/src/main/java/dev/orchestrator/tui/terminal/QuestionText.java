package dev.orchestrator.tui.terminal;

import dev.orchestrator.engine.approval.Answer;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.posix.OsText;
import java.util.Locale;
import java.util.Optional;

/// A question as lines of text, and a typed line as an answer to it.
final class QuestionText {
  static final String HINT =
      "type y for the preset, a number for another, n [REASON] to deny, never [REASON] to deny"
          + " and remember it";

  private static final String BOLD = "\u001b[1m";
  private static final String PLAIN = "\u001b[0m";
  private static final int LONGEST_TEXT_CHARS = 2000;

  private QuestionText() {}

  static String of(Question it, boolean colour) {
    var text = new StringBuilder();
    text.append("orchestrator: may this run?\n");
    text.append("  ")
        .append(colour ? BOLD : "")
        .append(safe(it.text()))
        .append(colour ? PLAIN : "");
    text.append("\n  in ").append(safe(it.directory().toString()));
    text.append(", ").append(it.confinement()).append('\n');
    if (it.commands().size() > 1) {
      it.commands().forEach(command -> text.append("    runs ").append(safe(command)).append('\n'));
    }
    it.reasons()
        .forEach(reason -> text.append("  because ").append(safe(reason.text())).append('\n'));
    var number = 1;
    for (var choice : it.choices()) {
      text.append(
          "  %s %d  %s"
              .formatted(choice.id().equals(it.preset()) ? "y" : " ", number, safe(choice.text())));
      if (choice.of() > 0) {
        text.append(
            "  (would have covered %d of the last %d questions here)"
                .formatted(choice.covered(), choice.of()));
      }
      text.append('\n');
      number++;
    }
    text.append("    n  no; n REASON tells why, never REASON remembers it\n");
    var deadline = it.deadline();
    if (deadline != null) {
      text.append("  denied in ").append(deadline.toSeconds()).append(" s if nobody answers\n");
    }
    return text.toString();
  }

  /// Output of models and programs must not move the cursor or colour the question.
  private static String safe(String text) {
    var shown =
        text.length() > LONGEST_TEXT_CHARS
            ? text.substring(0, LONGEST_TEXT_CHARS) + "… (%,d characters)".formatted(text.length())
            : text;
    var safe = new StringBuilder();
    OsText.printable(shown)
        .codePoints()
        .forEach(it -> {
          if (Character.isISOControl(it) || Character.getType(it) == Character.FORMAT) {
            safe.append(it == '\n' ? "\n    " : "\\u%04x".formatted(it));
          } else {
            safe.appendCodePoint(it);
          }
        });
    return safe.toString();
  }

  /// Empty if the line is no answer.
  static Optional<Answer> answer(Question question, String line) {
    var words = line.split("\\s+", 2);
    var rest = words.length > 1 ? words[1] : null;
    return switch (words[0].toLowerCase(Locale.ROOT)) {
      case "y", "yes" -> rest == null ? Optional.of(new Answer.Allow("")) : Optional.empty();
      case "n", "no" -> Optional.of(new Answer.Deny(rest, false));
      case "never" -> Optional.of(new Answer.Deny(rest, true));
      default -> numbered(question, line);
    };
  }

  private static Optional<Answer> numbered(Question question, String line) {
    if (!line.matches("[0-9]{1,2}")) {
      return Optional.empty();
    }
    var number = Integer.parseInt(line);
    return number >= 1 && number <= question.choices().size()
        ? Optional.of(new Answer.Allow(question.choices().get(number - 1).id()))
        : Optional.empty();
  }
}
