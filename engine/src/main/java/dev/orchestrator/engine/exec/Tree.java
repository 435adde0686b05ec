package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.event.ProcessName;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.Processes.Snapshot;
import dev.orchestrator.engine.posix.Signal;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// Whose processes are whose, and how they are ended.
///
/// A process belongs to a session if any of this holds: it descends from the session's first
/// process; it is in that process's terminal session or group; or it was started with the session's
/// [#MARK] in its environment. This process adopts orphans (`PR_SET_CHILD_SUBREAPER`), so a
/// daemon's double fork does not lead out of the tree, and clearing the environment does not
/// either. A process that is none of these is never signalled: every signal goes through a pidfd
/// opened before the process was looked at again.
///
/// Safe from any thread. Methods that end things block until they are ended, at most for the sum of
/// the ladder's patience.
public final class Tree {
  /// The variable that marks every child, and its children. Its value is a chain: an orchestrator
  /// inside a session of another appends to it.
  public static final String MARK = "ORCHESTRATOR_MARK";

  private static final String CHAIN = ":";
  private static final long LOOK_AGAIN_NANOS = Duration.ofMillis(5).toNanos();

  private final String runMark;
  private final Predicate<Snapshot> isKnown;
  private final Snapshot self = Processes.self();
  private final Map<String, Snapshot> leaders = new ConcurrentHashMap<>();

  /// Held for reading while a process is started, for writing while orphans are waited for.
  private final ReadWriteLock starts = new ReentrantReadWriteLock();

  /// The steps still allowed to wait, or not: a second request to end hurries the first.
  private volatile boolean hurried;

  /// The number that marks the run's processes too; 0 if there is none.
  private final long limitMark;

  private Tree(String runMark, long limitMark, Predicate<Snapshot> isKnown) {
    this.runMark = runMark;
    this.limitMark = limitMark;
    this.isKnown = isKnown;
  }

  /// The processes of a run of this process. Begins to adopt orphans.
  ///
  /// @param runMark what marks the processes of this run; unique over machines and time
  public static Tree adopting(String runMark) {
    Posix.adoptOrphans();
    return new Tree(runMark, LimitMark.OURS, _ -> false);
  }

  /// The processes that a run of another, dead process has left.
  ///
  /// @param limitMark what [#limitMark] was there; 0 if there was none
  /// @param isKnown whether a process is known to be that run's, besides by its mark
  public static Tree leftBy(String runMark, long limitMark, Predicate<Snapshot> isKnown) {
    return new Tree(runMark, limitMark, isKnown);
  }

  /// The number that marks this process's descendants besides [#MARK]; 0 if there is none.
  public long limitMark() {
    return limitMark;
  }

  /// One number for this process, set when it is first needed.
  private static final class LimitMark {
    private static final long OURS = Posix.markByLimit();
  }

  /// How hard to begin; whoever is still there after a step's patience gets the next one.
  public enum Step {
    /// As Ctrl-C does.
    INTERRUPT(Duration.ofMillis(800)),
    /// As `kill` does.
    TERMINATE(Duration.ofMillis(1500)),
    /// Cannot be refused.
    KILL(Duration.ofSeconds(2));

    private final Duration patience;

    Step(Duration patience) {
      this.patience = patience;
    }

    private Signal signal() {
      return switch (this) {
        case INTERRUPT -> Signal.INT;
        case TERMINATE -> Signal.TERM;
        case KILL -> Signal.KILL;
      };
    }
  }

  /// What ending a tree came to.
  ///
  /// @param killed every process that was signalled
  /// @param survivors those that are still there
  public record Reaped(List<ProcessName> killed, List<ProcessName> survivors) {}

  /// The value of [#MARK] for a session's processes.
  ///
  /// @param outer the value in our own environment; empty outside of another orchestrator
  String markOf(String session, String outer) {
    return outer.isEmpty() ? runMark + "/" + session : outer + CHAIN + runMark + "/" + session;
  }

  /// Starts a session's first process and remembers it, in one step for whoever waits for orphans.
  ///
  /// @param pidOf its process id
  <T> T start(String session, Starting<T> starting, ToLongFunction<T> pidOf) throws IOException {
    var lock = starts.readLock();
    lock.lock();
    try {
      var started = starting.start();
      var leader = pidOf.applyAsLong(started);
      // Not waited for by anyone yet, so it is there, ended or not.
      leaders.put(session, Processes.find(leader).orElseThrow());
      return started;
    } finally {
      lock.unlock();
    }
  }

