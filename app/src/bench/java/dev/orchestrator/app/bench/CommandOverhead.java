package dev.orchestrator.app.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orchestrator.engine.bus.EventBus;
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.exec.SessionSpec;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.exec.Spool;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.exec.terminal.Terminals;
import dev.orchestrator.engine.journal.Journal;
import dev.orchestrator.engine.posix.Executables;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.Program;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a session costs more than the bare process, inside one running engine.
///
/// [#main] is the measured program, in the distribution's Java; [#rows] is what came of it.
final class CommandOverhead {
  /// How many commands of each kind, one after the other.
  private static final int COMMANDS = 200;

  private static final double BAR_MILLIS = 5;

  private final Sessions sessions;
  private final List<String> environment;
  private final Path directory = Path.of("").toAbsolutePath();
  private int started;

  private CommandOverhead(Sessions sessions, List<String> environment) {
    this.sessions = sessions;
    this.environment = environment;
  }

  /// Runs commands in turn as sessions and barely, and prints how many microseconds each took.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var folder = Files.createDirectories(Path.of("overhead").toAbsolutePath());
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
      var it = new CommandOverhead(sessions, Processes.ownEnvironment());
      var out = new PrintStream(System.out, true, UTF_8);
      it.measure("true", List.of("true"), out);
      it.measure("echo", List.of("echo", "a", "short", "line"), out);
    }
  }

  private void measure(String name, List<String> words, PrintStream out)
      throws IOException, InterruptedException {
    var program = new Program(words, environment, directory);
    var file = Executables.find(program);
    var ours = new ArrayList<Double>();
    var bare = new ArrayList<Double>();
    for (var round = 0; round < COMMANDS; round++) {
      var begun = System.nanoTime();
      runSession(program);
      var between = System.nanoTime();
      BareProcess.run(program, file);
      ours.add((between - begun) / 1e3);
      bare.add((System.nanoTime() - between) / 1e3);
    }
    out.println(Sample.line(name + "-ours", ours));
    out.println(Sample.line(name + "-bare", bare));
  }

  private void runSession(Program program) throws IOException, InterruptedException {
    var id = new SessionId("s" + ++started);
    var spec =
        new SessionSpec(
            id,
            null,
            program,
            Optional.empty(),
            false,
            Spool.DEFAULT_CAP_BYTES,
            Optional.empty(),
            Launch.PLAIN,
            null);
    var ended = sessions.start(spec).await();
    if (ended.fact().exit().shellCode() != 0) {
      throw new IOException("exit code " + ended.fact().exit().shellCode() + " of " + program);
    }
  }

  /// Runs [#main] and makes rows of what it prints.
  static List<Row> rows(Watch watch, Distribution distribution) throws IOException {
    var measured = Sample.read(watch.run(distribution.java(CommandOverhead.class)).output());
    var rows = new ArrayList<Row>();
    for (var name : List.of("true", "echo")) {
      var oursInTurn = measured.getOrDefault(name + "-ours", List.of());
      var bareInTurn = measured.getOrDefault(name + "-bare", List.of());
      var ours = new Sample(oursInTurn);
      var bare = new Sample(bareInTurn);
      var difference = Sample.ofDifferences(oursInTurn, bareInTurn);
      rows.add(row(name + ", p50", ours.percentile(50), bare.percentile(50)));
      rows.add(row(name + ", p95", ours.percentile(95), bare.percentile(95)));
      rows.add(Row.of(name + ", difference, p50", millis(difference.percentile(50))));
      rows.add(
          Row.of(name + ", difference, p95", millis(difference.percentile(95))).atMost(BAR_MILLIS));
    }
    return rows;
  }

  private static Row row(String what, double oursMicros, double bareMicros) {
    return Row.of(what, millis(oursMicros)).beside("bare posix_spawn", millis(bareMicros));
  }

  private static Amount millis(double micros) {
    return Amount.millisFine(micros / 1000);
  }
}
