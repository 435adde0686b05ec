package dev.orchestrator.app.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orchestrator.engine.approval.Deadline;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.approval.Grants;
import dev.orchestrator.engine.approval.Judge;
import dev.orchestrator.engine.approval.Policy;
import dev.orchestrator.engine.approval.QuestionLog;
import dev.orchestrator.engine.approval.Rulebook;
import dev.orchestrator.engine.approval.Setting;
import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.bus.EventBus;
import dev.orchestrator.engine.event.Decision;
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.exec.Session;
import dev.orchestrator.engine.exec.SessionSpec;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.exec.Spool;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.exec.terminal.Terminals;
import dev.orchestrator.engine.journal.Journal;
import dev.orchestrator.engine.plan.Plans;
import dev.orchestrator.engine.posix.Executables;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.sandbox.Confinement;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinements;
import dev.orchestrator.engine.sandbox.Denial;
import dev.orchestrator.engine.sandbox.Evidence;
import dev.orchestrator.engine.sandbox.NoSandbox;
import dev.orchestrator.engine.sandbox.Sandbox;
import dev.orchestrator.engine.sandbox.Sandboxes;
import dev.orchestrator.engine.sandbox.Sandboxes.Surroundings;
import dev.orchestrator.engine.tool.Attempt;
import dev.orchestrator.engine.tool.Questions;
import dev.orchestrator.engine.tool.Tool;
import dev.orchestrator.engine.tool.ToolOrchestrator;
import dev.orchestrator.engine.tool.ToolResult;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What plan, policy and sandbox cost per command, inside one running engine.
///
/// [#main] is the measured program, in the distribution's Java; [#rows] is what came of it.
final class SandboxOverhead {
  /// How many commands of each kind, one after the other, and how many before them do not count.
  private static final int COMMANDS = 200;

  private static final int WARM_UP = 50;
  private static final double BAR_MILLIS = 5;
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /// What is planned and judged, and never run.
  private static final List<String> SCRIPT = List.of("bash", "-lc", "cd sub && git status | head");

  private static final String BUBBLEWRAP = "bubblewrap";
  private static final List<String> BACKENDS = List.of(BUBBLEWRAP, "landlock");

  private final EventBus bus;
  private final Sessions sessions;
  private final Judge judge;
  private final Questions questions;
  private final Plans plans = new Plans(System::getenv);
  private final Program program;
  private final Path file;
  private final Confinement confinement;
  private final Map<String, List<Double>> micros = new LinkedHashMap<>();
  private int started;

  private SandboxOverhead(EventBus bus, Sessions sessions, Path folder) throws IOException {
    this.bus = bus;
    this.sessions = sessions;
    var workspace = folder.resolve("workspace");
    Files.createDirectories(workspace.resolve("sub"));
    Files.writeString(Files.createDirectories(workspace.resolve(".git")).resolve("HEAD"), "x\n");
    var home = Files.createDirectories(folder.resolve("home"));
    program = new Program(List.of("true"), Processes.ownEnvironment(), workspace);
    file = Executables.find(program);
    // As a run of the program has it.
    confinement =
        Confinements.of(
            Level.WORKSPACE_WRITE,
            workspace,
            List.of(),
            List.of(),
            false,
            true,
            Optional.empty(),
            List.of(home, workspace.resolve(".runs")));
    var setting =
        new Setting(
            new Policy.OnRequest(), confinement, workspace, new RunId("overhead"), "overhead");
    var grants = new Grants(home.resolve("approvals.jsonl"));
    judge = new Judge(setting, Rulebook.EMPTY, grants);
    questions =
        new Questions(
            new Desk(bus, new Deadline.DenyAfter(PATIENCE)),
            grants,
            QuestionLog.of(home.resolve("questions"), workspace),
            setting);
  }

