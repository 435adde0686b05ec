package dev.orchestrator.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/// Runs [BusBenchmark] under JMH, with the distribution's flags.
final class BusRows {
  private BusRows() {}

  static List<Row> measure(Workplace place, Distribution distribution) throws IOException {
    // The lock is a file in the system's temporary folder that JMH never deletes.
    System.setProperty("jmh.ignoreLock", "true");
    var flags = new ArrayList<>(distribution.flags());
    flags.add("-D" + BusBenchmark.FOLDER + "=" + place.folder());
    var options =
        new OptionsBuilder()
            .include(BusBenchmark.class.getName())
            .jvmArgs(flags.toArray(String[]::new))
            .shouldFailOnError(true)
            .output(place.file("jmh.log").toString())
            .build();
    try {
      var results = List.copyOf(new Runner(options).run());
      var alone = perSecond(results, "journalAlone");
      return List.of(
          row("one publisher", perSecond(results, "onePublisher"), alone),
          row("two publishers", perSecond(results, "twoPublishers"), alone));
    } catch (RunnerException e) {
      throw new IOException("JMH: " + e.getMessage(), e);
    }
  }

  private static Row row(String what, double ours, double alone) {
    return Row.of(what, Amount.factsPerSecond(ours))
        .beside("a journal without a bus", Amount.factsPerSecond(alone));
  }

  private static double perSecond(List<RunResult> results, String method) throws IOException {
    return results.stream()
        .filter(it -> it.getParams().getBenchmark().endsWith("." + method))
        .findFirst()
        .orElseThrow(() -> new IOException("JMH did not run " + method))
        .getPrimaryResult()
        .getScore();
  }
}