  /// Something that starts a process.
  interface Starting<T> {
    T start() throws IOException;
  }

  /// The first processes of the sessions that are not over.
  public List<Snapshot> leaders() {
    return List.copyOf(leaders.values());
  }

  /// Forgets a session that is over.
  void remove(String session) {
    leaders.remove(session);
  }

  /// Skips what is left of every step's patience, here and in everything under way.
  public void hurry() {
    hurried = true;
  }

  /// Whether a session whose first process has ended left others behind. Quick when it has not.
  boolean hasLeftovers(String session) {
    if (!Posix.hasChildren()) {
      return false;
    }
    var others = leaderPids();
    for (var child : Processes.children()) {
      if (others.contains(child)) {
        continue;
      }
      var process = Processes.find(child);
      if (process.isPresent() && process.get().isEnded()) {
        waitForOrphan(child);
      } else if (process.isPresent() && isMemberByItself(session, process.get())) {
        return true;
      }
    }
    return false;
  }

  /// The processes of a session, the first one included while it runs.
  List<Snapshot> members(String session) {
    return select(Processes.all(), it -> isMemberByItself(session, it));
  }

  /// The processes of the whole run.
  public List<Snapshot> members() {
    return select(
        Processes.all(),
        it ->
            it.parent() == self.pid()
                || isKnown.test(it)
                || hasMark(it.pid(), mark -> mark.startsWith(runMark + "/"))
                || (limitMark != 0 && Processes.markByLimit(it.pid()) == limitMark));
  }

  /// The processes that descend from this one; quicker than [#members], and the same unless
  /// something else adopts orphans too.
  public List<Snapshot> descendants() {
    return select(Processes.all(), it -> it.parent() == self.pid());
  }

  /// Those of a session that can be told without looking into environments.
  List<Snapshot> nearMembers(String session) {
    var leader = leaders.get(session);
    return leader == null ? List.of() : select(Processes.all(), it -> isNear(it, leader));
  }

