package dev.orchestrator.engine;

import dev.orchestrator.engine.bus.EventBus;
import dev.orchestrator.engine.event.ChannelTotal;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.Heartbeat;
import dev.orchestrator.engine.event.Event.WaitingOn;
import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.Item.Status;
import dev.orchestrator.engine.event.ProcessName;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.event.Summary;
import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.exec.Session;
import dev.orchestrator.engine.exec.SessionSpec;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.exec.Tree.Reaped;
import dev.orchestrator.engine.exec.Tree.Step;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Signal;
import dev.orchestrator.engine.posix.SpawnException;
import dev.orchestrator.engine.record.LiveNote;
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
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration CAP_LOOK = Duration.ofMillis(50);
  private static final Duration HURRY_AFTER = Duration.ofMillis(250);
  private static final Duration END_PATIENCE = Duration.ofSeconds(3);
  private static final Duration SETTLE_PATIENCE = Duration.ofSeconds(2);

  /// Using less than this share of a processor is not work.
  private static final double WORKING_SHARE = 0.05;

  private static final String ITEM = "item_0";
  private static final SessionId SESSION = new SessionId("s1");
  private static final System.Logger LOG = System.getLogger(CommandRun.class.getName());

  private final RunRequest request;
  private final EventBus events;
  private final Sessions sessions;
  private final Tree tree;
  private final LiveNote note;
  private final ExitPolicy exits;
  private final Consumer<Session> onStart;
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
      Consumer<Session> onStart) {
    this.request = request;
    this.events = events;
    this.sessions = sessions;
    this.tree = tree;
    this.note = note;
    this.exits = exits;
    this.onStart = onStart;
  }

  /// Ends the run early. The first reason counts; a later request hurries the ending.
  public void stop(Stop reason) {
    var now = System.nanoTime();
    if (stopped.compareAndSet(null, reason)) {
      stoppedNanos = now;
      wakeUps.add(Optional.of(reason));
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
      LOG.log(System.Logger.Level.ERROR, "the run has a bug", bug);
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
    var spec =
        new SessionSpec(
            SESSION,
            request.program(),
            request.window(),
            request.typing(),
            request.spoolCapBytes(),
            request.passThrough(),
            Launch.PLAIN);
    Session session;
    try {
      session = sessions.start(spec);
    } catch (SpawnException e) {
      ending.fail(
          switch (e.reason()) {
            case NOT_FOUND -> Outcome.NOT_FOUND;
            case NOT_EXECUTABLE -> Outcome.NOT_EXECUTABLE;
            case NO_DIRECTORY, EXHAUSTED, INVALID -> Outcome.FAILED;
          },
          String.valueOf(e.getMessage()));
      return;
    } catch (IOException e) {
      ending.fail(Outcome.FAILED, String.valueOf(e.getMessage()));
      return;
    }
    note.update(tree.leaders());
    session.whenOver(() -> wakeUps.add(Optional.empty()));
    onStart.accept(session);
    supervise(session).ifPresent(ending::stoppedBy);
    if (ending.stop != null) {
      session.end(
          ending.stop instanceof Stop.Signalled(var signal) && signal.equals(Signal.INT)
              ? Step.INTERRUPT
              : Step.TERMINATE);
      ending.ended = session.await(END_PATIENCE).orElse(null);
    } else {
      ending.ended = session.await();
    }
  }

  /// Waits for the end of the session or a reason to end it.
  private Optional<Stop> supervise(Session session) throws InterruptedException {
    var clock = new Clock(session);
    while (true) {
      var wakeUp = wakeUps.poll(clock.nanosToNext(), TimeUnit.NANOSECONDS);
      if (wakeUp != null) {
        return wakeUp;
      }
      var reason = clock.look();
      if (reason.isPresent()) {
        return reason;
      }
    }
  }

  /// Everything about a running command that depends on time.
  private final class Clock {
    private final Session session;
    private final long deadline;
    private final long step;
    private long nextBeat = startedNanos + HEARTBEAT.toNanos();
    private long lookedNanos = System.nanoTime();
    private Duration cpuThen = Duration.ZERO;
    private long workedNanos = System.nanoTime();

    Clock(Session session) {
      this.session = session;
      this.deadline =
          request.timeout().map(it -> startedNanos + it.toNanos()).orElse(Long.MAX_VALUE);
      var idle = request.idleTimeout().map(it -> it.dividedBy(4)).orElse(LOOK);
      var look = idle.compareTo(LOOK) < 0 ? idle : LOOK;
      this.step = (request.failOnCap() ? CAP_LOOK : look).toNanos();
    }

    long nanosToNext() {
      var now = System.nanoTime();
      return Math.max(1, Math.min(step, Math.min(deadline, nextBeat) - now));
    }

    Optional<Stop> look() {
      var now = System.nanoTime();
      if (now >= deadline) {
        return Optional.of(new Stop.TimedOut());
      }
      if (request.failOnCap() && session.isCapped()) {
        return Optional.of(new Stop.Capped());
      }
      var lookEvery = request.failOnCap() ? LOOK.toNanos() : step;
      if (now - lookedNanos >= lookEvery || now >= nextBeat) {
        return lookAtProcesses(now);
      }
      return Optional.empty();
    }

    private Optional<Stop> lookAtProcesses(long now) {
      var load = session.load();
      note.update(tree.descendants());
      var used = load.cpu().minus(cpuThen).toNanos();
      if (used > (now - lookedNanos) * WORKING_SHARE) {
        workedNanos = now;
      }
      cpuThen = load.cpu();
      lookedNanos = now;
      if (now >= nextBeat) {
        nextBeat += HEARTBEAT.toNanos();
        events.publish(
            new Heartbeat(
                session.isWaitingForInput() ? WaitingOn.INPUT : WaitingOn.COMMAND,
                session.sinceOutput(),
                load.cpu(),
                load.processes().size()));
      }
      var idle = Math.min(session.sinceOutput().toNanos(), now - workedNanos);
      return request.idleTimeout().filter(it -> idle >= it.toNanos()).map(_ -> new Stop.Idle());
    }
  }

  /// How the run has come to its end, as far as is known.
  private final class Ending {
    private @Nullable Stop stop;
    private Session.@Nullable Ended ended;
    private @Nullable Outcome outcome;
    private @Nullable String reason;

    void fail(Outcome how, String why) {
      outcome = how;
      reason = why;
    }

    void stoppedBy(Stop it) {
      stop = it;
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
      events.publishLast(new Event.TurnCompleted(Usage.NONE));
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
                ? item(String.valueOf(ending.reason()), -1, Status.FAILED)
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
        "none",
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
}
