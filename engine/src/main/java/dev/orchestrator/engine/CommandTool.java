package dev.orchestrator.engine;

import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.event.Event.Heartbeat;
import dev.orchestrator.engine.event.Event.WaitingOn;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.Held;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.exec.Session;
import dev.orchestrator.engine.exec.Session.Ended;
import dev.orchestrator.engine.exec.SessionSpec;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.exec.Tree.Step;
import dev.orchestrator.engine.posix.Signal;
import dev.orchestrator.engine.posix.SpawnException;
import dev.orchestrator.engine.record.LiveNote;
import dev.orchestrator.engine.sandbox.Denial;
import dev.orchestrator.engine.sandbox.Sandbox;
import dev.orchestrator.engine.tool.Attempt;
import dev.orchestrator.engine.tool.CommandSigns;
import dev.orchestrator.engine.tool.Tool;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The command of a run as a tool: an attempt is a session, watched over until it is over or there
/// is a reason to end it.
///
/// Confined to the thread of the run.
final class CommandTool implements Tool<Optional<Ended>> {
  private static final Duration HEARTBEAT = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofSeconds(1);
  private static final Duration CAP_LOOK = Duration.ofMillis(50);
  private static final Duration END_PATIENCE = Duration.ofSeconds(3);

  /// Using less than this share of a processor is not work.
  private static final double WORKING_SHARE = 0.05;

  private final RunRequest request;
  private final EventSink events;
  private final Sessions sessions;
  private final Tree tree;
  private final LiveNote note;
  private final Sandbox sandbox;
  private final Consumer<Session> onStart;

  /// Empty when the session is over, a reason when the run is to be ended.
  private final BlockingQueue<Optional<Stop>> wakeUps;

  private Held held = Held.NOTHING;
  private CountDownLatch tidied = new CountDownLatch(0);
  private @Nullable Stop stop;
  private @Nullable Ended ended;

  CommandTool(
      RunRequest request,
      EventSink events,
      Sessions sessions,
      Tree tree,
      LiveNote note,
      Sandbox sandbox,
      Consumer<Session> onStart,
      BlockingQueue<Optional<Stop>> wakeUps) {
    this.request = request;
    this.events = events;
    this.sessions = sessions;
    this.tree = tree;
    this.note = note;
    this.sandbox = sandbox;
    this.onStart = onStart;
    this.wakeUps = wakeUps;
  }

  @Override
  public String name() {
    return "exec_command";
  }

  @Override
  public Subject subject() {
    return request.subject();
  }

  @Override
  public Path directory() {
    return request.program().directory();
  }

  @Override
  public boolean onTerminal() {
    return request.window().isPresent();
  }

  /// How the last attempt was confined.
  Held held() {
    return held;
  }

  /// Why the last attempt was ended early; null if it was not.
  @Nullable Stop stop() {
    return stop;
  }

  /// How the last attempt's session ended; null if none was started, or it could not be ended.
  @Nullable Ended ended() {
    return ended;
  }

  @Override
  public Optional<Ended> attempt(Attempt attempt) throws InterruptedException, IOException {
    ended = null;
    held = attempt.held();
    var session = start(attempt);
    note.update(tree.leaders());
    tidyAfter(session, attempt.takeOver());
    onStart.accept(session);
    var reason = supervise(session);
    if (reason.isPresent()) {
      stop = reason.get();
      session.end(
          stop instanceof Stop.Signalled(var signal) && signal.equals(Signal.INT)
              ? Step.INTERRUPT
              : Step.TERMINATE);
      ended = session.await(END_PATIENCE).orElse(null);
    } else {
      var it = session.await();
      ended = it;
      CommandSigns.requireStarted(sandbox, attempt, it.fact().exit(), it.output());
    }
    return Optional.ofNullable(ended);
  }

  /// What the sandbox has put into the file system is taken away beside what comes next: nothing
  /// waits for it but the end of the run.
  private void tidyAfter(Session session, Runnable tidy) {
    var done = new CountDownLatch(1);
    tidied = done;
    session.whenOver(() -> {
      wakeUps.add(Optional.empty());
      try {
        tidy.run();
      } finally {
        done.countDown();
      }
    });
  }

  /// Waits until nothing is left to tidy up of a session that is over.
  void settle() throws InterruptedException {
    if (ended != null && !tidied.await(END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
      log().log(System.Logger.Level.WARNING, "the sandbox is still being tidied up");
    }
  }

  private Session start(Attempt attempt) throws IOException {
    var spec =
        new SessionSpec(
            new SessionId("s" + attempt.number()),
            attempt.call(),
            request.program(),
            request.window(),
            request.typing(),
            request.spoolCapBytes(),
            request.passThrough(),
            attempt.launch(),
            null);
    try {
      return sessions.start(spec);
    } catch (SpawnException e) {
      throw CommandSigns.notStarted(e);
    }
  }

  @Override
  public List<Denial> denials(Optional<Ended> result, Attempt attempt) {
    return result
        .filter(_ -> stop == null)
        .map(it ->
            CommandSigns.denials(
                sandbox,
                attempt,
                request.program(),
                request.subject(),
                it.fact().exit(),
                it.output()))
        .orElse(List.of());
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
    private long lookedNanos = System.nanoTime();
    private long nextBeat = lookedNanos + HEARTBEAT.toNanos();
    private Duration cpuThen = Duration.ZERO;
    private long workedNanos = System.nanoTime();

    Clock(Session session) {
      this.session = session;
      this.deadline =
          request.timeout().map(it -> lookedNanos + it.toNanos()).orElse(Long.MAX_VALUE);
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

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(CommandTool.class.getName());
  }
}
