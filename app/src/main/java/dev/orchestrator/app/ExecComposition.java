package dev.orchestrator.app;

import dev.orchestrator.app.flags.AccessFlags.Asking;
import dev.orchestrator.app.flags.CommandLines;
import dev.orchestrator.app.flags.ExecFlags;
import dev.orchestrator.app.flags.RunFlags.Format;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.AgentRun;
import dev.orchestrator.engine.Door;
import dev.orchestrator.engine.ExitPolicy;
import dev.orchestrator.engine.MaskedFacts;
import dev.orchestrator.engine.Stop;
import dev.orchestrator.engine.agent.AgentRequest;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.bus.EventBus;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.Subscriber;
import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.journal.Journal;
import dev.orchestrator.engine.model.ModelClient;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Signal;
import dev.orchestrator.engine.posix.Tty;
import dev.orchestrator.engine.record.RunFolder;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.settings.Settings;
import dev.orchestrator.headless.AskProgram;
import dev.orchestrator.headless.ExitCode;
import dev.orchestrator.headless.HumanOutput;
import dev.orchestrator.headless.JsonOutput;
import dev.orchestrator.headless.NotifyProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A turn of a model, built in the order in which its parts depend on each other and closed in
/// reverse.
final class ExecComposition {
  /// How long a reader of a stopped run has.
  private static final Duration SHOWING = Duration.ofSeconds(1);

  /// Columns of a terminal that does not know its width.
  private static final int NARROW = 60;

  private final Invocation invocation;
  private final Probing probing;
  private final long startedNanos = System.nanoTime();

  ExecComposition(Invocation invocation, Probing probing) {
    this.invocation = invocation;
    this.probing = probing;
  }

  /// Runs one turn.
  ///
  /// @param asked without the folder of its record
  /// @return the code to end with
  int run(ExecFlags flags, AgentRequest asked, Access access, ModelClient model, Settings settings)
      throws UsageError, IOException, InterruptedException {
    var wanted =
        flags.ephemeral()
            ? null
            : new RunFolder(
                Parts.records(flags.runsDir(), settings, asked.directory(), invocation),
                asked.task(),
                asked.run());
    var begun = wanted == null ? null : Parts.begin(wanted);
    var obstacle = begun == null ? null : begun.obstacle();
    var folder = obstacle == null ? wanted : null;
    var request = asked.kept(folder == null ? null : folder.folder(), obstacle);
    var terminals = Parts.terminals(invocation);
    var tree = Tree.adopting(request.run().value());
    var stopper = new AtomicReference<@Nullable AgentRun>();
    try (var output = Parts.output(invocation, flags.format(), it -> stop(stopper, it));
        var journal = begun == null ? null : begun.journal();
        var note = Parts.note(invocation.home(), request.run(), tree, folder);
        var human = output == null ? human(flags, request, access, settings) : null;
        var bus =
            EventBus.start(
                InstantSource.system(),
                journal == null ? Journal.none() : journal,
                subscribers(flags, folder, lines(output, stopper), human),
                failure ->
                    stop(stopper, new Stop.RecordFailed(String.valueOf(failure.getMessage()))))) {
      var told = new MaskedFacts(bus, request.redaction());
      var toldHuman = human == null ? told : new MaskedFacts(human.ahead(bus), request.redaction());
      var sessions = Parts.sessions(invocation, told, output, tree, terminals, folder);
      var door = door(flags, request, access, toldHuman, settings, stopper);
      var agent =
          new AgentRun(
              request,
              bus,
              sessions,
              tree,
              note,
              codes(flags),
              door,
              model,
              invocation.plans(),
              RandomGenerator.getDefault());
      stopper.set(agent);
      Signals.onEnd(signal -> agent.stop(new Stop.Signalled(signal)));
      var ended = agent.run();
      bus.drain();
      var shown = human == null || shown(human, agent);
      if (folder != null) {
        var whole = Duration.ofNanos(System.nanoTime() - startedNanos);
        Parts.count(folder, flags.format(), ended.summary(), door.questions(), whole);
      }
      var code = finish(flags, request, settings, output, agent, ended);
      return shown ? code : Math.max(1, code);
    }
  }

  /// Waits until a person can see everything; a run that was stopped does not wait for a reader.
  private static boolean shown(HumanOutput human, AgentRun agent) throws InterruptedException {
    while (true) {
      var begun = System.nanoTime();
      if (human.drain(SHOWING)) {
        return true;
      }
      // Sooner, it is not the reader who is slow: it cannot be shown.
      var isSlow = System.nanoTime() - begun >= SHOWING.toNanos();
      if (!isSlow || agent.stopped().isPresent()) {
        return false;
      }
    }
  }

  private @Nullable Subscriber lines(
      @Nullable JsonOutput output, AtomicReference<@Nullable AgentRun> stopper) {
    if (output == null || !CodexSdk.isCaller(invocation)) {
      return output;
    }
    return CodexSdk.withoutAbort(
        output,
        () -> {
          var agent = stopper.get();
          return agent != null
              && agent.stopped().orElse(null) instanceof Stop.Signalled(var signal)
              && signal.equals(Signal.TERM);
        });
  }

  private static void stop(AtomicReference<@Nullable AgentRun> stopper, Stop reason) {
    var agent = stopper.get();
    if (agent != null) {
      agent.stop(reason);
    }
  }

