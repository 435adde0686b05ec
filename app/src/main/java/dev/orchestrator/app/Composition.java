package dev.orchestrator.app;

import dev.orchestrator.app.flags.RunFlags;
import dev.orchestrator.app.flags.RunFlags.Format;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.CommandRun;
import dev.orchestrator.engine.Door;
import dev.orchestrator.engine.ExitPolicy;
import dev.orchestrator.engine.RunRequest;
import dev.orchestrator.engine.Stop;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.bus.EventBus;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.event.Summary;
import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.exec.Session;
import dev.orchestrator.engine.exec.SessionSpec.PassThrough;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.journal.Journal;
import dev.orchestrator.engine.plan.Plan;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Shell;
import dev.orchestrator.engine.posix.Signal;
import dev.orchestrator.engine.posix.Tty;
import dev.orchestrator.engine.record.RunFolder;
import dev.orchestrator.engine.tool.Questions;
import dev.orchestrator.headless.ExitCode;
import dev.orchestrator.headless.JsonOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A run, built in the order in which its parts depend on each other and closed in reverse: the bus
/// before the note, the note before the journal and standard output.
final class Composition {
  private static final int STDIN = Parts.STDIN;
  private static final int STDOUT = Parts.STDOUT;
  private static final int STDERR = Parts.STDERR;

  private final Invocation invocation;
  private final long startedNanos = System.nanoTime();

  Composition(Invocation invocation) {
    this.invocation = invocation;
  }

  /// Runs one command.
  ///
  /// @return the code to end with
  /// @throws UsageError if the environment asks for something that does not exist
  int run(RunFlags flags) throws UsageError, IOException, InterruptedException {
    var run = Names.run(InstantSource.system());
    // As it was named: whether it is there shows when the command starts.
    var directory = flags.cwd().map(invocation.directory()::resolve).orElse(invocation.directory());
    var terminals = Parts.terminals(invocation);
    var task = flags.task().orElse(RunFolder.taskFor(directory));
    var settings = Configuration.load(flags.access().settings(), invocation, directory);
    if (!flags.quiet()) {
      Configuration.warn(settings, invocation.err());
    }
    var records = Parts.records(flags.runsDir(), settings, directory, invocation);
    var access = Access.open(flags.access(), settings, invocation, directory, records, run, task);
    var wanted = folder(flags, run, task, records);
    var journalFile = wanted == null ? null : Parts.begin(wanted);
    // A record that cannot be begun is a run that fails, with a summary like any other.
    var obstacle = journalFile == null ? null : journalFile.obstacle();
    var folder = obstacle == null ? wanted : null;
    var tree = Tree.adopting(run.value());
    var stopper = new AtomicReference<@Nullable CommandRun>();
    try (var output = Parts.output(invocation, flags.format(), it -> stop(stopper, it));
        var journal = journalFile == null ? null : journalFile.journal();
        var note = Parts.note(invocation.home(), run, tree, folder);
        var bus =
            EventBus.start(
                InstantSource.system(),
                journal == null ? Journal.none() : journal,
                Parts.subscribers(output, folder, flags.summaryFile(), flags.task().isPresent()),
                failure ->
                    stop(stopper, new Stop.RecordFailed(String.valueOf(failure.getMessage()))))) {
      var sessions = Parts.sessions(invocation, bus, output, tree, terminals, folder);
      var request = request(flags, run, directory, folder, obstacle);
      var door = door(flags, request, access, bus, stopper);
      var command =
          new CommandRun(
              request,
              bus,
              sessions,
              tree,
              note,
              codes(flags),
              door,
              session -> connect(session, request));
      stopper.set(command);
      Signals.onEnd(signal -> command.stop(new Stop.Signalled(signal)));
      var summary = withRawKeys(request, command);
      bus.drain();
      return finish(flags, folder, output, bus, command, summary, door.questions());
    }
  }

  private static void stop(AtomicReference<@Nullable CommandRun> stopper, Stop reason) {
    var command = stopper.get();
    if (command != null) {
      command.stop(reason);
    }
  }

  private static @Nullable RunFolder folder(RunFlags flags, RunId run, String task, Path records) {
    return flags.ephemeral() ? null : new RunFolder(records, task, run);
  }

  /// What the command goes through. Nothing is probed unless something is to be confined.
  private Door door(
      RunFlags flags,
      RunRequest request,
      Access access,
      EventBus bus,
      AtomicReference<@Nullable CommandRun> stopper)
      throws UsageError {
    var probe = Parts.probe(access, invocation);
    var desk = new Desk(bus, flags.access().deadline());
    attach(flags, request, desk, stopper);
    return Parts.door(access, desk, probe.orElse(null));
  }

