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
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.event.Subscriber;
import dev.orchestrator.engine.event.Summary;
import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.exec.Session;
import dev.orchestrator.engine.exec.SessionSpec.PassThrough;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.exec.terminal.Terminals;
import dev.orchestrator.engine.journal.Journal;
import dev.orchestrator.engine.plan.Plan;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Shell;
import dev.orchestrator.engine.posix.Signal;
import dev.orchestrator.engine.record.LiveNote;
import dev.orchestrator.engine.record.Manifest;
import dev.orchestrator.engine.record.RunFolder;
import dev.orchestrator.engine.record.SummaryFiles;
import dev.orchestrator.engine.sandbox.NoSandbox;
import dev.orchestrator.engine.sandbox.Sandboxes;
import dev.orchestrator.engine.tool.Questions;
import dev.orchestrator.engine.wire.JsonlEncoder.Dialect;
import dev.orchestrator.headless.ExitCode;
import dev.orchestrator.headless.JsonOutput;
import dev.orchestrator.headless.StdioApprovals;
import dev.orchestrator.tui.terminal.LinePrompt;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A run, built in the order in which its parts depend on each other and closed in reverse: the bus
/// before the note, the note before the journal and standard output.
final class Composition {
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  /// How long the last lines may take when the run was ended from outside.
  private static final Duration LAST_LINES = Duration.ofSeconds(2);

  /// How long a command may wait for a reader of its facts: hardly, unless it is a disk, which
  /// always catches up.
  private static final Duration READER_PATIENCE = Duration.ofMillis(50);

  private static final Duration DISK_PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private final Home home;
  private final PrintStream err;
  private final long startedNanos = System.nanoTime();

  Composition(Home home, PrintStream err) {
    this.home = home;
    this.err = err;
  }

