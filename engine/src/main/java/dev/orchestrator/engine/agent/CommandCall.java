package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.Item.Status;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.exec.Session;
import dev.orchestrator.engine.exec.Session.Ended;
import dev.orchestrator.engine.exec.SessionSpec;
import dev.orchestrator.engine.exec.Unread;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Shell;
import dev.orchestrator.engine.posix.SpawnException;
import dev.orchestrator.engine.sandbox.Denial;
import dev.orchestrator.engine.tool.Attempt;
import dev.orchestrator.engine.tool.CommandSigns;
import dev.orchestrator.engine.tool.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A command of the model on its way through the door: each attempt is a session, which is waited
/// for as long as the model wants to wait and may then go on by itself.
///
/// Used by the thread of its call until that is over; [#finish] by any thread after that.
final class CommandCall implements Tool<CommandCall.Progress> {
  private final Commands commands;
  private final Program program;
  private final Subject.Shell subject;
  private final List<Reason> reasons;
  private final boolean terminal;
  private final Duration patience;
  private final Runnable begun;

  private @Nullable Item item;

  // Guarded by this.
  private @Nullable Running running;
  private boolean detached;

  /// @param program the shell with the script
  /// @param reasons what the model says for it
  /// @param patience how long the model waits for the end
  /// @param begun to be called when the item is shown
  CommandCall(
      Commands commands,
      Program program,
      Subject.Shell subject,
      List<Reason> reasons,
      boolean terminal,
      Duration patience,
      Runnable begun) {
    this.commands = commands;
    this.program = program;
    this.subject = subject;
    this.reasons = List.copyOf(reasons);
    this.terminal = terminal;
    this.patience = patience;
    this.begun = begun;
  }

  /// How far an attempt has come.
  ///
  /// @param ended null while it goes on
  record Progress(Running running, @Nullable Ended ended) {}

  /// A session of an attempt.
  ///
  /// @param outside whether no sandbox holds it although the run has one
  record Running(Session session, Unread unread, boolean terminal, boolean outside) {}

  @Override
  public String name() {
    return ExecCommand.NAME;
  }

  @Override
  public Subject.Shell subject() {
    return subject;
  }

  @Override
  public List<Reason> reasons() {
    return reasons;
  }

  @Override
  public Path directory() {
    return program.directory();
  }

  @Override
  public boolean onTerminal() {
    return terminal;
  }

  @Override
  public Progress attempt(Attempt attempt) throws InterruptedException, IOException {
    var it = start(attempt);
    commands.whenOver(it.session, () -> over(it), attempt.takeOver());
    synchronized (this) {
      running = it;
    }
    var ended = await(it);
    if (ended.isPresent()) {
      var last = ended.get();
      CommandSigns.requireStarted(commands.sandbox(), attempt, last.fact().exit(), last.output());
    }
    return new Progress(it, ended.orElse(null));
  }

  private Optional<Ended> await(Running it) throws InterruptedException {
    try {
      return it.session.await(patience);
    } catch (InterruptedException e) {
      // The run ends: so must the command, before anybody waits for its tidying up.
      commands.keep(this, it);
      throw e;
    }
  }

  private Running start(Attempt attempt) throws IOException {
    show();
    var unread = new Unread();
    var spec =
        new SessionSpec(
            new SessionId(commands.nextSession()),
            attempt.call(),
            commands.marked(program, attempt),
            terminal ? Optional.of(commands.window()) : Optional.empty(),
            terminal,
            commands.spoolCapBytes(),
            Optional.empty(),
            attempt.launch(),
            unread);
    try {
      return new Running(commands.start(spec), unread, terminal, commands.isOutside(attempt));
    } catch (SpawnException e) {
      throw CommandSigns.notStarted(e);
    }
  }

  private void show() {
    if (item == null) {
      item =
          commands
              .items()
              .start(id -> new Item.CommandExecution(id, line(), "", null, Status.IN_PROGRESS));
      begun.run();
    }
  }

  /// The words as a person would type them, without secrets.
  String line() {
    return commands
        .items()
        .masked(Shell.quote(program.arguments().stream().map(OsText::printable).toList()));
  }

  @Override
  public List<Denial> denials(Progress result, Attempt attempt) {
    var ended = result.ended();
    return ended == null
        ? List.of()
        : CommandSigns.denials(
            commands.sandbox(), attempt, program, subject, ended.fact().exit(), ended.output());
  }

  /// The call is over: the item is completed, now or when the command has ended.
  void finish() {
    Running last;
    synchronized (this) {
      detached = true;
      last = running;
    }
    if (last != null && last.session.isOver()) {
      over(last);
    }
  }

  /// The call is over without a command that could be waited for.
  void finish(String reason, Status status) {
    var shown = item;
    if (shown == null) {
      commands.items().add(id -> new Item.CommandExecution(id, line(), masked(reason), -1, status));
    } else {
      commands.items().complete(completed(shown.id(), reason, -1, status));
    }
  }

  private void over(Running it) {
    synchronized (this) {
      if (!detached || !it.equals(running)) {
        return;
      }
    }
    complete(it);
  }

  /// Completes the item with what is known of a session that is over, or was given up.
  void complete(Running it) {
    var shown = item;
    if (shown == null) {
      return;
    }
    var ended = it.session.endedOrNull();
    var code = ended == null ? -1 : ended.fact().exit().shellCode();
    var status =
        ended != null && ended.fact().exit() instanceof Exit.Exited(var exit) && exit == 0
            ? Status.COMPLETED
            : Status.FAILED;
    commands
        .items()
        .complete(completed(shown.id(), ended == null ? "" : ended.output(), code, status));
  }

  private Item completed(String id, String output, int code, Status status) {
    return new Item.CommandExecution(id, line(), masked(output), code, status);
  }

  private String masked(String text) {
    return commands.items().masked(text);
  }
}
