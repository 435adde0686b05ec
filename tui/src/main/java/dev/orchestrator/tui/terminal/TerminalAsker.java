package dev.orchestrator.tui.terminal;

import dev.orchestrator.engine.approval.Answer;
import dev.orchestrator.engine.event.Question;
import java.io.IOError;
import java.io.IOException;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/// Asks on the terminal of this process. Of one process only one question at a time can be asked.
///
/// Immutable.
final class TerminalAsker implements LinePrompt.Asker {
  private static final long SETTLE_MILLIS = 250;

  private final boolean colour;

  TerminalAsker(boolean colour) {
    this.colour = colour;
  }

  @Override
  public Optional<Answer> ask(Question question) throws IOException {
    try (var terminal = TerminalBuilder.builder().system(true).dumb(false).build()) {
      discardTyped(terminal);
      terminal.writer().print(QuestionText.of(question, colour));
      terminal.flush();
      var reader = LineReaderBuilder.builder().terminal(terminal).build();
      // Reasons may hold anything; they are not to be looked up in a history of shell events.
      reader.option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
      return Optional.of(answer(question, reader));
    } catch (UserInterruptException _) {
      return Optional.empty();
    } catch (EndOfFileException _) {
      return Optional.of(new Answer.Deny("the terminal was closed", false));
    } catch (IllegalStateException | IOError e) {
      throw new IOException("no terminal: " + e.getMessage(), e);
    }
  }

  private static Answer answer(Question question, LineReader reader) {
    while (true) {
      var line = reader.readLine("allow? ").strip();
      var answer = QuestionText.answer(question, line);
      if (answer.isPresent()) {
        return answer.get();
      }
      if (!line.isEmpty()) {
        reader.getTerminal().writer().println("  " + QuestionText.HINT);
      }
      reader.getTerminal().flush();
    }
  }

  /// Keys from before the question was there to be read.
  private static void discardTyped(Terminal terminal) throws IOException {
    var before = terminal.enterRawMode();
    try {
      var until = System.nanoTime() + SETTLE_MILLIS * 1_000_000;
      var left = SETTLE_MILLIS;
      while (left > 0 && terminal.reader().read(left) >= 0) {
        left = (until - System.nanoTime()) / 1_000_000;
      }
    } finally {
      terminal.setAttributes(before);
    }
  }
}
