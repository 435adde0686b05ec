package dev.orchestrator.headless;

import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.headless.HumanOutput.Header;
import dev.orchestrator.headless.HumanOutput.Look;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// The two streams that a person sees: what is told on standard error, with one line below it that
/// says what is waited for, and the last message on standard output.
///
/// Safe from any thread; writing may block.
final class HumanScreen {
  private static final Duration SHOWN_AFTER = Duration.ofSeconds(1);
  private static final int LONGEST_COMMAND_CHARS = 50;
  private static final int FIRST_WIDE = 0x1100;
  private static final int ELLIPSIS = '…';

  private final OutputStream out;
  private final OutputStream err;
  private final Look look;
  private final IntSupplier columns;

  // Guarded by this.
  private final RunningCommands commands = new RunningCommands();
  private final HumanText text;
  private final StringBuilder held = new StringBuilder();
  private final Set<String> lent = new HashSet<>();
  private @Nullable String lastMessage;
  private @Nullable Instant idleSince;
  private @Nullable Instant askedSince;
  private int questions;
  private int statusColumns;
  private boolean outFailed;
  private boolean errFailed;

  /// A screen.
  ///
  /// @param columns how wide standard error is, if it is a terminal; asked now and then, because
  ///   people change that
  HumanScreen(OutputStream out, OutputStream err, Header header, Look look, IntSupplier columns) {
    this.columns = columns;
    this.out = out;
    this.err = err;
    this.look = look;
    this.text = new HumanText(header, look, commands);
  }

  /// Shows a fact.
  synchronized void take(Envelope envelope) {
    held.append(text.of(envelope));
    follow(envelope);
    if (lent.isEmpty() && !held.isEmpty()) {
      eraseStatus();
      tell(held.toString());
      held.setLength(0);
    }
    if (envelope.event() instanceof Event.TurnCompleted) {
      answer();
    } else if (envelope.event() instanceof Event.RunEnded) {
      end();
    }
  }

  private void follow(Envelope it) {
    switch (it.event()) {
      case Event.TurnStarted _, Event.ToolCompleted _ -> idleSince = it.at();
      case Event.ItemCompleted(Item.AgentMessage message) -> lastMessage = message.text();
      case Event.ItemCompleted _ -> idleSince = idleSince == null ? null : it.at();
      case Event.ApprovalRequested _ -> {
        questions++;
        askedSince = it.at();
      }
      case Event.ApprovalResolved _ -> questions = Math.max(0, questions - 1);
      case Event.TurnCompleted _, Event.TurnFailed _ -> idleSince = null;
      case Event.RunStarted _,
          Event.ThreadStarted _,
          Event.ItemStarted _,
          Event.ItemUpdated _,
          Event.ErrorReported _,
          Event.InstructionsLoaded _,
          Event.ModelReplied _,
          Event.ThreadCompacted _,
          Event.ExecBegan _,
          Event.OutputAppended _,
          Event.OutputSkipped _,
          Event.InputRequested _,
          Event.ProcessesReaped _,
          Event.ExecEnded _,
          Event.SandboxProbed _,
          Event.ToolRequested _,
          Event.AnswerIgnored _,
          Event.ToolStarted _,
          Event.SandboxDenied _,
          Event.ToolRetried _,
          Event.Heartbeat _,
          Event.RunEnded _ -> {}
    }
  }

  /// Says what is waited for, if that is worth saying.
  synchronized void tick(Instant now) {
    if (!look.errTerminal() || look.quiet() || !lent.isEmpty()) {
      return;
    }
    var status = status(now);
    if (status.isPresent()) {
      var columns = width(status.get());
      tell("\r" + status.get() + " ".repeat(Math.max(0, statusColumns - columns)));
      statusColumns = columns;
    } else {
      eraseStatus();
    }
  }

  private Optional<String> status(Instant now) {
    if (questions > 0) {
      return waited("waiting for an answer", askedSince, now);
    }
    var running = commands.running();
    if (!running.isEmpty()) {
      var oldest = running.getFirst();
      var more = running.size() == 1 ? "" : " and %d more".formatted(running.size() - 1);
      var command = oldest.call() == null ? oldest.item().command() : oldest.call().text();
      var shown = TerminalText.cut(TerminalText.line(command), LONGEST_COMMAND_CHARS);
      return waited("running " + shown + more, oldest.since(), now);
    }
    return waited("waiting for the model", idleSince, now);
  }

  /// On one line, whatever its width: a terminal would wrap it, and then it could not be erased.
  private Optional<String> waited(String what, @Nullable Instant since, Instant now) {
    if (since == null) {
      return Optional.empty();
    }
    var time = Duration.between(since, now);
    if (time.compareTo(SHOWN_AFTER) < 0) {
      return Optional.empty();
    }
    var seconds = " (%d s)".formatted(time.toSeconds());
    // The last column stays free, because some terminals wrap when it is filled.
    var room = columns.getAsInt() - seconds.length() - 1;
    return room <= 0 ? Optional.empty() : Optional.of(fitting(what, room) + seconds);
  }

  private static String fitting(String text, int most) {
    if (width(text) <= most) {
      return text;
    }
    var kept = new StringBuilder();
    var left = most - 1;
    for (var it : text.codePoints().toArray()) {
      left -= widthOf(it);
      if (left < 0) {
        break;
      }
      kept.appendCodePoint(it);
    }
    return kept + "…";
  }

  /// Wide characters take two; one too many is erased without harm.
  private static int width(String text) {
    return text.codePoints().map(HumanScreen::widthOf).sum();
  }

  private static int widthOf(int character) {
    return character < FIRST_WIDE || character == ELLIPSIS ? 1 : 2;
  }

  private void eraseStatus() {
    if (statusColumns > 0) {
      tell("\r" + " ".repeat(statusColumns) + "\r");
      statusColumns = 0;
    }
  }

  /// Somebody else is going to use the terminal: nothing is written until [#giveBack], for each of
  /// several questions.
  synchronized void lend(String question) {
    eraseStatus();
    lent.add(question);
  }

  synchronized void giveBack(String question) {
    lent.remove(question);
  }

  /// Leaves the terminal as whoever comes next expects it.
  private void end() {
    lent.clear();
    eraseStatus();
    tell(held.toString());
    held.setLength(0);
  }

  /// Whether everything for standard output could be written.
  synchronized boolean isOutWhole() {
    return !outFailed;
  }

  private void answer() {
    var alreadySeen = look.errTerminal() && look.outTerminal() && !look.quiet();
    if (lastMessage == null || alreadySeen) {
      return;
    }
    var whole =
        look.outTerminal() ? TerminalText.lines(lastMessage) : OsText.printable(lastMessage);
    try {
      out.write((whole.endsWith("\n") ? whole : whole + "\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException _) {
      outFailed = true;
    }
  }

  private void tell(String it) {
    if (errFailed || it.isEmpty()) {
      return;
    }
    try {
      err.write(it.getBytes(StandardCharsets.UTF_8));
      err.flush();
    } catch (IOException _) {
      // Whoever does not listen misses it; the run and its record go on.
      errFailed = true;
    }
  }
}
