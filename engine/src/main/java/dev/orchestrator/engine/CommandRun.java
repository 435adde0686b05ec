package dev.orchestrator.engine;

import dev.orchestrator.engine.bus.EventBus;
import dev.orchestrator.engine.event.ChannelTotal;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.Item.Status;
import dev.orchestrator.engine.event.ProcessName;
import dev.orchestrator.engine.event.Summary;
import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.exec.Session;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.exec.Tree.Reaped;
import dev.orchestrator.engine.exec.Tree.Step;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Shell;
import dev.orchestrator.engine.posix.SpawnException;
import dev.orchestrator.engine.record.LiveNote;
import dev.orchestrator.engine.tool.ToolOrchestrator;
import dev.orchestrator.engine.tool.ToolResult;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One command from request to summary: starts it, watches its limits, ends everything it left.
///
/// [#run] blocks and is called once; [#stop] may be called from any thread, at any time.
public final class CommandRun {
  private static final Duration HURRY_AFTER = Duration.ofMillis(250);
  private static final Duration SETTLE_PATIENCE = Duration.ofSeconds(2);

  private static final String ITEM = "item_0";

  private final RunRequest request;
  private final EventBus events;
  private final Sessions sessions;
  private final Tree tree;
  private final LiveNote note;
  private final ExitPolicy exits;
  private final Consumer<Session> onStart;
  private final Door door;
  private final long startedNanos = System.nanoTime();

  /// Empty when the session is over, a reason when the run is to be ended.
  private final LinkedBlockingQueue<Optional<Stop>> wakeUps = new LinkedBlockingQueue<>();

  private final AtomicReference<@Nullable Stop> stopped = new AtomicReference<>();
  private volatile long stoppedNanos;

  /// Prepares a run.
  ///
  /// @param onStart is given the session once it runs, to type into it or resize it
  public CommandRun(
      RunRequest request,
      EventBus events,
      Sessions sessions,
      Tree tree,
      LiveNote note,
      ExitPolicy exits,
      Door door,
      Consumer<Session> onStart) {
    this.request = request;
    this.events = events;
    this.sessions = sessions;
    this.tree = tree;
    this.note = note;
    this.exits = exits;
    this.door = door;
    this.onStart = onStart;
  }

  /// Ends the run early. The first reason counts; a later request hurries the ending.
  public void stop(Stop reason) {
    var now = System.nanoTime();
    if (stopped.compareAndSet(null, reason)) {
      stoppedNanos = now;
      wakeUps.add(Optional.of(reason));
      door.desk().close();
    } else if (now - stoppedNanos > HURRY_AFTER.toNanos()) {
      // Sooner, it is one keystroke that arrived twice: from the terminal and from the launcher.
      tree.hurry();
    }
  }

  /// Why the run was asked to end, if it was; also when that came too late to matter to it.
  public Optional<Stop> stopped() {
    return Optional.ofNullable(stopped.get());
  }

  /// Runs the command to its end and tells the whole story.
  ///
  /// @return the summary, which is also the last fact
  public Summary run() throws InterruptedException {
    var ending = new Ending();
    try {
      tellBeginning();
      // Whatever happens from now on, there is a record of what was started.
      events.settle(SETTLE_PATIENCE);
      if (request.obstacle() == null) {
        command(ending);
      } else {
        ending.fail(Outcome.FAILED, request.obstacle());
      }
    } catch (IllegalStateException e) {
      // The bus failed; it has told why through stop, unless this comes first.
      ending.fail(Outcome.FAILED, String.valueOf(e.getMessage()));
    } catch (RuntimeException bug) {
      log().log(System.Logger.Level.ERROR, "the run has a bug", bug);
      ending.fail(Outcome.BUG, "a defect of the orchestrator: " + bug);
    }
    return tellEnd(ending);
  }

  private void tellBeginning() {
    events.publish(
        new Event.RunStarted(
            request.run(),
            request.task(),
            request.version(),
            words(),
            request.program().directory(),
            request.folder(),
            ProcessHandle.current().pid()));
    door.report().ifPresent(it -> events.publish(new Event.SandboxProbed(it)));
    events.publish(new Event.ThreadStarted(request.thread()));
    events.publish(new Event.TurnStarted());
    events.publish(new Event.ItemStarted(item("", null, Status.IN_PROGRESS)));
  }

