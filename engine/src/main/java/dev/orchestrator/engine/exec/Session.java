package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.event.Event.ExecEnded;
import dev.orchestrator.engine.event.ProcessName;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.exec.Tree.Reaped;
import dev.orchestrator.engine.exec.Tree.Step;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.Processes.Snapshot;
import dev.orchestrator.engine.posix.Signal;
import dev.orchestrator.engine.posix.Tty;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A child process and everything it starts, on a terminal or on pipes.
///
/// Safe from any thread. [#await], [#end] and, while the program does not read, [#write] block.
/// Asking something of a session that is over does nothing.
public final class Session {
  /// Linux reports processor time in hundredths of a second (`sysconf(_SC_CLK_TCK)`).
  private static final long TICK_MILLIS = 10;

  private static final byte[] INTERRUPT_KEY = {3};

  private final SessionSpec spec;
  private final long pid;
  private final Tree tree;
  private final SessionLoop loop;
  private final CountDownLatch over = new CountDownLatch(1);

  // Guarded by ladder.
  private final Object ladder = new Object();
  private final Map<Long, ProcessName> killed = new LinkedHashMap<>();
  private List<ProcessName> survivors = List.of();

  private final AtomicReference<@Nullable Runnable> whenOver = new AtomicReference<>();
  private volatile @Nullable Ended ended;

  Session(SessionSpec spec, long pid, Tree tree, SessionLoop loop) {
    this.spec = spec;
    this.pid = pid;
    this.tree = tree;
    this.loop = loop;
  }

  /// How a session ended.
  ///
  /// @param fact what was told about it
  /// @param output first and last 512 KiB of what it wrote, as text
  /// @param reaped what had to be ended, the session's own process included
  /// @param gaps how many times output was told about instead of shown
  /// @param bytesSkipped how many bytes that was
  /// @param capped whether the spool's cap was reached
  /// @param spoolFailure why the spool is incomplete; null if it is complete or was not wanted
  public record Ended(
      ExecEnded fact,
      String output,
      Reaped reaped,
      long gaps,
      long bytesSkipped,
      boolean capped,
      @Nullable String spoolFailure) {}

  public SessionId id() {
    return spec.id();
  }

  /// The first process of the session.
  public long pid() {
    return pid;
  }

  /// Writes to the program's standard input; blocks while 1 MiB of earlier bytes is waiting.
  ///
  /// @throws IllegalStateException if its standard input is closed
  public void write(byte[] bytes) throws InterruptedException {
    if (!spec.typing()) {
      throw new IllegalStateException(
          "standard input of session " + id() + " is closed; start it with typing");
    }
    loop.inbox().type(bytes);
  }

  /// Ends the program's standard input, after what has been written.
  public void closeInput() {
    loop.inbox().closeInput();
  }

  /// Changes the size of the terminal; nothing happens on pipes.
  public void resize(WindowSize size) {
    loop.withTerminal(master -> Tty.resize(master, size));
  }

  /// Does what Ctrl-C does: signals the terminal's foreground group, or on pipes the program's.
  public void interrupt() throws InterruptedException {
    var typed =
        spec.typing()
            && spec.window().isPresent()
            && Tty.lineMode(loop.terminal()).filter(Tty.LineMode::wholeLines).isPresent();
    if (typed) {
      write(INTERRUPT_KEY);
      return;
    }
    loop.whileUnwaited(
        () -> Posix.signalGroup(Tty.foregroundGroup(loop.terminal()).orElse(pid), Signal.INT));
  }

  /// Ends the session and everything it started, from this step of the ladder on; blocks until all
  /// of it is gone, at most for the sum of the steps' patience.
  public Reaped end(Step from) {
    loop.force();
    return reap(from);
  }

  /// Ends what is left.
  Reaped reap(Step from) {
    synchronized (ladder) {
      var reaped = tree.end(id().value(), from);
      reaped.killed().forEach(it -> killed.putIfAbsent(it.pid(), it));
      survivors = reaped.survivors();
      loop.ladderEnded();
      return reaped();
    }
  }

  /// Everything that had to be ended so far, and what could not be.
  Reaped reaped() {
    synchronized (ladder) {
      return new Reaped(List.copyOf(killed.values()), survivors);
    }
  }

  void finish(Ended how) {
    ended = how;
    over.countDown();
    var callback = whenOver.getAndSet(null);
    if (callback != null) {
      callback.run();
    }
  }

  /// Nothing more will be known of it: lets go whoever waits. Does nothing if it has ended.
  void giveUp() {
    over.countDown();
  }

  /// Calls something once when the session is over, at once if it is already.
  public void whenOver(Runnable callback) {
    whenOver.set(callback);
    if (isOver() && whenOver.compareAndSet(callback, null)) {
      callback.run();
    }
  }

  /// Waits until the session is over: process, output and tree.
  ///
  /// @throws IllegalStateException if a defect keeps its end from being known
  public Ended await() throws InterruptedException {
    over.await();
    var it = ended;
    if (it == null) {
      throw new IllegalStateException("a defect hides how " + this + " ended");
    }
    return it;
  }

  /// Waits at most this long.
  public Optional<Ended> await(Duration patience) throws InterruptedException {
    return over.await(patience.toNanos(), TimeUnit.NANOSECONDS)
        ? Optional.of(await())
        : Optional.empty();
  }

  public boolean isOver() {
    return ended != null;
  }

  /// How it ended; null while it is not over.
  public @Nullable Ended endedOrNull() {
    return ended;
  }

  /// How long ago the program last wrote something, or was started.
  public Duration sinceOutput() {
    return Duration.ofNanos(System.nanoTime() - loop.lastOutputNanos());
  }

  /// Whether the program waits for somebody to type, as far as can be told.
  public boolean isWaitingForInput() {
    return loop.isWaitingForInput();
  }

  /// Whether output was left out of the spool because of its cap.
  public boolean isCapped() {
    return loop.isCapped();
  }

  /// A look at the session's processes; takes a few milliseconds.
  public Load load() {
    var members = tree.nearMembers(id().value());
    var ticks = members.stream().mapToLong(Snapshot::cpuTicks).sum();
    return new Load(Duration.ofMillis(ticks * TICK_MILLIS), members);
  }

  /// A look at a session's processes.
  ///
  /// @param cpu processor time of the processes that are there now
  public record Load(Duration cpu, List<Processes.Snapshot> processes) {}

  @Override
  public String toString() {
    return "session " + id() + " (process " + pid + ")";
  }
}
