package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.event.ChannelTotal;
import dev.orchestrator.engine.event.Consumption;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.ExecEnded;
import dev.orchestrator.engine.event.Event.InputRequested;
import dev.orchestrator.engine.event.Event.ProcessesReaped;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.event.ProcessName;
import dev.orchestrator.engine.exec.Session.Ended;
import dev.orchestrator.engine.exec.Tree.Step;
import dev.orchestrator.engine.posix.PollSet;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.Tty;
import dev.orchestrator.engine.posix.WaitStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The life of one session, on one thread: waits for output, input, the end of the process and
/// requests from other threads, all at once, and never blocks on anything else.
///
/// The end of the process is not the end of its output, nor the other way round. When the process
/// has ended and others still hold its output open, or live on without it, they get [#LINGER_QUIET]
/// of quiet to finish; then they are ended, and named.
final class SessionLoop implements Runnable {
  private static final long LINGER_QUIET = Duration.ofMillis(500).toNanos();
  private static final long LINGER_AT_MOST = Duration.ofSeconds(5).toNanos();
  private static final long FLUSH_AT_MOST = Duration.ofSeconds(1).toNanos();
  private static final int PROMPT_MILLIS = (int) PromptWatch.QUIET.toMillis();
  private static final int LOOK_AGAIN_MILLIS = 10;
  private static final long SOON_NANOS = Duration.ofMillis(20).toNanos();

  /// Places in the poll set: one per thing that can happen.
  private static final int WAKE = 0;

  private static final int END = 1;
  private static final int INPUT = 2;
  private static final int FIRST_OUTFLOW = 3;

  private final EventSink events;
  private final SessionSpec spec;
  private final Tree tree;
  private final Inbox inbox;
  private final Ends ends;
  private final Outflow.Sinks sinks;
  private final Workbench.Store benches;
  private final Inflow inflow;
  private final long startedNanos = System.nanoTime();

  /// Readable when the process ends; negative on a kernel without pidfds, and then it is polled.
  private final int endFd;

  // Shared with other threads.
  private final Object terminalLock = new Object();
  private boolean terminalClosed;
  private final Object waitLock = new Object();
  private boolean waited;
  private volatile long lastOutputNanos = startedNanos;
  private volatile boolean waitingForInput;
  private volatile boolean capped;
  private volatile boolean forced;
  private final AtomicInteger laddersEnded = new AtomicInteger();

  // Owned by the session's thread.
  private @Nullable WaitStatus status;
  private boolean lost;
  private long endedNanos;
  private int laddersBeforeEnd;
  private long ladderSeenNanos;
  private boolean reaping;
  private List<ProcessName> heldBy = List.of();

  /// Our ends of the program's descriptors.
  ///
  /// @param pid its process
  /// @param input where its standard input is written; -1 if it is closed
  /// @param terminal its terminal's master; -1 on pipes
  /// @param slave path of the terminal's other side; null on pipes
  /// @param outflows its output channels
  record Ends(long pid, int input, int terminal, @Nullable String slave, List<Outflow> outflows) {}

  SessionLoop(
      EventSink events,
      SessionSpec spec,
      Tree tree,
      Inbox inbox,
      Ends ends,
      Outflow.Sinks sinks,
      Workbench.Store benches) {
    this.events = quiet(events);
    this.spec = spec;
    this.tree = tree;
    this.inbox = inbox;
    this.ends = ends;
    this.sinks = sinks;
    this.benches = benches;
    this.inflow = new Inflow(ends.input, ends.terminal >= 0, inbox);
    this.endFd = Posix.pidfd(ends.pid);
  }

  /// A bus that has failed says so to whoever runs the command; the command's output must be
  /// drained all the same.
  static EventSink quiet(EventSink events) {
    return new Quiet(events);
  }

  private record Quiet(EventSink events) implements EventSink {
    @Override
    public void publish(Event event) {
      publishAll(List.of(event));
    }

    @Override
    public void publishAll(List<Event> several) {
      try {
        events.publishAll(several);
      } catch (IllegalStateException _) {
        // Known to the run already.
      }
    }
  }

  // What other threads may ask.

  Inbox inbox() {
    return inbox;
  }

  int terminal() {
    return ends.terminal;
  }

  long lastOutputNanos() {
    return lastOutputNanos;
  }

  boolean isWaitingForInput() {
    return waitingForInput;
  }

  boolean isCapped() {
    return capped;
  }

  /// Somebody wants this over: what is not written out a second after the end is given up.
  void force() {
    forced = true;
  }

  void ladderEnded() {
    laddersEnded.incrementAndGet();
    inbox.wake();
  }

