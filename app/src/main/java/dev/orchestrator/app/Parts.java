package dev.orchestrator.app;

import dev.orchestrator.app.flags.AccessFlags.Asking;
import dev.orchestrator.app.flags.RunFlags.Format;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.Door;
import dev.orchestrator.engine.Stop;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.event.Subscriber;
import dev.orchestrator.engine.event.Summary;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.exec.terminal.Terminals;
import dev.orchestrator.engine.journal.Journal;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.record.LiveNote;
import dev.orchestrator.engine.record.Manifest;
import dev.orchestrator.engine.record.Metrics;
import dev.orchestrator.engine.record.RunFolder;
import dev.orchestrator.engine.record.SummaryFiles;
import dev.orchestrator.engine.sandbox.NoSandbox;
import dev.orchestrator.engine.sandbox.Sandboxes;
import dev.orchestrator.engine.settings.Settings;
import dev.orchestrator.engine.tool.Questions;
import dev.orchestrator.engine.wire.JsonlEncoder.Dialect;
import dev.orchestrator.headless.JsonOutput;
import dev.orchestrator.headless.StdioApprovals;
import dev.orchestrator.tui.terminal.LinePrompt;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What every run is made of, whatever it runs.
final class Parts {
  static final int STDIN = 0;
  static final int STDOUT = 1;
  static final int STDERR = 2;

  /// How long the last lines may take when the run was ended from outside.
  private static final Duration LAST_LINES = Duration.ofSeconds(2);

  /// How long a command may wait for a reader of its facts: hardly, unless it is a disk, which
  /// always catches up.
  private static final Duration READER_PATIENCE = Duration.ofMillis(50);

  private static final Duration DISK_PATIENCE = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration FOR_EVER = Duration.ofDays(365);

  private Parts() {}

  /// Where runs are kept: where the command line says, or else the settings, or else the
  /// environment, or else with the project.
  static Path records(
      Optional<Path> runsDir, Settings settings, Path directory, Invocation invocation) {
    return runsDir
        .or(() -> Configuration.runs(settings))
        .or(() -> invocation.said("ORCHESTRATOR_RUNS").map(Path::of))
        .map(invocation.directory()::resolve)
        .orElseGet(() -> RunFolder.rootFor(directory, invocation.home().folder()));
  }

  /// A journal, or why there is none.
  record Begun(@Nullable Journal journal, @Nullable String obstacle) {}

  /// A record that cannot be begun is a run that fails, with a summary like any other.
  static Begun begin(RunFolder folder) {
    try {
      folder.create();
      return new Begun(Journal.open(folder.journal()), null);
    } catch (IOException e) {
      return new Begun(null, String.valueOf(e.getMessage()));
    }
  }

  /// @throws UsageError if the environment asks for terminals that do not exist
  static Terminals terminals(Invocation invocation) throws UsageError {
    try {
      return Terminals.choose(invocation.said(Terminals.CHOICE).orElse(""));
    } catch (IllegalArgumentException e) {
      throw new UsageError(String.valueOf(e.getMessage()));
    }
  }

  static LiveNote note(Home home, RunId run, Tree tree, @Nullable RunFolder folder) {
    return new LiveNote(
        Optional.of(home.note(run)),
        run,
        tree.limitMark(),
        folder == null ? null : folder.folder());
  }

  /// The sessions of a run.
  static Sessions sessions(
      Invocation invocation,
      EventSink events,
      @Nullable JsonOutput output,
      Tree tree,
      Terminals terminals,
      @Nullable RunFolder folder) {
    return new Sessions(
        events,
        output == null ? ReaderPace.UNLIMITED : output,
        tree,
        terminals,
        folder == null ? null : folder.spool(),
        invocation.said(Tree.MARK).orElse(""));
  }

  /// What can confine commands here; empty if nothing is to be confined, and then nothing is tried.
  ///
  /// @throws UsageError if the environment asks for a sandbox that does not exist
  static Optional<Sandboxes.Probe> probe(Access access, Invocation invocation) throws UsageError {
    return access.setting().confinement().isNone()
        ? Optional.empty()
        : Optional.of(access.probe(invocation));
  }

