package dev.orchestrator.engine;

import dev.orchestrator.engine.agent.Agent;
import dev.orchestrator.engine.agent.Agent.Machine;
import dev.orchestrator.engine.agent.Agent.Result;
import dev.orchestrator.engine.agent.AgentRequest;
import dev.orchestrator.engine.bus.EventBus;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.WaitingOn;
import dev.orchestrator.engine.event.Summary;
import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.exec.Session;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.exec.Tree.Reaped;
import dev.orchestrator.engine.exec.Tree.Step;
import dev.orchestrator.engine.model.ModelClient;
import dev.orchestrator.engine.plan.Plans;
import dev.orchestrator.engine.record.LiveNote;
import dev.orchestrator.engine.tool.ToolOrchestrator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// One turn of a model from request to summary: watches its limits, ends everything it left.
///
/// [#run] blocks and is called once; [#stop] may be called from any thread, at any time.
public final class AgentRun {
  private static final Duration HURRY_AFTER = Duration.ofMillis(250);
  private static final Duration SETTLE_PATIENCE = Duration.ofSeconds(2);
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);

  private final AgentRequest request;
  private final EventBus events;
  private final MaskedFacts masks;
  private final Sessions sessions;
  private final Tree tree;
  private final ExitPolicy exits;
  private final Door door;
  private final Agent agent;
  private final long startedNanos = System.nanoTime();

  private final AtomicReference<@Nullable Stop> stopped = new AtomicReference<>();
  private volatile long stoppedNanos;
  private volatile boolean isEnding;
  private volatile WaitingOn waitingOn = WaitingOn.NONE;

  /// The thread that runs the turn, while interrupting it means something. Guarded by turnLock.
  private @Nullable Thread turnThread;

  private final Object turnLock = new Object();
  private final CountDownLatch over = new CountDownLatch(1);

  /// Prepares a run.
  public AgentRun(
      AgentRequest request,
      EventBus events,
      Sessions sessions,
      Tree tree,
      LiveNote note,
      ExitPolicy exits,
      Door door,
      ModelClient model,
      Plans plans,
      RandomGenerator random) {
    this.request = request;
    this.events = events;
    this.masks = new MaskedFacts(events, request.redaction());
    this.sessions = sessions;
    this.tree = tree;
    this.exits = exits;
    this.door = door;
    var orchestrator =
        new ToolOrchestrator(masks, door.judge(), door.questions(), door.sandbox(), this::pause);
    var machine =
        new Machine(
            orchestrator,
            door.judge(),
            sessions,
            door.sandbox(),
            plans,
            random,
            () -> note.update(tree.leaders()));
    this.agent = new Agent(request, this::publish, model, machine, it -> waitingOn = it);
  }

  /// While the run ends, what is told must not depend on whether all of it can be kept.
  private void publish(Event event) {
    if (isEnding) {
      events.publishLast(event);
    } else {
      events.publish(event);
    }
  }

  /// Waits between attempts; the end of the run interrupts it.
  private void pause(Duration time) throws InterruptedException {
    if (over.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
      throw new InterruptedException();
    }
  }

  /// How a run ended.
  ///
  /// @param turn what came of the turn
  public record Ended(Summary summary, Result turn) {}

  /// Ends the run early. The first reason counts; a later request hurries the ending.
  public void stop(Stop reason) {
    var now = System.nanoTime();
    if (stopped.compareAndSet(null, reason)) {
      stoppedNanos = now;
      door.desk().close();
      synchronized (turnLock) {
        if (turnThread != null) {
          turnThread.interrupt();
        }
      }
    } else if (now - stoppedNanos > HURRY_AFTER.toNanos()) {
      // Sooner, it is one keystroke that arrived twice: from the terminal and from the launcher.
      tree.hurry();
    }
  }

  /// Why the run was asked to end, if it was; also when that came too late to matter to it.
  public Optional<Stop> stopped() {
    return Optional.ofNullable(stopped.get());
  }

  /// Runs the turn to its end and tells the whole story.
  public Ended run() throws InterruptedException {
    var watch = Thread.ofPlatform().name("watch").daemon().start(this::watch);
    var ending = new Ending();
    try {
      tellBeginning();
      // Whatever happens from now on, there is a record of what was started.
      events.settle(SETTLE_PATIENCE);
      if (request.obstacle() == null) {
        turn(ending);
      } else {
        ending.fail(Outcome.FAILED, request.obstacle());
      }
    } catch (IllegalStateException e) {
      // The bus failed; it has told why through stop, unless this comes first.
      ending.fail(Outcome.FAILED, String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error bug) {
      log().log(System.Logger.Level.ERROR, "the run has a bug", bug);
      ending.fail(Outcome.BUG, "a defect of the orchestrator: " + bug);
    } finally {
      over.countDown();
    }
    watch.join();
    return tellEnd(ending);
  }

  private void tellBeginning() {
    events.publish(
        new Event.RunStarted(
            request.run(),
            request.task(),
            request.version(),
            request.command(),
            request.directory(),
            request.folder(),
            ProcessHandle.current().pid()));
    door.report().ifPresent(it -> events.publish(new Event.SandboxProbed(it)));
    events.publish(new Event.ThreadStarted(request.thread().id()));
    if (request.prompt() != null) {
      if (!request.sources().isEmpty()) {
        events.publish(new Event.InstructionsLoaded(request.sources()));
      }
      agent.warn();
      events.publish(new Event.TurnStarted());
    }
  }

  private void turn(Ending ending) {
    synchronized (turnLock) {
      turnThread = Thread.currentThread();
      if (stopped.get() != null) {
        turnThread = null;
        return;
      }
    }
    try {
      ending.result = agent.run();
    } catch (InterruptedException _) {
      // Why is in the reason to stop.
    } finally {
      synchronized (turnLock) {
        turnThread = null;
        // It may have come when there was nothing left to interrupt.
        if (Thread.interrupted()) {
          log().log(System.Logger.Level.DEBUG, "interrupted at the end of the turn");
        }
      }
    }
  }

  /// Watches the time, and tells that the run is alive.
  private void watch() {
    var deadline = request.timeout().map(it -> startedNanos + it.toNanos()).orElse(Long.MAX_VALUE);
    var nextBeat = System.nanoTime() + HEARTBEAT.toNanos();
    try {
      while (!over.await(
          Math.max(1, Math.min(deadline, nextBeat) - System.nanoTime()), TimeUnit.NANOSECONDS)) {
        if (System.nanoTime() >= deadline) {
          stop(new Stop.TimedOut());
          deadline = Long.MAX_VALUE;
        }
        if (System.nanoTime() >= nextBeat) {
          nextBeat += HEARTBEAT.toNanos();
          beat();
        }
      }
    } catch (InterruptedException | IllegalStateException e) {
      log().log(System.Logger.Level.DEBUG, "nobody watches the time any more: {0}", e);
    }
  }

  private void beat() {
    var running = sessions.running();
    var loads = running.stream().map(Session::load).toList();
    var quiet = running.stream().map(Session::sinceOutput).min(Duration::compareTo);
    events.publish(
        new Event.Heartbeat(
            running.stream().anyMatch(Session::isWaitingForInput) ? WaitingOn.INPUT : waitingOn,
            quiet.orElse(Duration.ZERO),
            loads.stream().map(Session.Load::cpu).reduce(Duration.ZERO, Duration::plus),
            loads.stream().mapToInt(it -> it.processes().size()).sum()));
  }

  /// How the run has come to its end, as far as is known.
  private final class Ending {
    private @Nullable Result result;
    private @Nullable Outcome outcome;
    private @Nullable String reason;

    void fail(Outcome how, String why) {
      outcome = how;
      reason = why;
    }

    Outcome outcome() {
      if (outcome != null) {
        return outcome;
      }
      if (result != null) {
        return ofTurn(result);
      }
      return switch (stopped.get()) {
        case Stop.Signalled _ -> Outcome.INTERRUPTED;
        case Stop.ReaderGone _ -> Outcome.READER_GONE;
        case Stop.TimedOut _ -> Outcome.TIMEOUT;
        case Stop.RecordFailed _, Stop.Idle _, Stop.Capped _ -> Outcome.FAILED;
        case null -> Outcome.INTERRUPTED;
      };
    }

    private static Outcome ofTurn(Result it) {
      if (it.unconfined() != null) {
        return Outcome.NO_SANDBOX;
      }
      if (it.unanswered() != null) {
        return Outcome.UNANSWERED;
      }
      if (it.failure() != null) {
        return Outcome.FAILED;
      }
      return it.refused() != null ? Outcome.REFUSED : Outcome.SUCCEEDED;
    }

    @Nullable String reason() {
      if (reason != null) {
        return reason;
      }
      if (result != null) {
        return switch (ofTurn(result)) {
          case NO_SANDBOX -> result.unconfined();
          case UNANSWERED -> result.unanswered();
          case REFUSED -> result.refused();
          case FAILED -> result.failure();
          default -> null;
        };
      }
      return switch (stopped.get()) {
        case Stop.Signalled(var signal) -> "stopped by " + signal.name();
        case Stop.ReaderGone _ -> "the reader of standard output went away";
        case Stop.RecordFailed it -> it.message();
        case Stop.TimedOut _ ->
            "timed out after " + request.timeout().map(it -> it.toSeconds() + " s").orElse("");
        case Stop.Idle _, Stop.Capped _ -> "a limit was reached";
        case null -> "interrupted";
      };
    }

    /// Why the turn did not come to its regular end; null if it did.
    @Nullable String failure() {
      if (outcome == null && result != null) {
        return result.failure();
      }
      return String.valueOf(reason());
    }
  }

  private Ended tellEnd(Ending ending) throws InterruptedException {
    isEnding = true;
    agent.close();
    var swept = tree.endAll(Step.TERMINATE);
    if (!swept.killed().isEmpty() || !swept.survivors().isEmpty()) {
      events.publishLast(
          masks.masked(new Event.ProcessesReaped(null, swept.killed(), swept.survivors())));
    }
    events.settle(SETTLE_PATIENCE); // The summary says whether the record is complete so far.
    var failure = events.failure().map(it -> String.valueOf(it.getMessage())).orElse(null);
    if (failure != null && ending.outcome == null && ending.result != null) {
      ending.fail(Outcome.FAILED, failure);
    }
    var result = ending.result == null ? agent.soFar() : ending.result;
    var summary = summary(ending, swept, failure == null ? request.obstacle() : failure);
    if (request.prompt() != null || ending.failure() != null) {
      var why = ending.failure();
      events.publishLast(
          why == null
              ? new Event.TurnCompleted(result.total(), result.ofTurn())
              : masks.masked(new Event.TurnFailed(why)));
    }
    events.publishLast(new Event.RunEnded(summary));
    return new Ended(summary, result);
  }

  private Summary summary(Ending ending, Reaped swept, @Nullable String failure) {
    return new Summary(
        request.run(),
        request.task(),
        ending.outcome(),
        masks.maskedOrNull(ending.reason()),
        null,
        exits.code(ending.outcome(), Optional.empty(), stopped()),
        Duration.ofNanos(System.nanoTime() - startedNanos),
        confinement(),
        List.of(),
        masks.names(swept.killed()),
        masks.names(swept.survivors()),
        0,
        0,
        request.folder(),
        failure);
  }

  private String confinement() {
    var confinement = door.judge().setting().confinement();
    return confinement.isNone()
        ? "none"
        : confinement.level().text() + " by " + door.sandbox().name();
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(AgentRun.class.getName());
  }
}