  /// Uses the terminal's descriptor while it is sure to be the terminal's.
  void withTerminal(IntConsumer action) {
    synchronized (terminalLock) {
      if (ends.terminal >= 0 && !terminalClosed) {
        action.accept(ends.terminal);
      }
    }
  }

  /// Does something while the process number is sure to be the program's.
  void whileUnwaited(Runnable action) {
    synchronized (waitLock) {
      if (!waited) {
        action.run();
      }
    }
  }

  // The session's thread.

  private @Nullable Session session;

  void attach(Session it) {
    session = it;
  }

  @Override
  public void run() {
    var it = session;
    if (it == null) {
      throw new IllegalStateException("the loop has no session");
    }
    try {
      live(it);
    } catch (RuntimeException | Error bug) {
      // Nobody waits for this thread's exception, but somebody waits for the session.
      log().log(System.Logger.Level.ERROR, "a session has a bug", bug);
      it.reap(Step.KILL);
      collect();
    } finally {
      close();
      finish(it);
    }
  }

  private void live(Session it) {
    var bench = benches.take();
    try {
      while (!isOver(it)) {
        arrange(bench.polls);
        bench.polls.await(timeoutMillis());
        attend(bench);
      }
      drain(bench);
    } finally {
      benches.giveBack(bench);
    }
  }

  private void arrange(PollSet polls) {
    polls.awaitReadable(WAKE, inbox.wakeUp);
    if (status == null && endFd >= 0) {
      polls.awaitReadable(END, endFd);
    } else {
      polls.ignore(END);
    }
    polls.awaitWritable(INPUT, inflow.writable());
    var place = FIRST_OUTFLOW;
    for (var outflow : ends.outflows) {
      polls.awaitReadable(place++, outflow.readable());
      polls.awaitWritable(place++, outflow.writable());
    }
  }

  private int timeoutMillis() {
    var millis = ends.terminal >= 0 && sinks.prompts().isPending() ? PROMPT_MILLIS : -1;
    var now = System.nanoTime();
    if (status != null || endFd < 0) {
      // What a process leaves is usually gone within a moment: init of its namespace, for one.
      millis = status != null && now - endedNanos < SOON_NANOS ? 1 : LOOK_AGAIN_MILLIS;
    }
    for (var outflow : ends.outflows) {
      var nanos = outflow.nanosToFlush(now);
      if (nanos != Long.MAX_VALUE) {
        var due = (int) Math.max(0, nanos / 1_000_000 + 1);
        millis = millis < 0 ? due : Math.min(millis, due);
      }
    }
    return millis;
  }

  private void attend(Workbench bench) {
    var polls = bench.polls;
    if (polls.isReady(WAKE)) {
      Posix.lower(inbox.wakeUp);
    }
    var heard = false;
    var place = FIRST_OUTFLOW;
    for (var outflow : ends.outflows) {
      if (polls.isReady(place++) && outflow.read(bench)) {
        heard = true;
      }
      if (polls.isReady(place++)) {
        outflow.writeOn();
      }
    }
    if (heard) {
      lastOutputNanos = System.nanoTime();
      waitingForInput = false;
      capped = sinks.spool().isCapped();
    } else {
      attendToQuiet();
    }
    var now = System.nanoTime();
    for (var outflow : ends.outflows) {
      outflow.flushDue(now);
    }
    if (polls.isReady(INPUT)) {
      inflow.write(bench.buffer);
    }
    inflow.endWhenDone(bench.buffer);
    if (status == null && (endFd < 0 || polls.isReady(END))) {
      collect();
    }
  }

  private void attendToQuiet() {
    var quietNanos = System.nanoTime() - lastOutputNanos;
    if (ends.terminal >= 0
        && status == null
        && sinks.prompts().isPending()
        && quietNanos >= PromptWatch.QUIET.toNanos()) {
      Tty.lineMode(ends.terminal)
          .flatMap(sinks.prompts()::look)
          .ifPresent(question -> {
            waitingForInput = true;
            events.publish(new InputRequested(spec.id(), question.prompt(), question.secret()));
          });
    }
  }

  private void collect() {
    synchronized (waitLock) {
      var it = Posix.waitFor(ends.pid);
      if (it.isPresent()) {
        waited = true;
        status = it.get();
        endedNanos = System.nanoTime();
        laddersBeforeEnd = laddersEnded.get();
      } else if (Processes.find(ends.pid).isEmpty()) {
        lost = true; // Somebody else has waited for it, so how it ended cannot be known.
      }
    }
  }

