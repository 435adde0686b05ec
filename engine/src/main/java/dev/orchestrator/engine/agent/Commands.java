package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.agent.CommandCall.Running;
import dev.orchestrator.engine.agent.ModelTool.BadArguments;
import dev.orchestrator.engine.approval.Judge;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.exec.Session;
import dev.orchestrator.engine.exec.SessionSpec;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.exec.Tree.Step;
import dev.orchestrator.engine.exec.Unread;
import dev.orchestrator.engine.plan.Plans;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.sandbox.Sandbox;
import dev.orchestrator.engine.tool.Attempt;
import dev.orchestrator.engine.tool.ToolOrchestrator;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/// The commands of a run that the model knows of, by the numbers it knows them by.
///
/// Safe from any thread.
final class Commands {
  /// As many as there are sessions.
  private static final int MOST = Sessions.LIMIT;

  private static final int FIRST_NUMBER = 1000;
  private static final int LAST_NUMBER = 99_999;
  private static final Duration END_PATIENCE = Duration.ofSeconds(5);
  private static final WindowSize WINDOW = new WindowSize(120, 36);

  private final Agent.Machine machine;
  private final Items items;
  private final ShellSetting shell;
  private final AtomicInteger started = new AtomicInteger();

  /// Sessions that are over and not tidied up yet, and this.
  private final Phaser tidying = new Phaser(1);

  // Guarded by this; the one used longest ago first.
  private final Map<Long, Known> known = new LinkedHashMap<>(MOST, 0.75f, true);

  /// A command that goes on after its call.
  record Known(CommandCall call, Running running) {}

  Commands(Agent.Machine machine, Items items, ShellSetting shell) {
    this.machine = machine;
    this.items = items;
    this.shell = shell;
  }

  ToolOrchestrator door() {
    return machine.door();
  }

  Judge judge() {
    return machine.judge();
  }

  Sandbox sandbox() {
    return machine.sandbox();
  }

  Plans plans() {
    return machine.plans();
  }

  /// Starts a session.
  Session start(SessionSpec spec) throws IOException {
    var session = machine.sessions().start(spec);
    machine.onStart().run();
    return session;
  }

  /// Tells when a session is over, and then tidies up beside what comes next.
  void whenOver(Session session, Runnable told, Runnable tidy) {
    tidying.register();
    session.whenOver(() -> {
      try {
        told.run();
        tidy.run();
      } finally {
        tidying.arriveAndDeregister();
      }
    });
  }

  Items items() {
    return items;
  }

  ShellSetting shell() {
    return shell;
  }

  WindowSize window() {
    return WINDOW;
  }

  long spoolCapBytes() {
    return shell.spoolCapBytes();
  }

  String nextSession() {
    return "s" + started.incrementAndGet();
  }

  /// Six hexadecimal digits.
  private String nextChunk() {
    return HexFormat.of().toHexDigits(machine.random().nextInt(1 << 24), 6);
  }

  /// Whether an attempt runs without the sandbox that the run has.
  boolean isOutside(Attempt attempt) {
    return !attempt.held().isConfined() && shell.isConfined();
  }

  /// The program with what a confined command is told about its confinement.
  Program marked(Program program, Attempt attempt) {
    var environment = new ArrayList<>(program.environment());
    var open =
        !attempt.held().isConfined()
            || attempt.confinement().network()
            || attempt.confinement().openings().stream().anyMatch(ShellSetting::opensNetwork);
    if (!open) {
      environment.add("CODEX_SANDBOX_NETWORK_DISABLED=1");
    }
    return new Program(program.arguments(), environment, program.directory());
  }

  /// What the model is told of a command: its state and the output since the last time.
  ///
  /// @param arguments of the call, which may ask for less output
  Told teller(Arguments arguments) throws BadArguments {
    var most = arguments.number("max_output_tokens").orElse((long) OutputText.Limit.TOKENS);
    var output = new OutputText(shell.output().atMost(most));
    return (state, nanos, unread) ->
        items.masked(output.of(nextChunk(), nanos, state, unread.take()));
  }

  /// Makes the text about a command.
  interface Told {
    /// The text.
    ///
    /// @param state `Process exited with code 0` or `Process running with session ID 4711`
    String of(String state, long nanos, Unread unread);
  }

  /// Keeps a command that goes on.
  ///
  /// @return its number
  synchronized long keep(CommandCall call, Running running) {
    if (known.size() >= MOST) {
      known.values().removeIf(it -> it.running().session().isOver());
    }
    long number;
    do {
      number = machine.random().nextInt(FIRST_NUMBER, LAST_NUMBER + 1);
    } while (known.containsKey(number));
    known.put(number, new Known(call, running));
    return number;
  }

  synchronized Optional<Known> find(long number) {
    return Optional.ofNullable(known.get(number));
  }

  synchronized void forget(long number) {
    known.remove(number);
  }

  /// Ends every command that goes on, and completes its item.
  void endAll() throws InterruptedException {
    List<Known> all;
    synchronized (this) {
      all = List.copyOf(known.values());
      known.clear();
    }
    for (var it : machine.sessions().running()) {
      it.end(Step.TERMINATE);
    }
    for (var it : all) {
      if (it.running().session().await(END_PATIENCE).isEmpty()) {
        log().log(System.Logger.Level.WARNING, "{0} did not end", it.running().session());
      }
      it.call().complete(it.running());
    }
    try {
      tidying.awaitAdvanceInterruptibly(
          tidying.arrive(), END_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException _) {
      log().log(System.Logger.Level.WARNING, "the sandbox is still being tidied up");
    }
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(Commands.class.getName());
  }
}