  private HumanOutput human(
      ExecFlags flags, AgentRequest request, Access access, Settings settings) {
    var terminal = Tty.isTerminal(Parts.STDERR);
    var header =
        new HumanOutput.Header(
            "Codex Orchestrator " + Main.VERSION,
            request.directory(),
            request.model().name(),
            request.context().provider(),
            request.context().approvalPolicy(),
            sandbox(access),
            settings.text("model_reasoning_effort").orElse("default"),
            settings.text("model_reasoning_summary").orElse("auto"),
            request.promptText());
    var look =
        new HumanOutput.Look(
            HumanOutput.Look.usesColour(
                flags.color(),
                terminal,
                invocation.variable("NO_COLOR"),
                invocation.variable("TERM")),
            terminal,
            Tty.isTerminal(Parts.STDOUT),
            flags.quiet(),
            !settings.flag("hide_agent_reasoning").orElse(false),
            asksHere(flags));
    return HumanOutput.start(
        invocation.out(),
        invocation.err(),
        header,
        look,
        () -> Tty.windowSize(Parts.STDERR).map(WindowSize::columns).orElse(NARROW),
        InstantSource.system());
  }

  /// In Codex's words.
  private static String sandbox(Access access) {
    var confinement = access.setting().confinement();
    var level = confinement.level().text();
    if (confinement.level() != Level.WORKSPACE_WRITE) {
      return level;
    }
    var roots =
        confinement.writable().stream()
            .map(it -> it.equals(access.directory()) ? "workdir" : it.toString())
            .toList();
    return level
        + " ["
        + String.join(", ", roots)
        + "]"
        + (confinement.network() ? " (network access enabled)" : "");
  }

  private static List<Subscriber> subscribers(
      ExecFlags flags,
      @Nullable RunFolder folder,
      @Nullable Subscriber output,
      @Nullable HumanOutput human) {
    var subscribers =
        new ArrayList<>(
            Parts.subscribers(output, folder, flags.summaryFile(), flags.task().isPresent()));
    if (human != null) {
      subscribers.add(human);
    }
    return subscribers;
  }

  private Door door(
      ExecFlags flags,
      AgentRequest request,
      Access access,
      EventSink events,
      Settings settings,
      AtomicReference<@Nullable AgentRun> stopper)
      throws UsageError, InterruptedException {
    var probe = probing.await();
    var desk = new Desk(events, flags.deadline());
    attach(flags, desk, stopper);
    settings
        .words("orchestrator.on_approval")
        .filter(it -> !it.isEmpty())
        .ifPresent(words ->
            AskProgram.attach(
                desk,
                words,
                request.directory(),
                outside(),
                request.redaction(),
                request.run(),
                ProcessHandle.current().pid(),
                this::say));
    return Parts.door(access, desk, probe.orElse(null));
  }

  /// Lets somebody answer: a program on standard input, or a person at the terminal.
  private void attach(ExecFlags flags, Desk desk, AtomicReference<@Nullable AgentRun> stopper) {
    Parts.attach(
        invocation,
        flags.asking(),
        desk,
        asksHere(flags),
        () -> stop(stopper, new Stop.Signalled(Signal.INT)));
  }

  /// Whether a person can be asked: one who sees standard error and whose keys are nobody else's.
  private static boolean asksHere(ExecFlags flags) {
    return flags.format() == Format.HUMAN
        && flags.asking() == Asking.TERMINAL
        && Tty.isTerminal(Parts.STDIN)
        && Tty.isTerminal(Parts.STDERR);
  }

  /// Our environment for programs that are no part of the run.
  private Map<String, String> outside() {
    var environment = new HashMap<>(invocation.variables());
    environment.remove(Tree.MARK);
    return environment;
  }

  private static ExitPolicy codes(ExecFlags flags) {
    if (flags.format() == Format.JSON) {
      return ExitCode.AS_CODEX;
    }
    return flags.codeOfTurn() ? ExitCode.OF_TURN : ExitCode.CONTRACT;
  }

  private int finish(
      ExecFlags flags,
      AgentRequest request,
      Settings settings,
      @Nullable JsonOutput output,
      AgentRun agent,
      AgentRun.Ended ended)
      throws InterruptedException, IOException {
    var summary = ended.summary();
    var written =
        output == null
            || Parts.drain(output, flags.timeout(), summary, () -> agent.stopped().isPresent());
    var completed =
        switch (summary.outcome()) {
          case SUCCEEDED, REFUSED, UNANSWERED -> ended.turn().failure() == null;
          default -> false;
        };
    var last = ended.turn().lastMessage();
    if (completed && flags.lastMessage().isPresent()) {
      Files.writeString(flags.lastMessage().get(), last == null ? "" : last);
    }
    if (completed && flags.lastMessage().isPresent() && last == null) {
      say("the model has said nothing; " + flags.lastMessage().get() + " is empty");
    }
    if (summary.outcome() != Outcome.SUCCEEDED) {
      tell(flags, ended);
    }
    if (completed) {
      notify(request, settings, last);
    }
    return written ? summary.exitCode() : Math.max(1, summary.exitCode());
  }

  /// What a failed turn has said already is not said twice.
  private void tell(ExecFlags flags, AgentRun.Ended ended) {
    var told = flags.format() == Format.HUMAN && ended.turn().failure() != null;
    var advice = ended.turn().advice();
    if (!told) {
      var reason = String.valueOf(ended.summary().reason());
      say(advice.isEmpty() ? reason : reason.replaceFirst("\\.$", "") + "; " + advice);
    } else if (!advice.isEmpty()) {
      say(advice);
    }
  }

  private void notify(AgentRequest request, Settings settings, @Nullable String last) {
    settings
        .words("notify")
        .filter(it -> !it.isEmpty())
        .ifPresent(words ->
            new NotifyProgram(words, request.directory(), outside(), request.redaction(), this::say)
                .tell(
                    new NotifyProgram.Turn(
                        request.thread().id(),
                        request.context().turnId(),
                        request.directory(),
                        List.of(request.promptText()),
                        last)));
  }

  private void say(String message) {
    invocation.err().println(CommandLines.NAME + ": " + OsText.printable(message));
  }
}