  /// Whether process, output and tree are all done with, or given up.
  private boolean isOver(Session it) {
    var now = System.nanoTime();
    if (status == null) {
      return lost || (laddersEnded.get() > 0 && !it.reaped().survivors().isEmpty());
    }
    var busy = ends.outflows.stream().anyMatch(Outflow::isBusy);
    if (!busy && !tree.hasLeftovers(spec.id().value())) {
      return true;
    }
    if (laddersEnded.get() > laddersBeforeEnd || (forced && laddersEnded.get() > 0)) {
      if (ladderSeenNanos == 0) {
        ladderSeenNanos = now;
      }
      // All writers are gone, so what is open ends now; only our own reader can still be slow.
      var writing = ends.outflows.stream().anyMatch(outflow -> outflow.writable() >= 0);
      return !writing || (forced && now - ladderSeenNanos > FLUSH_AT_MOST);
    }
    reapWhenQuiet(it, now);
    return false;
  }

  private void reapWhenQuiet(Session it, long now) {
    if (reaping || ends.outflows.stream().anyMatch(outflow -> outflow.writable() >= 0)) {
      return;
    }
    var quietSince = Math.max(endedNanos, lastOutputNanos);
    if (now - quietSince > LINGER_QUIET || now - endedNanos > LINGER_AT_MOST) {
      reaping = true;
      heldBy = holders();
      Thread.ofPlatform().name("reap-" + spec.id()).daemon().start(() -> it.reap(Step.TERMINATE));
    }
  }

  private List<ProcessName> holders() {
    var held =
        ends.outflows.stream()
            .map(outflow -> outflow.openFile(ends.slave))
            .flatMap(Optional::stream)
            .collect(Collectors.toSet());
    return held.isEmpty() ? List.of() : tree.holders(spec.id().value(), held);
  }

  private void drain(Workbench bench) {
    for (var outflow : ends.outflows) {
      while (outflow.readable() >= 0 && outflow.read(bench)) {
        lastOutputNanos = System.nanoTime();
      }
    }
  }

  private void close() {
    synchronized (terminalLock) {
      terminalClosed = true;
      ends.outflows.forEach(Outflow::close);
    }
    inflow.close();
    Posix.close(endFd);
    inbox.abandon();
    sinks.spool().close();
  }

  private void finish(Session it) {
    var reaped = it.reaped();
    if (!reaped.killed().isEmpty() || !reaped.survivors().isEmpty()) {
      events.publish(new ProcessesReaped(spec.id(), reaped.killed(), reaped.survivors()));
    }
    var how = status;
    var fact =
        new ExecEnded(
            spec.id(),
            exit(how),
            Duration.ofNanos((how == null ? System.nanoTime() : endedNanos) - startedNanos),
            consumption(how),
            ends.outflows.stream().map(this::total).toList(),
            heldBy);
    events.publish(fact);
    tree.remove(spec.id().value());
    it.finish(
        new Ended(
            fact,
            sinks.output().text(),
            reaped,
            ends.outflows.stream().mapToLong(Outflow::gaps).sum(),
            ends.outflows.stream().mapToLong(Outflow::bytesSkipped).sum(),
            sinks.spool().isCapped(),
            spoolFailure()));
  }

  /// The kernel counts the memory a child shares with us before it becomes another program as the
  /// child's own, so a number below our own peak says nothing but "at most".
  private Consumption consumption(@Nullable WaitStatus how) {
    if (how == null) {
      return new Consumption(Duration.ZERO, "unknown", 0, "unknown", inflow.bytes());
    }
    var isItsOwn = how.peakMemoryBytes() > Posix.ownPeakMemoryBytes();
    return new Consumption(
        how.cpu(),
        spec.launch().tellsAllTime() ? "wait4" : "lower bound",
        how.peakMemoryBytes(),
        isItsOwn ? "wait4" : "upper bound",
        inflow.bytes());
  }

  private @Nullable String spoolFailure() {
    var why = sinks.spool().failure();
    return why == null ? null : "output could no longer be kept: " + why;
  }

  private static Exit exit(@Nullable WaitStatus status) {
    if (status == null) {
      return new Exit.Unended();
    }
    return status.isSignalled()
        ? new Exit.Signalled(status.signal().number(), status.signal().name())
        : new Exit.Exited(status.exitCode());
  }

  private ChannelTotal total(Outflow outflow) {
    var it = outflow.channel;
    return new ChannelTotal(
        it,
        sinks.spool().written(it),
        sinks.spool().kept(it),
        sinks.spool().lost(it),
        sinks.spool().kept(it) == 0 ? null : sinks.spool().file(it));
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(SessionLoop.class.getName());
  }
}
