package dev.orchestrator.headless;

import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.Item.CommandExecution;
import dev.orchestrator.engine.event.Item.FileChange;
import dev.orchestrator.engine.event.Item.Status;
import dev.orchestrator.engine.event.Item.TodoList;
import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.headless.HumanOutput.Header;
import dev.orchestrator.headless.HumanOutput.Look;
import dev.orchestrator.headless.RunningCommands.Known;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Facts as a person reads them, in the manner of `codex exec`.
///
/// Confined to its thread.
final class HumanText {
  private static final String RULE = "--------\n";
  private static final int HEAD_LINES = 20;
  private static final int TAIL_LINES = 20;
  private static final int LONGEST_LINE_CHARS = 2000;

  private final Header header;
  private final Look look;
  private final RunningCommands commands;
  private final StringBuilder text = new StringBuilder();
  private Path directory;
  private @Nullable String lastError;

  HumanText(Header header, Look look, RunningCommands commands) {
    this.header = header;
    this.look = look;
    this.commands = commands;
    this.directory = header.directory();
  }

  /// What is to be shown of a fact, whole lines; empty if nothing is.
  String of(Envelope envelope) {
    text.setLength(0);
    switch (envelope.event()) {
      case Event.RunStarted it -> directory = it.directory();
      case Event.ThreadStarted it -> header(it.thread());
      case Event.TurnStarted _ -> prompt();
      case Event.ItemStarted(var item) -> started(item, envelope.at());
      case Event.ItemUpdated(var item) -> updated(item);
      case Event.ItemCompleted(var item) -> completed(item, envelope.at());
      case Event.TurnCompleted it -> tokens(it.usage());
      case Event.TurnFailed it -> error(it.message());
      case Event.ErrorReported it -> error(it.message());
      case Event.ThreadCompacted it ->
          note(
              "conversation summarised: %d entries are %d now"
                  .formatted(it.entriesBefore(), it.entriesAfter()));
      case Event.ToolRequested it -> commands.requested(it);
      case Event.ApprovalRequested it -> asked(it);
      case Event.ApprovalResolved it -> answered(it);
      case Event.ToolRetried it ->
          note(
              it.delay().isZero()
                  ? "attempt %d: %s".formatted(it.attempt(), it.reason())
                  : "attempt %d in %d ms: %s"
                      .formatted(it.attempt(), it.delay().toMillis(), it.reason()));
      case Event.ExecBegan it -> commands.began(it);
      case Event.ExecEnded it -> commands.ended(it);
      case Event.InputRequested it -> note("a command waits for input: " + it.prompt());
      case Event.AnswerIgnored _,
          Event.InstructionsLoaded _,
          Event.ModelReplied _,
          Event.SandboxProbed _,
          Event.SandboxDenied _,
          Event.ToolStarted _,
          Event.ToolCompleted _,
          Event.OutputAppended _,
          Event.OutputSkipped _,
          Event.ProcessesReaped _,
          Event.Heartbeat _,
          Event.RunEnded _ -> {}
    }
    return text.toString();
  }

  private void header(String thread) {
    if (look.quiet()) {
      return;
    }
    text.append(ink(Ink.BOLD, TerminalText.line(header.program()))).append('\n').append(RULE);
    field("workdir", header.directory().toString());
    field("model", header.model());
    field("provider", header.provider());
    field("approval", header.approval());
    field("sandbox", header.sandbox());
    field("reasoning effort", header.reasoningEffort());
    field("reasoning summaries", header.reasoningSummaries());
    field("session id", thread);
    text.append(RULE);
  }

  private void field(String name, String value) {
    text.append(ink(Ink.BOLD, name + ":"))
        .append(' ')
        .append(TerminalText.line(value))
        .append('\n');
  }

  private void prompt() {
    if (!look.quiet()) {
      text.append(ink(Ink.CYAN, "user")).append('\n');
      paragraph(TerminalText.lines(header.prompt()));
    }
  }

  private void started(Item item, Instant at) {
    switch (item) {
      case CommandExecution it -> commands.started(it, at);
      case TodoList it -> plan(it);
      case Item.AgentMessage _, Item.Reasoning _, FileChange _, Item.Trouble _ -> {}
    }
  }

  private void updated(Item item) {
    switch (item) {
      case TodoList it -> plan(it);
      case CommandExecution _,
          Item.AgentMessage _,
          Item.Reasoning _,
          FileChange _,
          Item.Trouble _ -> {}
    }
  }

  private void completed(Item item, Instant at) {
    switch (item) {
      case CommandExecution it -> command(it, commands.completed(it, at), at);
      case Item.AgentMessage it -> {
        if (!look.quiet()) {
          text.append(ink(Ink.MAGENTA, "codex")).append('\n');
          paragraph(TerminalText.lines(it.text()));
        }
      }
      case Item.Reasoning it -> {
        if (!look.quiet() && look.thinking()) {
          TerminalText.lines(it.text())
              .strip()
              .lines()
              .forEach(line -> text.append(ink(Ink.DIM, line)).append('\n'));
        }
      }
      case FileChange it -> patch(it);
      case Item.Trouble it -> {
        if (!look.quiet()) {
          text.append(ink(Ink.YELLOW, "warning:")).append(' ');
          paragraph(TerminalText.lines(it.message()));
        }
      }
      // Shown whenever it changed.
      case TodoList _ -> {}
    }
  }

