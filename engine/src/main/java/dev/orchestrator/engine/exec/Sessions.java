package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.Event.ExecBegan;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.exec.SessionLoop.Ends;
import dev.orchestrator.engine.exec.SessionSpec.PassThrough;
import dev.orchestrator.engine.exec.Tree.Step;
import dev.orchestrator.engine.exec.terminal.Terminals;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Tty;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The sessions of a run.
///
/// At most [#LIMIT] run at a time: when another is started, the oldest one is ended. One that is
/// over is forgotten here, and with it its output; whoever started it has it.
///
/// Safe from any thread. [#start] blocks until the program has been started.
public final class Sessions {
  /// Most sessions that run at a time.
  public static final int LIMIT = 64;

  private static final int STACK_BYTES = 256 * 1024;
  private static final Duration IDLE_THREAD = Duration.ofSeconds(5);

  private final EventSink events;
  private final ReaderPace pace;
  private final Tree tree;
  private final Terminals terminals;
  private final @Nullable Path spoolFolder;
  private final String outerMark;
  private final Workbench.Store benches = new Workbench.Store();

  /// One thread for each session that runs; the next session gets a thread that has become free.
  private final Executor threads =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          IDLE_THREAD.toMillis(),
          TimeUnit.MILLISECONDS,
          new SynchronousQueue<>(),
          Thread.ofPlatform().name("session").stackSize(STACK_BYTES).daemon().factory());

  /// Guarded by itself; the oldest one first.
  private final Map<SessionId, Session> running = new LinkedHashMap<>();

  /// Prepares for sessions of one run.
  ///
  /// @param pace asked before output becomes a fact
  /// @param spoolFolder where output is kept; null to keep none
  /// @param outerMark value of [Tree#MARK] in our own environment; empty if there is none
  public Sessions(
      EventSink events,
      ReaderPace pace,
      Tree tree,
      Terminals terminals,
      @Nullable Path spoolFolder,
      String outerMark) {
    this.events = events;
    this.pace = pace;
    this.tree = tree;
    this.terminals = terminals;
    this.spoolFolder = spoolFolder;
    this.outerMark = outerMark;
  }

  /// Starts a program; [ExecBegan] is told before any of its output.
  ///
  /// @throws dev.orchestrator.engine.posix.SpawnException if the program cannot be started; the
  ///   message names it
  /// @throws IOException if the system is out of descriptors or terminals
  public Session start(SessionSpec spec) throws IOException {
    makeRoom();
    var program = marked(spec);
    var inbox = new Inbox();
    var spool = new Spool(spoolFolder, spec.id(), spec.spoolCapBytes());
    var sinks =
        new Outflow.Sinks(
            spool, new HeadAndTail(), spec.unread(), new PromptWatch(), new DiskPace(pace, spool));
    var ends = tree.start(spec.id().value(), () -> open(spec, program, sinks, inbox), Ends::pid);
    var loop = new SessionLoop(events, spec, tree, inbox, ends, sinks, benches);
    var session = new Session(spec, ends.pid(), tree, loop);
    loop.attach(session);
    SessionLoop.quiet(events).publish(began(spec, ends.pid()));
    synchronized (running) {
      running.put(spec.id(), session);
    }
    threads.execute(() -> {
      Thread.currentThread().setName("session-" + spec.id());
      try {
        loop.run();
      } finally {
        session.giveUp();
        forget(spec.id());
      }
    });
    return session;
  }

  private void forget(SessionId id) {
    synchronized (running) {
      running.remove(id);
    }
  }

  private Program marked(SessionSpec spec) {
    var program = spec.program();
    var environment = new ArrayList<>(program.environment());
    environment.removeIf(it -> it.startsWith(Tree.MARK + "="));
    environment.add(Tree.MARK + "=" + tree.markOf(spec.id().value(), outerMark));
    return new Program(program.arguments(), environment, program.directory());
  }

  private Ends open(SessionSpec spec, Program program, Outflow.Sinks sinks, Inbox inbox)
      throws IOException {
    try {
      if (spec.window().isPresent()) {
        var child = terminals.start(program, spec.window().get(), spec.typing(), spec.launch());
        var master = child.master();
        return new Ends(
            child.pid(),
            spec.typing() ? master : -1,
            master,
            Tty.slaveOf(master),
            List.of(outflow(spec, Channel.TERMINAL, master, sinks)));
      }
      var child = Pipes.start(program, spec.typing(), spec.launch());
      return new Ends(
          child.pid(),
          child.in(),
          -1,
          null,
          List.of(
              outflow(spec, Channel.STDOUT, child.out(), sinks),
              outflow(spec, Channel.STDERR, child.err(), sinks)));
    } catch (IOException e) {
      inbox.abandon();
      throw e;
    }
  }

  private Outflow outflow(SessionSpec spec, Channel channel, int fd, Outflow.Sinks sinks) {
    var chunker =
        new Chunker(
            SessionLoop.quiet(events),
            sinks.pace(),
            spec.id(),
            channel,
            sinks.spool().file(channel));
    var outlet = spec.passThrough().map(it -> new Outlet(destination(it, channel))).orElse(null);
    return new Outflow(channel, fd, sinks, chunker, outlet);
  }

  private static int destination(PassThrough it, Channel channel) {
    return switch (channel) {
      case STDOUT, TERMINAL -> it.out();
      case STDERR -> it.err();
    };
  }

  private ExecBegan began(SessionSpec spec, long pid) {
    return new ExecBegan(
        spec.id(),
        spec.call(),
        spec.program().arguments().stream().map(OsText::printable).toList(),
        spec.program().directory(),
        spec.window().isPresent() ? terminals.name() : "native",
        spec.window().orElse(null),
        spec.typing(),
        pid);
  }

  private void makeRoom() {
    Optional<Session> victim;
    synchronized (running) {
      // One that has just ended may not have been forgotten yet.
      running.values().removeIf(Session::isOver);
      if (running.size() < LIMIT) {
        return;
      }
      victim = running.values().stream().findFirst();
      victim.ifPresent(it -> running.remove(it.id()));
    }
    victim.ifPresent(it -> it.end(Step.TERMINATE));
  }

  /// Those that are not over, the oldest one first.
  public List<Session> running() {
    synchronized (running) {
      return running.values().stream().filter(it -> !it.isOver()).toList();
    }
  }
}
