package dev.orchestrator.app.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Measures everything in one go and prints one table.
///
/// Exit code 1: something could not be measured, or a budget that does not depend on the machine is
/// exceeded by more than chance explains.
public final class Benchmarks {
  /// A slow machine gets a shorter table, not a longer run.
  private static final Duration NO_MORE_AFTER = Duration.ofMinutes(4);

  private final Table table = new Table();
  private final List<String> unmeasured = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final List<String> asked;

  private Benchmarks(List<String> asked) {
    this.asked = asked;
  }

  /// Runs the parts that are named, or all.
  public static void main(String[] arguments) throws IOException {
    System.exit(new Benchmarks(List.of(arguments)).run());
  }

  private int run() throws IOException {
    var folder = Distribution.locate();
    try (var place = new Workplace(folder.resolveSibling("bench"))) {
      var watch = new Watch(place);
      // After a signal nothing below runs to its end. After a regular end this finds nothing to do.
      var cleanUp =
          new Thread(() -> {
            watch.stop();
            place.remove();
          });
      Runtime.getRuntime().addShutdownHook(cleanUp);
      var machine = Machine.describe();
      measure(watch, Distribution.ask(folder, watch), place);
      var out = new PrintStream(System.out, true, UTF_8);
      out.printf("%n%s; then %s%n%n%s%n", machine, Machine.load(), table.text());
    }
    unmeasured.forEach(it -> System.err.println("bench: no time was left for: " + it));
    failures.addAll(table.failures());
    failures.forEach(it -> System.err.println("bench failed: " + it));
    return failures.isEmpty() ? 0 : 1;
  }

  private void measure(Watch watch, Distribution distribution, Workplace place) {
    var floods = new FloodBenchmark(new Flood(watch, distribution, place), place);
    part("start", "orchestrator run -- true", new StartBenchmark(watch, distribution)::measure);
    part(
        "command",
        "one command in a running engine, 200 times",
        () -> CommandOverhead.rows(watch, distribution));
    part(
        "confined",
        "orchestrator run -s workspace-write -- true",
        new StartBenchmark(watch, distribution)::confined);
    part(
        "exec",
        "orchestrator exec, a model that calls true",
        new ExecBenchmark(watch, distribution, place)::measure);
    part(
        "sandbox",
        "plan, policy and sandbox of one command in a running engine, 200 times",
        () -> SandboxOverhead.rows(watch, distribution));
    part(
        "bus",
        "the bus",
        () -> {
          var rows = new ArrayList<>(BusRows.measure(place, distribution));
          rows.addAll(BusLatency.rows(watch, distribution));
          return rows;
        });
    part("flood", "orchestrator run --json=full, 100 MB of output", floods::drain);
    part("memory", "orchestrator run --json=full, until memory would show", floods::endure);
  }

  private interface Part {
    List<Row> measure() throws IOException;
  }

  private void part(String name, String title, Part part) {
    if (!asked.isEmpty() && !asked.contains(name)) {
      return;
    }
    if (Progress.elapsed().compareTo(NO_MORE_AFTER) > 0) {
      unmeasured.add(name);
      return;
    }
    Progress.say(name + ": " + title);
    try {
      table.add(title, part.measure());
    } catch (IOException | RuntimeException e) {
      // One part that cannot be measured must not hide the others.
      failures.add("%s: %s".formatted(name, e));
    }
  }
}