  private void command(CommandExecution it, Known known, Instant at) {
    if (look.quiet()) {
      return;
    }
    var where = known.call() == null ? directory : known.call().directory();
    text.append(ink(Ink.MAGENTA, "exec")).append('\n');
    text.append(ink(Ink.BOLD, TerminalText.line(it.command())))
        .append(" in ")
        .append(TerminalText.line(where.toString()))
        .append('\n');
    var millis = Math.max(0, Duration.between(known.since(), at).toMillis());
    var how = it.exitCode() == null ? "failed after" : "exited %d in".formatted(it.exitCode());
    text.append(
        switch (it.status()) {
          case DECLINED -> ink(Ink.RED, " declined:");
          case COMPLETED -> ink(Ink.GREEN, " succeeded in %dms:".formatted(millis));
          case FAILED, IN_PROGRESS -> ink(Ink.RED, " %s %dms:".formatted(how, millis));
        });
    text.append('\n');
    output(it.output(), commands.spools(known));
  }

  private void output(String output, List<Path> spools) {
    if (output.isBlank()) {
      return;
    }
    var lines = TerminalText.output(output).stripTrailing().lines().toList();
    var isLong = lines.size() > HEAD_LINES + TAIL_LINES;
    lines.subList(0, isLong ? HEAD_LINES : lines.size()).forEach(this::outputLine);
    if (isLong) {
      var left = lines.size() - HEAD_LINES - TAIL_LINES;
      var kept =
          spools.stream()
              .map(it -> TerminalText.line(it.toString()))
              .collect(Collectors.joining(", "));
      var where = kept.isEmpty() ? "it is kept nowhere" : "all of it: " + kept;
      text.append(ink(Ink.DIM, "… %,d lines left out; %s".formatted(left, where))).append('\n');
      lines.subList(lines.size() - TAIL_LINES, lines.size()).forEach(this::outputLine);
    }
  }

  private void outputLine(String line) {
    text.append(ink(Ink.DIM, TerminalText.cut(line, LONGEST_LINE_CHARS))).append('\n');
  }

  private void patch(FileChange it) {
    if (look.quiet()) {
      return;
    }
    text.append(ink(Ink.MAGENTA, "apply patch")).append('\n');
    var ended = it.status() == Status.IN_PROGRESS ? Status.FAILED : it.status();
    text.append("patch: ")
        .append(
            ink(
                ended == Status.COMPLETED ? Ink.GREEN : Ink.RED,
                ended.name().toLowerCase(Locale.ROOT)))
        .append('\n');
    for (var change : it.changes()) {
      text.append(change.kind().name().toLowerCase(Locale.ROOT))
          .append(' ')
          .append(TerminalText.line(change.path().toString()))
          .append('\n');
    }
  }

  /// The model works on the first step that is not done.
  private void plan(TodoList it) {
    if (look.quiet()) {
      return;
    }
    text.append(ink(Ink.MAGENTA, "plan")).append('\n');
    var isCurrentShown = false;
    for (var step : it.items()) {
      var isCurrent = !step.completed() && !isCurrentShown;
      isCurrentShown |= isCurrent;
      var sign = step.completed() ? ink(Ink.GREEN, "✓") : isCurrent ? ink(Ink.CYAN, "→") : "•";
      text.append("  ")
          .append(sign)
          .append(' ')
          .append(TerminalText.line(step.text()))
          .append('\n');
    }
  }

  private void asked(Event.ApprovalRequested it) {
    // Whoever is asked on this terminal sees the question itself.
    if (!look.prompts()) {
      note("approval needed: " + it.question().text());
    }
  }

  private void answered(Event.ApprovalResolved it) {
    var reason = it.reason() == null ? "" : ": " + it.reason();
    note((it.granted() ? "allowed by " : "denied by ") + it.by() + reason);
  }

  private void note(String it) {
    if (!look.quiet()) {
      text.append(ink(Ink.DIM, TerminalText.line(it))).append('\n');
    }
  }

  private void error(String message) {
    // A failed turn tells first what went wrong and then that it failed because of it.
    if (!message.equals(lastError)) {
      lastError = message;
      text.append(ink(Ink.RED, "ERROR:")).append(' ');
      paragraph(TerminalText.lines(message));
    }
  }

  private void tokens(Usage it) {
    if (!look.quiet()) {
      text.append(ink(Ink.MAGENTA, "tokens used")).append('\n');
      text.append(String.format(Locale.US, "%,d%n", it.input() - it.cachedInput() + it.output()));
    }
  }

  private void paragraph(String it) {
    text.append(it.stripTrailing()).append('\n');
  }

  private String ink(Ink ink, String it) {
    return ink.on(it, look.colour());
  }
}