  /// Runs one command.
  ///
  /// @return the code to end with
  /// @throws UsageError if the environment asks for something that does not exist
  int run(RunFlags flags) throws UsageError, IOException, InterruptedException {
    var run = Names.run(InstantSource.system());
    var directory = flags.cwd().map(Path::toAbsolutePath).orElse(Path.of("").toAbsolutePath());
    var terminals = terminals();
    var task = flags.task().orElse(RunFolder.taskFor(directory));
    var access = Access.open(flags.access(), home, directory, records(flags, directory), run, task);
    var wanted = folder(flags, run, directory);
    var journalFile = wanted == null ? null : begin(wanted);
    // A record that cannot be begun is a run that fails, with a summary like any other.
    var obstacle = journalFile == null ? null : journalFile.obstacle();
    var folder = obstacle == null ? wanted : null;
    var tree = Tree.adopting(run.value());
    var stopper = new AtomicReference<@Nullable CommandRun>();
    try (var output = output(flags, stopper);
        var journal = journalFile == null ? null : journalFile.journal();
        var note = note(run, tree, folder);
        var bus =
            EventBus.start(
                InstantSource.system(),
                journal == null ? Journal.none() : journal,
                subscribers(flags, folder, output),
                failure ->
                    stop(stopper, new Stop.RecordFailed(String.valueOf(failure.getMessage()))))) {
      var sessions =
          new Sessions(
              bus,
              output == null ? ReaderPace.UNLIMITED : output,
              tree,
              terminals,
              folder == null ? null : folder.spool(),
              Optional.ofNullable(System.getenv(Tree.MARK)).orElse(""));
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

  private @Nullable RunFolder folder(RunFlags flags, RunId run, Path directory) {
    if (flags.ephemeral()) {
      return null;
    }
    var root = records(flags, directory);
    return new RunFolder(root, flags.task().orElse(RunFolder.taskFor(directory)), run);
  }

  /// Where runs are kept.
  private Path records(RunFlags flags, Path directory) {
    var named = System.getenv("ORCHESTRATOR_RUNS");
    return flags
        .runsDir()
        .or(() -> Optional.ofNullable(named).filter(it -> !it.isEmpty()).map(Path::of))
        .map(Path::toAbsolutePath)
        .orElseGet(() -> RunFolder.rootFor(directory, home.folder()));
  }

  /// A journal, or why there is none.
  private record Begun(@Nullable Journal journal, @Nullable String obstacle) {}

  private static Begun begin(RunFolder folder) {
    try {
      folder.create();
      return new Begun(Journal.open(folder.journal()), null);
    } catch (IOException e) {
      return new Begun(null, String.valueOf(e.getMessage()));
    }
  }

  private static Terminals terminals() throws UsageError {
    try {
      return Terminals.choose(Optional.ofNullable(System.getenv(Terminals.CHOICE)).orElse(""));
    } catch (IllegalArgumentException e) {
      throw new UsageError(String.valueOf(e.getMessage()));
    }
  }

  private LiveNote note(RunId run, Tree tree, @Nullable RunFolder folder) {
    return new LiveNote(
        Optional.of(home.note(run)),
        run,
        tree.limitMark(),
        folder == null ? null : folder.folder());
  }

  /// What the command goes through. Nothing is probed unless something is to be confined.
  private Door door(
      RunFlags flags,
      RunRequest request,
      Access access,
      EventBus bus,
      AtomicReference<@Nullable CommandRun> stopper)
      throws UsageError {
    var confined = !access.setting().confinement().isNone();
    var probe = confined ? Optional.of(access.probe()) : Optional.<Sandboxes.Probe>empty();
    var desk = new Desk(bus, flags.access().deadline());
    attach(flags, request, desk, stopper);
    return new Door(
        access.judge(),
        desk,
        new Questions(desk, access.grants(), access.log(), access.setting()),
        probe.map(Sandboxes.Probe::sandbox).orElseGet(NoSandbox::new),
        probe.map(Sandboxes.Probe::report));
  }

  /// Lets somebody answer: a program on standard input, or a person who sees standard error and
  /// whose keys are not the command's.
  private static void attach(
      RunFlags flags,
      RunRequest request,
      Desk desk,
      AtomicReference<@Nullable CommandRun> stopper) {
    switch (flags.access().asking()) {
      case STDIO -> StdioApprovals.start(desk, new FileInputStream(FileDescriptor.in));
      case TERMINAL -> {
        if (!request.typing() && Posix.isTerminal(STDIN) && Posix.isTerminal(STDERR)) {
          LinePrompt.attach(
              desk,
              System.getenv("NO_COLOR") == null,
              () -> stop(stopper, new Stop.Signalled(Signal.INT)));
        }
      }
      case NONE -> {}
    }
  }

  private static ExitPolicy codes(RunFlags flags) {
    return flags.contractCodes() ? ExitCode.CONTRACT : ExitCode.AS_COMMAND;
  }

  private static @Nullable JsonOutput output(
      RunFlags flags, AtomicReference<@Nullable CommandRun> stopper) {
    var dialect =
        switch (flags.format()) {
          case HUMAN -> null;
          case JSON -> Dialect.CODEX;
          case JSON_FULL -> Dialect.FULL;
        };
    return dialect == null
        ? null
        : JsonOutput.start(
            new FileOutputStream(FileDescriptor.out),
            dialect,
            Processes.isFile(STDOUT) ? DISK_PATIENCE : READER_PATIENCE,
            () -> Posix.isReaderGone(STDOUT),
            () -> stop(stopper, new Stop.ReaderGone()));
  }

  private static List<Subscriber> subscribers(
      RunFlags flags, @Nullable RunFolder folder, @Nullable JsonOutput output) {
    var subscribers = new ArrayList<Subscriber>();
    if (output != null) {
      subscribers.add(output);
    }
    if (folder != null) {
      subscribers.add(new Manifest(folder.manifest()));
    }
    var summaries = new ArrayList<Path>();
    flags.summaryFile().ifPresent(summaries::add);
    if (folder != null && flags.task().isPresent()) {
      summaries.add(folder.state());
    }
    if (!summaries.isEmpty()) {
      subscribers.add(new SummaryFiles(summaries));
    }
    return subscribers;
  }

  private static RunRequest request(
      RunFlags flags,
      RunId run,
      Path directory,
      @Nullable RunFolder folder,
      @Nullable String obstacle) {
    var human = flags.format() == Format.HUMAN;
    var tty = flags.tty().orElse(flags.size().isPresent() || (human && Posix.isTerminal(STDOUT)));
    var window =
        flags
            .size()
            .or(() -> Posix.windowSize(STDOUT))
            .or(() -> Posix.windowSize(STDERR))
            .orElse(WindowSize.DEFAULT);
    var program = OwnProcess.program(flags, run, tty, directory);
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

  private static Plan plan(RunFlags flags, Program program, Path directory) {
    return flags.access().judged()
        ? Access.plans().ofWords(program.arguments(), directory)
        : new Plan(Shell.quote(program.arguments()), List.of(), List.of());
  }

  private static void connect(Session session, RunRequest request) {
    if (request.typing()) {
      InputPump.start(session);
    }
    if (request.window().isPresent() && request.passThrough().isPresent()) {
      Signals.onResize(() -> Posix.windowSize(STDOUT).ifPresent(session::resize));
    }
  }

  /// While somebody types into the command's terminal, every key is the command's.
  private static Summary withRawKeys(RunRequest request, CommandRun command)
      throws InterruptedException {
    var restore =
        request.typing() && request.window().isPresent() && request.passThrough().isPresent()
            ? Posix.rawMode(STDIN)
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
    var teller = new RunTeller(err, flags);
    var written = output == null || drain(flags, output, command, summary);
    var failure = bus.failure().map(it -> String.valueOf(it.getMessage()));
    if (failure.isPresent() && !failure.get().equals(summary.recordError())) {
      teller.say(failure.get());
    }
    if (folder != null) {
      var whole = Duration.ofNanos(System.nanoTime() - startedNanos);
      teller.count(folder, summary, questions, whole);
    }
    if (!flags.quiet()) {
      teller.tell(summary);
    }
    var codes = codes(flags);
    if (!written && command.stopped().isPresent() && summary.exitCode() == 0) {
      var signalled = command.stopped().get() instanceof Stop.Signalled;
      return codes.code(
          signalled ? Outcome.INTERRUPTED : Outcome.READER_GONE,
          Optional.empty(),
          command.stopped());
    }
    return failure.isPresent() && summary.exitCode() == 0
        ? codes.code(Outcome.FAILED, Optional.empty(), Optional.empty())
        : summary.exitCode();
  }

  /// Waits for the reader to take the last lines: as long as it likes, unless the run was ended
  /// early, somebody wants it to end now, or there is a limit to the whole.
  private static boolean drain(
      RunFlags flags, JsonOutput output, CommandRun command, Summary summary)
      throws InterruptedException {
    var regular =
        summary.outcome() == Outcome.SUCCEEDED || summary.outcome() == Outcome.COMMAND_FAILED;
    var patience = flags.timeout().map(it -> it.minus(summary.elapsed())).orElse(FOR_EVER);
    if (!regular || patience.compareTo(LAST_LINES) < 0) {
      return output.drain(LAST_LINES);
    }
    var deadline = System.nanoTime() + patience.toNanos();
    while (command.stopped().isEmpty() && System.nanoTime() < deadline) {
      if (output.drain(LOOK)) {
        return true;
      }
      if (output.isGone()) {
        return false;
      }
    }
    return output.drain(LAST_LINES);
  }
}