  private List<String> words() {
    return request.program().arguments().stream().map(OsText::printable).toList();
  }

  private Item item(String output, @Nullable Integer code, Status status) {
    return new Item.CommandExecution(ITEM, Shell.quote(words()), output, code, status);
  }

  private void command(Ending ending) throws InterruptedException {
    var tool =
        new CommandTool(request, events, sessions, tree, note, door.sandbox(), onStart, wakeUps);
    var orchestrator =
        new ToolOrchestrator(events, door.judge(), door.questions(), door.sandbox(), this::pause);
    var result = orchestrator.invoke(tool);
    tool.settle();
    // A stop that came after the command had ended by itself is too late to matter.
    var tooLate = tool.ended() != null && !(result instanceof ToolResult.Blocked<?>);
    ending.stop = tooLate || tool.stop() != null ? tool.stop() : stopped.get();
    ending.ended = tool.ended();
    ending.confinement = tool.held().toString();
    switch (result) {
      case ToolResult.Completed<?> _ -> {}
      case ToolResult.Blocked<?> it -> ending.block(it.reason());
      case ToolResult.Refused<?> it -> ending.refuse(it);
      case ToolResult.Unconfined<?> it -> ending.fail(Outcome.NO_SANDBOX, it.reason());
      case ToolResult.Failed<?> _ when ending.stop instanceof Stop.RecordFailed -> {}
      case ToolResult.Failed<?> it ->
          ending.fail(failed(it.cause()), String.valueOf(it.cause().getMessage()));
    }
  }

  private static Outcome failed(Exception cause) {
    return switch (cause) {
      case SpawnException it ->
          switch (it.reason()) {
            case NOT_FOUND -> Outcome.NOT_FOUND;
            case NOT_EXECUTABLE -> Outcome.NOT_EXECUTABLE;
            case NO_DIRECTORY, EXHAUSTED, INVALID -> Outcome.FAILED;
          };
      case IOException _ -> Outcome.FAILED;
      case IllegalStateException _ -> Outcome.FAILED;
      default -> Outcome.BUG;
    };
  }

  /// Waits, unless the run is to be ended.
  private void pause(Duration time) throws InterruptedException {
    var wakeUp = wakeUps.poll(time.toNanos(), TimeUnit.NANOSECONDS);
    if (wakeUp != null && wakeUp.isPresent()) {
      wakeUps.add(wakeUp);
    }
  }

  /// How the run has come to its end, as far as is known.
  private final class Ending {
    private @Nullable Stop stop;
    private Session.@Nullable Ended ended;
    private @Nullable Outcome outcome;
    private @Nullable String reason;
    private @Nullable String blocked;
    private boolean declined;
    private String confinement = "none";

    void fail(Outcome how, String why) {
      outcome = how;
      reason = why;
    }

    void refuse(ToolResult.Refused<?> it) {
      if (stop == null) {
        fail(it.unanswered() ? Outcome.UNANSWERED : Outcome.REFUSED, it.reason());
      }
      declined = true;
    }

    /// The command's own end counts, with what stopped it.
    void block(String why) {
      blocked = why;
    }

    @Nullable Exit exit() {
      return ended == null ? null : ended.fact().exit();
    }

    Outcome outcome() {
      if (outcome != null) {
        return outcome;
      }
      return switch (stop) {
        case Stop.Signalled _ -> Outcome.INTERRUPTED;
        case Stop.ReaderGone _ -> Outcome.READER_GONE;
        case Stop.RecordFailed _ -> Outcome.FAILED;
        case Stop.TimedOut _ -> Outcome.TIMEOUT;
        case Stop.Idle _ -> Outcome.IDLE_TIMEOUT;
        case Stop.Capped _ -> Outcome.OUTPUT_CAP;
        case null -> ended == null ? Outcome.FAILED : byItself();
      };
    }

    private Outcome byItself() {
      if (blocked != null) {
        return Outcome.BLOCKED;
      }
      if (request.failOnCap() && ended != null && ended.capped()) {
        return Outcome.OUTPUT_CAP;
      }
      return exit() instanceof Exit.Exited(var code) && code == 0
          ? Outcome.SUCCEEDED
          : Outcome.COMMAND_FAILED;
    }