  /// Runs commands in turn held and barely, and prints how many microseconds each took.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var folder = Files.createDirectories(Path.of("sandbox").toAbsolutePath());
    try (var journal = Journal.open(folder.resolve("journal.jsonl"));
        var bus = EventBus.start(InstantSource.system(), journal, List.of(), _ -> {})) {
      var sessions =
          new Sessions(
              bus,
              ReaderPace.UNLIMITED,
              Tree.adopting("overhead-" + ProcessHandle.current().pid()),
              Terminals.choose(""),
              folder.resolve("spool"),
              "");
      new SandboxOverhead(bus, sessions, folder).measure(new PrintStream(System.out, true, UTF_8));
    }
  }

  private void measure(PrintStream out) throws IOException, InterruptedException {
    var doors = doors();
    for (var round = 0; round < WARM_UP + COMMANDS; round++) {
      if (round == WARM_UP) {
        micros.clear();
      }
      time("plan", this::planAndJudge);
      for (var door : doors.entrySet()) {
        var sandbox = door.getKey();
        time(sandbox.name() + "-ours", () -> runHeld(sandbox, door.getValue()));
        runBackendAlone(sandbox);
      }
      time("bare", () -> BareProcess.run(program, file));
    }
    micros.forEach((name, values) -> out.println(Sample.line(name, values)));
  }

  private Map<Sandbox, ToolOrchestrator> doors() {
    var doors = new LinkedHashMap<Sandbox, ToolOrchestrator>();
    for (var backend : BACKENDS) {
      var path = program.variable("PATH", "/usr/bin:/bin");
      var probe = Sandboxes.probe(new Surroundings(path, confinement.writable(), backend));
      if (probe.sandbox() instanceof NoSandbox) {
        probe.report().findings().stream()
            .filter(it -> !it.works())
            .forEach(it -> System.err.printf("bench: no %s: %s%n", backend, it.detail()));
      } else {
        doors.put(
            probe.sandbox(),
            new ToolOrchestrator(bus, judge, questions, probe.sandbox(), Thread::sleep));
      }
    }
    return doors;
  }

  private interface Timed {
    void run() throws IOException, InterruptedException;
  }

  private void time(String name, Timed it) throws IOException, InterruptedException {
    var begun = System.nanoTime();
    it.run();
    var taken = System.nanoTime() - begun;
    micros.computeIfAbsent(name, _ -> new ArrayList<>()).add(taken / 1e3);
  }

  private void planAndJudge() throws IOException {
    var verdict = judge.judge(subject(SCRIPT));
    if (verdict.decision() != Decision.RUN) {
      throw new IOException("not to be run: " + verdict.reasons());
    }
  }

  private Subject subject(List<String> words) {
    return new Subject.Shell(plans.ofWords(words, program.directory()), false);
  }

  /// All that is done for a confined command, from its words to its end.
  private void runHeld(Sandbox sandbox, ToolOrchestrator door)
      throws IOException, InterruptedException {
    var result = door.invoke(new Held(sandbox, subject(program.arguments())));
    if (!(result instanceof ToolResult.Completed<Session.Ended>(var ended))
        || ended.fact().exit().shellCode() != 0) {
      throw new IOException(sandbox.name() + ": " + result);
    }
  }

  /// A command of a run, but for what watches over it.
  private final class Held implements Tool<Session.Ended> {
    private final Sandbox sandbox;
    private final Subject subject;

    Held(Sandbox sandbox, Subject subject) {
      this.sandbox = sandbox;
      this.subject = subject;
    }

    @Override
    public String name() {
      return "exec_command";
    }

    @Override
    public Subject subject() {
      return subject;
    }

    @Override
    public Path directory() {
      return program.directory();
    }

    @Override
    public Session.Ended attempt(Attempt attempt) throws InterruptedException, IOException {
      var spec =
          new SessionSpec(
              new SessionId("s" + ++started),
              attempt.call(),
              program,
              Optional.empty(),
              false,
              Spool.DEFAULT_CAP_BYTES,
              Optional.empty(),
              attempt.launch(),
              null);
      var session = sessions.start(spec);
      session.whenOver(attempt.takeOver());
      return session.await();
    }

    @Override
    public List<Denial> denials(Session.Ended result, Attempt attempt) {
      return Evidence.of(
          sandbox,
          attempt.confinement(),
          directory(),
          System.getenv(),
          result.fact().exit(),
          result.output());
    }
  }

  /// What a launch would have started.
  private record Wrapped(Program program, Path file) {}

  /// The very words that the sandbox starts, with what they need in the file system, started by
  /// nobody but [BareProcess]: for Landlock, which has no words, the bare command.
  private void runBackendAlone(Sandbox sandbox) throws IOException, InterruptedException {
    try (var launch = sandbox.launch(confinement, false)) {
      var wrapped = launch.start(program, file, Wrapped::new);
      time(sandbox.name() + "-alone", () -> BareProcess.run(wrapped.program(), wrapped.file()));
    }
  }

  /// Runs [#main] and makes rows of what it prints.
  static List<Row> rows(Watch watch, Distribution distribution) throws IOException {
    var measured = Sample.read(watch.run(distribution.java(SandboxOverhead.class)).output());
    var plan = new Sample(measured.getOrDefault("plan", List.of()));
    var rows = new ArrayList<Row>();
    rows.add(Row.of("plan and verdict of a script, p50", millis(plan.percentile(50))));
    rows.add(Row.of("plan and verdict of a script, p95", millis(plan.percentile(95))));
    for (var backend : BACKENDS) {
      if (measured.containsKey(backend + "-ours")) {
        rows.addAll(rows(backend, measured));
      } else {
        rows.add(Row.of(backend + " does not work here", Amount.none()));
      }
    }
    return rows;
  }

  private static List<Row> rows(String backend, Map<String, List<Double>> measured) {
    var oursInTurn = measured.getOrDefault(backend + "-ours", List.of());
    var aloneInTurn = measured.getOrDefault(backend + "-alone", List.of());
    var ours = new Sample(oursInTurn);
    var alone = new Sample(aloneInTurn);
    var hasProgram = backend.equals(BUBBLEWRAP);
    var beside = hasProgram ? "the same bwrap alone" : "bare posix_spawn";
    var rows = new ArrayList<Row>();
    for (var percent : List.of(50, 95)) {
      rows.add(
          Row.of(backend + ", true, p" + percent, millis(ours.percentile(percent)))
              .beside(beside, millis(alone.percentile(percent))));
    }
    if (hasProgram) {
      var bareInTurn = measured.getOrDefault("bare", List.of());
      rows.addAll(
          differences(
              backend + ", beyond a bare spawn", Sample.ofDifferences(oursInTurn, bareInTurn)));
    }
    var beyond = hasProgram ? ", beyond bwrap alone" : ", beyond a bare spawn";
    rows.addAll(differences(backend + beyond, Sample.ofDifferences(oursInTurn, aloneInTurn)));
    rows.add(
        Row.of(
                backend + beyond + ", p95 less p95",
                millis(ours.percentile(95) - alone.percentile(95)))
            .atMost(BAR_MILLIS));
    return rows;
  }

  private static List<Row> differences(String what, Sample it) {
    return List.of(
        Row.of(what + ", p50", millis(it.percentile(50))),
        Row.of(what + ", p95", millis(it.percentile(95))));
  }

  private static Amount millis(double micros) {
    return Amount.millisFine(micros / 1000);
  }
}