  /// What every call goes through.
  ///
  /// @param probe as [#probe] found it; null if nothing is to be confined
  static Door door(Access access, Desk desk, Sandboxes.@Nullable Probe probe) {
    return new Door(
        access.judge(),
        desk,
        new Questions(desk, access.grants(), access.log(), access.setting()),
        probe == null ? new NoSandbox() : probe.sandbox(),
        Optional.ofNullable(probe).map(Sandboxes.Probe::report));
  }

  /// Lets somebody answer: a program on standard input, or a person at the terminal.
  ///
  /// @param isPerson whether there is one who sees standard error and whose keys are nobody else's
  /// @param interrupt what Ctrl-C at a question does
  static void attach(
      Invocation invocation, Asking asking, Desk desk, boolean isPerson, Runnable interrupt) {
    switch (asking) {
      case STDIO -> StdioApprovals.start(desk, invocation.in());
      case TERMINAL -> {
        if (isPerson) {
          LinePrompt.attach(desk, invocation.variable("NO_COLOR") == null, interrupt);
        }
      }
      case NONE -> {}
    }
  }

  /// Lines for a program that reads them; null if nobody asked for lines.
  static @Nullable JsonOutput output(Invocation invocation, Format format, Consumer<Stop> stop) {
    var dialect =
        switch (format) {
          case HUMAN -> null;
          case JSON -> Dialect.CODEX;
          case JSON_FULL -> Dialect.FULL;
        };
    return dialect == null
        ? null
        : JsonOutput.start(
            invocation.out(),
            dialect,
            Processes.isFile(STDOUT) ? DISK_PATIENCE : READER_PATIENCE,
            () -> Posix.isReaderGone(STDOUT),
            () -> stop.accept(new Stop.ReaderGone()));
  }

  /// Whoever is told what happens, besides the journal.
  ///
  /// @param isNamed whether the user has named the task
  static List<Subscriber> subscribers(
      @Nullable Subscriber output,
      @Nullable RunFolder folder,
      Optional<Path> summaryFile,
      boolean isNamed) {
    var subscribers = new ArrayList<Subscriber>();
    if (output != null) {
      subscribers.add(output);
    }
    if (folder != null) {
      subscribers.add(new Manifest(folder.manifest()));
    }
    var summaries = new ArrayList<Path>();
    summaryFile.ifPresent(summaries::add);
    if (folder != null && isNamed) {
      summaries.add(folder.state());
    }
    if (!summaries.isEmpty()) {
      subscribers.add(new SummaryFiles(summaries));
    }
    return subscribers;
  }

  /// Waits for the reader to take the last lines: as long as it likes, unless the run was ended
  /// early, somebody wants it to end now, or there is a limit to the whole.
  ///
  /// @param isStopped whether somebody wants the run to end
  static boolean drain(
      JsonOutput output, Optional<Duration> limit, Summary summary, BooleanSupplier isStopped)
      throws InterruptedException {
    var regular =
        switch (summary.outcome()) {
          case SUCCEEDED, COMMAND_FAILED, REFUSED, UNANSWERED, BLOCKED -> true;
          default -> false;
        };
    var patience = limit.map(it -> it.minus(summary.elapsed())).orElse(FOR_EVER);
    if (!regular || patience.compareTo(LAST_LINES) < 0) {
      return output.drain(LAST_LINES);
    }
    var deadline = System.nanoTime() + patience.toNanos();
    while (!isStopped.getAsBoolean() && System.nanoTime() < deadline) {
      if (output.drain(LOOK)) {
        return true;
      }
      if (output.isGone()) {
        return false;
      }
    }
    return output.drain(LAST_LINES);
  }

  /// Adds the run to the task's numbers.
  ///
  /// @param whole from the start of the program
  static void count(
      RunFolder folder, Format format, Summary summary, Questions questions, Duration whole) {
    var name =
        switch (format) {
          case HUMAN -> "human";
          case JSON -> "json";
          case JSON_FULL -> "json_full";
        };
    try {
      new Metrics(folder.metrics())
          .add(
              new Metrics.Sample(
                  name,
                  summary.outcome(),
                  whole.minus(summary.elapsed()),
                  summary.elapsed(),
                  questions.asked(),
                  questions.reused()));
    } catch (IOException e) {
      log().log(System.Logger.Level.WARNING, "metrics were not counted: {0}", e.getMessage());
    }
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(Parts.class.getName());
  }
}
