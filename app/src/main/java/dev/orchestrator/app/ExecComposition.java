package dev.orchestrator.app;

import dev.orchestrator.app.flags.CommandLines;
import dev.orchestrator.app.flags.ExecFlags;
import dev.orchestrator.app.flags.RunFlags.Format;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.AgentRun;
import dev.orchestrator.engine.Door;
import dev.orchestrator.engine.ExitPolicy;
import dev.orchestrator.engine.Stop;
import dev.orchestrator.engine.agent.AgentRequest;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.bus.EventBus;
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.journal.Journal;
import dev.orchestrator.engine.model.ModelClient;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Signal;
import dev.orchestrator.engine.record.RunFolder;
import dev.orchestrator.engine.sandbox.NoSandbox;
import dev.orchestrator.engine.sandbox.Sandboxes;
import dev.orchestrator.engine.settings.Settings;
import dev.orchestrator.engine.tool.Questions;
import dev.orchestrator.headless.ExitCode;
import dev.orchestrator.headless.JsonOutput;
import dev.orchestrator.headless.StdioApprovals;
import dev.orchestrator.tui.terminal.LinePrompt;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// A turn of a model, built in the order in which its parts depend on each other and closed in
/// reverse.
final class ExecComposition {
  private final Home home;
  private final PrintStream out;
  private final PrintStream err;

  ExecComposition(Home home, PrintStream out, PrintStream err) {
    this.home = home;
    this.out = out;
    this.err = err;
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
                Parts.records(flags.runsDir(), asked.directory(), home), asked.task(), asked.run());
    var begun = wanted == null ? null : Parts.begin(wanted);
    var obstacle = begun == null ? null : begun.obstacle();
    var folder = obstacle == null ? wanted : null;
    var request = asked.kept(folder == null ? null : folder.folder(), obstacle);
    var terminals = Parts.terminals();
    var tree = Tree.adopting(request.run().value());
    var stopper = new AtomicReference<@Nullable AgentRun>();
    try (var output = Parts.output(flags.format(), it -> stop(stopper, it));
        var journal = begun == null ? null : begun.journal();
        var note = Parts.note(home, request.run(), tree, folder);
        var bus =
            EventBus.start(
                InstantSource.system(),
                journal == null ? Journal.none() : journal,
                Parts.subscribers(output, folder, flags.summaryFile(), flags.task().isPresent()),
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
      var door = door(flags, access, bus, stopper);
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
              Access.plans(),
              RandomGenerator.getDefault());
      stopper.set(agent);
      Signals.onEnd(signal -> agent.stop(new Stop.Signalled(signal)));
      var ended = agent.run();
      bus.drain();
      return finish(flags, output, agent, ended);
    }
  }

  private static void stop(AtomicReference<@Nullable AgentRun> stopper, Stop reason) {
    var agent = stopper.get();
    if (agent != null) {
      agent.stop(reason);
    }
  }

  private Door door(
      ExecFlags flags, Access access, EventBus bus, AtomicReference<@Nullable AgentRun> stopper)
      throws UsageError {
    var confined = !access.setting().confinement().isNone();
    var probe = confined ? Optional.of(access.probe()) : Optional.<Sandboxes.Probe>empty();
    var desk = new Desk(bus, flags.deadline());
    attach(flags, desk, stopper);
    return new Door(
        access.judge(),
        desk,
        new Questions(desk, access.grants(), access.log(), access.setting()),
        probe.map(Sandboxes.Probe::sandbox).orElseGet(NoSandbox::new),
        probe.map(Sandboxes.Probe::report));
  }

  /// Lets somebody answer: a program on standard input, or a person at the terminal.
  private static void attach(
      ExecFlags flags, Desk desk, AtomicReference<@Nullable AgentRun> stopper) {
    switch (flags.asking()) {
      case STDIO -> StdioApprovals.start(desk, new FileInputStream(FileDescriptor.in));
      case TERMINAL -> {
        if (flags.format() == Format.HUMAN
            && Posix.isTerminal(Parts.STDIN)
            && Posix.isTerminal(Parts.STDERR)) {
          LinePrompt.attach(
              desk,
              System.getenv("NO_COLOR") == null,
              () -> stop(stopper, new Stop.Signalled(Signal.INT)));
        }
      }
      case NONE -> {}
    }
  }

  private static ExitPolicy codes(ExecFlags flags) {
    if (flags.format() == Format.JSON) {
      return ExitCode.AS_CODEX;
    }
    return flags.codeOfTurn() ? ExitCode.OF_TURN : ExitCode.CONTRACT;
  }

  private int finish(
      ExecFlags flags, @Nullable JsonOutput output, AgentRun agent, AgentRun.Ended ended)
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
    if (completed && output == null && last != null) {
      out.println(last);
      out.flush();
    }
    if (summary.outcome() != Outcome.SUCCEEDED && !flags.quiet()) {
      say(summary.reason() + (ended.turn().advice().isEmpty() ? "" : "; " + ended.turn().advice()));
    }
    return written ? summary.exitCode() : Math.max(1, summary.exitCode());
  }

  private void say(String message) {
    err.println(CommandLines.NAME + ": " + OsText.printable(message));
  }
}