  /// Waits for an adopted orphan that has ended. A session's first process is its session's to wait
  /// for, so nothing is done while one is being started and not known yet.
  private void waitForOrphan(long pid) {
    var lock = starts.writeLock();
    if (lock.tryLock()) {
      try {
        if (!leaderPids().contains(pid)) {
          Posix.waitFor(pid);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private Set<Long> leaderPids() {
    return leaders.values().stream().map(Snapshot::pid).collect(Collectors.toSet());
  }

  private boolean isMemberByItself(String session, Snapshot process) {
    var leader = leaders.get(session);
    return (leader != null && isNear(process, leader))
        || hasMark(process.pid(), mark -> mark.equals(runMark + "/" + session));
  }

  /// Whether a process is the leader, or in its terminal session or group. Those keep the leader's
  /// number from being given away; if another process has it by now, nobody of ours is left there.
  private static boolean isNear(Snapshot process, Snapshot leader) {
    if (process.pid() == leader.pid()) {
      return process.startTicks() == leader.startTicks();
    }
    return (process.session() == leader.pid() || process.group() == leader.pid())
        && process.startTicks() >= leader.startTicks()
        && Processes.find(leader.pid())
            .filter(it -> it.startTicks() != leader.startTicks())
            .isEmpty();
  }

  private static boolean hasMark(long pid, Predicate<String> wanted) {
    return Processes.variable(pid, MARK).stream()
        .flatMap(it -> List.of(it.split(CHAIN, -1)).stream())
        .anyMatch(wanted);
  }

  /// Those that are members by themselves, and all their descendants; never this process. Orphans
  /// that have ended are waited for on the way.
  private List<Snapshot> select(List<Snapshot> all, Predicate<Snapshot> isMember) {
    var children = new HashMap<Long, List<Snapshot>>();
    var found = new LinkedHashMap<Long, Snapshot>();
    var next = new ArrayList<Snapshot>();
    for (var process : all) {
      children.computeIfAbsent(process.parent(), _ -> new ArrayList<>()).add(process);
      if (process.pid() == self.pid() || process.pid() == self.parent()) {
        continue;
      }
      if (process.isEnded()) {
        if (process.parent() == self.pid()) {
          waitForOrphan(process.pid());
        }
      } else if (isMember.test(process)) {
        next.add(process);
      }
    }
    while (!next.isEmpty()) {
      var process = next.removeLast();
      if (!process.isEnded() && found.putIfAbsent(process.pid(), process) == null) {
        next.addAll(children.getOrDefault(process.pid(), List.of()));
      }
    }
    // Parents first: a shell that sees its child end must not go on with its next step.
    return found.values().stream().sorted(Tree::byStart).toList();
  }

  /// A comparator of the library's would first make classes that no cache can hold: it can be
  /// serialized.
  private static int byStart(Snapshot a, Snapshot b) {
    return a.startTicks() == b.startTicks()
        ? Long.compare(a.pid(), b.pid())
        : Long.compare(a.startTicks(), b.startTicks());
  }

  /// Ends a session's processes, all of them.
  Reaped end(String session, Step from) {
    return end(() -> members(session), from);
  }

  /// Ends every process of the run, whichever session it came from. Quick when there is none.
  public Reaped endAll(Step from) {
    if (!leaders.isEmpty() || Posix.hasChildren()) {
      return end(this::members, from);
    }
    return new Reaped(List.of(), List.of());
  }

  /// Ends what a dead run has left.
  public Reaped endLeft() {
    var from = Step.TERMINATE;
    return end(this::members, from);
  }

  private Reaped end(Supplier<List<Snapshot>> members, Step from) {
    var killed = new LinkedHashMap<Long, ProcessName>();
    for (var step : Step.values()) {
      if (step.compareTo(from) < 0 || (hurried && step != Step.KILL)) {
        continue;
      }
      if (climb(members, step, killed)) {
        return new Reaped(List.copyOf(killed.values()), List.of());
      }
    }
    var survivors = members.get().stream().map(Tree::name).toList();
    return new Reaped(List.copyOf(killed.values()), survivors);
  }

  /// One step of the ladder.
  ///
  /// @return whether nobody is left
  private boolean climb(
      Supplier<List<Snapshot>> members, Step step, Map<Long, ProcessName> killed) {
    var deadline = System.nanoTime() + step.patience.toNanos();
    Set<Snapshot> told = new HashSet<>();
    var left = members.get();
    while (!left.isEmpty()) {
      for (var process : left) {
        // Once for a request; again and again for an order, as new ones may have been forked.
        if (told.add(new Snapshot(process.pid(), 0, 0, 0, ' ', process.startTicks(), 0))
            || step == Step.KILL) {
          killed.putIfAbsent(process.pid(), name(process));
          signal(process, step.signal());
        }
      }
      if (System.nanoTime() - deadline > 0 || (hurried && step != Step.KILL)) {
        return false;
      }
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      left = left.stream().filter(Snapshot::isSame).toList();
      if (left.isEmpty()) {
        left = members.get();
      }
    }
    return true;
  }

  /// Signals this very process, even if its number has been given away meanwhile.
  static void signal(Snapshot process, Signal signal) {
    var pidfd = Posix.pidfd(process.pid());
    if (pidfd < 0) {
      // Gone; or a kernel before 5.3, where the number is all there is.
      if (Posix.lacksPidfds(pidfd) && process.isSame()) {
        Posix.signal(process.pid(), signal);
      }
      return;
    }
    try {
      if (process.isSame()) {
        Posix.signalPidfd(pidfd, signal);
        if (signal.equals(Signal.TERM) || signal.equals(Signal.INT)) {
          Posix.signalPidfd(pidfd, Signal.CONTINUE); // A stopped process hears nothing.
        }
      }
    } finally {
      Posix.close(pidfd);
    }
  }

  /// Those among a session's processes, or failing that among all, that hold a file open.
  List<ProcessName> holders(String session, Set<String> openFiles) {
    return members(session).stream()
        .filter(it -> openFiles.stream().anyMatch(file -> Processes.holds(it.pid(), file)))
        .map(Tree::name)
        .toList();
  }

  private static ProcessName name(Snapshot process) {
    return new ProcessName(process.pid(), Processes.command(process.pid()));
  }
}