    @Nullable String reason() {
      if (reason != null) {
        return reason;
      }
      return switch (stop) {
        case Stop.Signalled(var signal) -> "stopped by " + signal.name();
        case Stop.ReaderGone _ -> "the reader of standard output went away";
        case Stop.RecordFailed it -> it.message();
        case Stop.TimedOut _ ->
            "timed out after " + request.timeout().map(Ending::seconds).orElse("");
        case Stop.Idle _ ->
            "no output and no work for " + request.idleTimeout().map(Ending::seconds).orElse("");
        case Stop.Capped _ -> overCap();
        case null -> reasonByItself();
      };
    }

    private @Nullable String reasonByItself() {
      return switch (outcome()) {
        case SUCCEEDED -> null;
        case BLOCKED -> blocked;
        case OUTPUT_CAP -> overCap();
        default ->
            switch (exit()) {
              case Exit.Exited(var code) -> "exit code " + code;
              case Exit.Signalled it -> "ended by " + it.name();
              case Exit.Unended() -> "the command could not be ended";
              case null -> "the command's end is not known";
            };
      };
    }

    private String overCap() {
      return "more than %,d bytes of output".formatted(request.spoolCapBytes());
    }

    private static String seconds(Duration it) {
      return it.toMillis() % 1000 == 0 ? it.toSeconds() + " s" : it.toMillis() / 1000.0 + " s";
    }

    /// Whether the turn came to its regular end: the command ended by itself.
    boolean isRegular() {
      return outcome == null && stop == null && ended != null;
    }
  }

  private Summary tellEnd(Ending ending) {
    var swept = tree.endAll(ending.ended == null ? Step.TERMINATE : Step.KILL);
    tellItem(ending, swept);
    events.settle(SETTLE_PATIENCE); // The summary says whether the record is complete so far.
    var failure = events.failure().map(it -> String.valueOf(it.getMessage())).orElse(null);
    if (failure != null && ending.stop == null && ending.outcome == null) {
      ending.fail(Outcome.FAILED, failure);
    }
    var summary = summary(ending, swept, failure == null ? request.obstacle() : failure);
    if (ending.isRegular() && failure == null) {
      events.publishLast(new Event.TurnCompleted(Usage.NONE, Usage.NONE));
    } else {
      events.publishLast(new Event.TurnFailed(String.valueOf(summary.reason())));
    }
    events.publishLast(new Event.RunEnded(summary));
    return summary;
  }

  private void tellItem(Ending ending, Reaped swept) {
    if (!swept.killed().isEmpty() || !swept.survivors().isEmpty()) {
      events.publishLast(new Event.ProcessesReaped(null, swept.killed(), swept.survivors()));
    }
    var ended = ending.ended;
    events.publishLast(
        new Event.ItemCompleted(
            ended == null
                ? item(
                    String.valueOf(ending.reason()),
                    -1,
                    ending.declined ? Status.DECLINED : Status.FAILED)
                : item(
                    ended.output(),
                    ended.fact().exit().shellCode(),
                    ending.outcome() == Outcome.SUCCEEDED ? Status.COMPLETED : Status.FAILED)));
  }

  private Summary summary(Ending ending, Reaped swept, @Nullable String failure) {
    var ended = ending.ended;
    var exit = ending.exit();
    return new Summary(
        request.run(),
        request.task(),
        ending.outcome(),
        ending.reason(),
        exit,
        exits.code(ending.outcome(), Optional.ofNullable(exit), Optional.ofNullable(ending.stop)),
        Duration.ofNanos(System.nanoTime() - startedNanos),
        ending.confinement,
        ended == null ? List.<ChannelTotal>of() : ended.fact().output(),
        both(ended == null ? List.of() : ended.reaped().killed(), swept.killed()),
        both(ended == null ? List.of() : ended.reaped().survivors(), swept.survivors()),
        ended == null ? 0 : ended.gaps(),
        ended == null ? 0 : ended.bytesSkipped(),
        request.folder(),
        failure != null ? failure : ended == null ? null : ended.spoolFailure());
  }

  private static List<ProcessName> both(List<ProcessName> first, List<ProcessName> second) {
    return Stream.concat(first.stream(), second.stream()).distinct().toList();
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(CommandRun.class.getName());
  }
}
