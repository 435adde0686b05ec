package dev.orchestrator.tui.terminal;

import dev.orchestrator.engine.approval.Answer;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.event.Question;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Asks questions on the terminal, a line at a time and one question after the other.
///
/// The terminal is opened for one question and given back after it, so that commands have it for
/// themselves. What was typed ahead is thrown away; an empty line answers nothing. A question that
/// the terminal cannot show is passed to others; the next one is tried again.
///
/// Each question has a thread of its own, `prompt`, from when it is shown. Safe from any thread.
public final class LinePrompt implements Desk.FrontEnd {
  private static final String NAME = "terminal";

  private static final long GIVE_BACK_MILLIS = 1000;

  private final Desk desk;
  private final Runnable onInterrupt;
  private final Asker asker;

  // Guarded by this.
  private final Deque<Question> waiting = new ArrayDeque<>();
  private @Nullable Shown shown;
  private boolean interrupted;

  /// A question on the terminal. Guarded by its owner, except for the thread.
  private static final class Shown {
    final String id;
    final Thread thread;
    boolean withdrawn;

    Shown(String id, Thread thread) {
      this.id = id;
      this.thread = thread;
    }
  }

  /// Whoever shows one question and reads what is typed.
  @FunctionalInterface
  interface Asker {
    /// Blocks until there is an answer, or the thread is interrupted. The terminal is given back
    /// before it returns.
    ///
    /// @return empty if Ctrl-C was typed, or the thread was interrupted
    /// @throws IOException if this terminal cannot be asked on
    Optional<Answer> ask(Question question) throws IOException;
  }

  LinePrompt(Desk desk, Asker asker, Runnable onInterrupt) {
    this.desk = desk;
    this.asker = asker;
    this.onInterrupt = onInterrupt;
  }

  /// Offers the terminal to the desk.
  ///
  /// @param onInterrupt called when Ctrl-C is typed at a question; nothing is asked after that
  public static void attach(Desk desk, boolean colour, Runnable onInterrupt) {
    desk.attach(new LinePrompt(desk, new TerminalAsker(colour), onInterrupt));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public synchronized void announce(Question question) {
    waiting.add(question);
    if (shown == null) {
      showNext();
    }
  }

  private synchronized void showNext() {
    // What is open when Ctrl-C is typed is closed by the end of the run.
    var next = interrupted ? null : waiting.poll();
    if (next == null) {
      shown = null;
      return;
    }
    var thread = Thread.ofPlatform().name("prompt").daemon().unstarted(() -> ask(next));
    shown = new Shown(next.id(), thread);
    thread.start();
  }

  @Override
  public void withdraw(String question) {
    Thread thread;
    synchronized (this) {
      waiting.removeIf(it -> it.id().equals(question));
      var current = shown;
      if (current == null || !current.id.equals(question)) {
        return;
      }
      current.withdrawn = true;
      thread = current.thread;
      thread.interrupt();
    }
    if (thread != Thread.currentThread()) {
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
    Optional<Answer> answer = Optional.empty();
    var failed = false;
    try {
      answer = asker.ask(question);
    } catch (IOException | RuntimeException e) {
      log().log(System.Logger.Level.WARNING, "the terminal cannot be asked on", e);
      failed = true;
    }
    var stops = answer.isEmpty() && !failed && interrupt();
    // The terminal is free by now: whoever hears of the answer may use it at once.
    if (answer.isPresent()) {
      desk.answer(question.id(), answer.get(), NAME);
    } else if (failed) {
      desk.pass(question.id(), this); // Others may be asked.
    } else if (stops) {
      onInterrupt.run();
    }
    showNext();
  }

  /// Whether Ctrl-C was typed, and the question not just withdrawn.
  private synchronized boolean interrupt() {
    interrupted |= shown != null && !shown.withdrawn;
    return interrupted;
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(LinePrompt.class.getName());
  }
}