  /// Lets somebody answer: a program on standard input, or a person who sees standard error and
  /// whose keys are not the command's.
  private void attach(
      RunFlags flags,
      RunRequest request,
      Desk desk,
      AtomicReference<@Nullable CommandRun> stopper) {
    Parts.attach(
        invocation,
        flags.access().asking(),
        desk,
        !request.typing() && Tty.isTerminal(STDIN) && Tty.isTerminal(STDERR),
        () -> stop(stopper, new Stop.Signalled(Signal.INT)));
  }

  private static ExitPolicy codes(RunFlags flags) {
    return flags.contractCodes() ? ExitCode.CONTRACT : ExitCode.AS_COMMAND;
  }

  private RunRequest request(
      RunFlags flags,
      RunId run,
      Path directory,
      @Nullable RunFolder folder,
      @Nullable String obstacle) {
    var human = flags.format() == Format.HUMAN;
    var tty = flags.tty().orElse(flags.size().isPresent() || (human && Tty.isTerminal(STDOUT)));
    var window =
        flags
            .size()
            .or(() -> Tty.windowSize(STDOUT))
            .or(() -> Tty.windowSize(STDERR))
            .orElse(WindowSize.DEFAULT);
    var program = OwnProcess.program(invocation, flags, run, tty, directory);
    return new RunRequest(
        run,
        Names.thread(InstantSource.system()),
        flags.task().orElse(RunFolder.taskFor(directory)),
        Main.VERSION,
        program,
        new Subject.Shell(plan(flags, program, directory), false),
        tty ? Optional.of(window) : Optional.empty(),
        flags.stdin(),
        flags.timeout(),
        flags.idleTimeout(),
        flags.spoolCapBytes(),
        flags.failOnCap(),
        human ? Optional.of(new PassThrough(STDOUT, STDERR)) : Optional.empty(),
        folder == null ? null : folder.folder(),
        obstacle);
  }

  private Plan plan(RunFlags flags, Program program, Path directory) {
    return flags.access().judged()
        ? invocation.plans().ofWords(program.arguments(), directory)
        : new Plan(Shell.quote(program.arguments()), List.of(), List.of());
  }

  private void connect(Session session, RunRequest request) {
    if (request.typing()) {
      InputPump.start(invocation.in(), session);
    }
    if (request.window().isPresent() && request.passThrough().isPresent()) {
      Signals.onResize(() -> Tty.windowSize(STDOUT).ifPresent(session::resize));
    }
  }

  /// While somebody types into the command's terminal, every key is the command's.
  private static Summary withRawKeys(RunRequest request, CommandRun command)
      throws InterruptedException {
    var restore =
        request.typing() && request.window().isPresent() && request.passThrough().isPresent()
            ? Tty.rawMode(STDIN)
            : Optional.<Runnable>empty();
    try {
      return command.run();
    } finally {
      restore.ifPresent(Runnable::run);
    }
  }

  private int finish(
      RunFlags flags,
      @Nullable RunFolder folder,
      @Nullable JsonOutput output,
      EventBus bus,
      CommandRun command,
      Summary summary,
      Questions questions)
      throws InterruptedException {
    var teller = new RunTeller(invocation.err(), flags);
    var written =
        output == null
            || Parts.drain(output, flags.timeout(), summary, () -> command.stopped().isPresent());
    var failure = bus.failure().map(it -> String.valueOf(it.getMessage()));
    if (failure.isPresent() && !failure.get().equals(summary.recordError())) {
      teller.say(failure.get());
    }
    if (folder != null) {
      var whole = Duration.ofNanos(System.nanoTime() - startedNanos);
      Parts.count(folder, flags.format(), summary, questions, whole);
    }
    if (!flags.quiet()) {
      teller.tell(summary);
    }
    var codes = codes(flags);
    var stopped = command.stopped();
    var isGone = output != null && output.isGone();
    // Whoever writes the lines knows first that nobody reads them, and says so to the run after.
    if (!written && (stopped.isPresent() || isGone) && summary.exitCode() == 0) {
      var signalled = stopped.isPresent() && stopped.get() instanceof Stop.Signalled;
      return codes.code(
          signalled ? Outcome.INTERRUPTED : Outcome.READER_GONE, Optional.empty(), stopped);
    }
    return failure.isPresent() && summary.exitCode() == 0
        ? codes.code(Outcome.FAILED, Optional.empty(), Optional.empty())
        : summary.exitCode();
  }
}
