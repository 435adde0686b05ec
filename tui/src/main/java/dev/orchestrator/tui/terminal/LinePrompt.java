package dev.orchestrator.tui.terminal;

import dev.orchestrator.engine.approval.Answer;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.event.Question;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/// Asks questions on the terminal, a line at a time.
///
/// The terminal is opened for one question and given back after it, so that commands have it for
/// themselves. What was typed ahead is thrown away; an empty line answers nothing.
///
/// Each question has a thread of its own, `prompt`.
public final class LinePrompt implements Desk.FrontEnd {
  private static final String NAME = "terminal";
  private static final long SETTLE_MILLIS = 250;
  private static final long GIVE_BACK_MILLIS = 1000;

  private final Desk desk;
  private final Runnable onInterrupt;
  private final boolean colour;
  private final AtomicReference<@Nullable Thread> asking = new AtomicReference<>();

  private LinePrompt(Desk desk, boolean colour, Runnable onInterrupt) {
    this.desk = desk;
    this.colour = colour;
    this.onInterrupt = onInterrupt;
  }

  /// Offers the terminal to the desk.
  ///
  /// @param onInterrupt called when Ctrl-C is typed at a question
  public static void attach(Desk desk, boolean colour, Runnable onInterrupt) {
    desk.attach(new LinePrompt(desk, colour, onInterrupt));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void announce(Question question) {
    var thread = Thread.ofPlatform().name("prompt").daemon().unstarted(() -> ask(question));
    asking.set(thread);
    thread.start();
  }

  @Override
  public void withdraw(String question) {
    var thread = asking.getAndSet(null);
    if (thread != null && thread != Thread.currentThread()) {
      thread.interrupt();
      awaitEnd(thread);
    }
  }

  /// The terminal is given back before anything else happens on it, or to this process.
  private static void awaitEnd(Thread thread) {
    try {
      thread.join(GIVE_BACK_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void ask(Question question) {
    try (var terminal = TerminalBuilder.builder().system(true).dumb(false).build()) {
      discardTyped(terminal);
      terminal.writer().print(QuestionText.of(question, colour));
      terminal.flush();
      var reader = LineReaderBuilder.builder().terminal(terminal).build();
      // Reasons may hold anything; they are not to be looked up in a history of shell events.
      reader.option(LineReader.Option.DISABLE_EVENT_EXPANSION, true);
      answer(question, reader);
    } catch (UserInterruptException _) {
      // Either Ctrl-C, or the question was withdrawn while it was open.
      if (asking.get() == Thread.currentThread()) {
        onInterrupt.run();
      }
    } catch (EndOfFileException _) {
      desk.answer(question.id(), new Answer.Deny("the terminal was closed", false), NAME);
    } catch (IOException | IllegalStateException _) {
      desk.detach(this); // This terminal cannot be asked on; others may be.
    }
  }

  private void answer(Question question, LineReader reader) {
    while (true) {
      var line = reader.readLine("allow? ").strip();
      Optional<Answer> answer = QuestionText.answer(question, line);
      if (answer.isPresent()) {
        asking.compareAndSet(Thread.currentThread(), null);
        desk.answer(question.id(), answer.get(), NAME);
        return;
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
