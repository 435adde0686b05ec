package dev.orchestrator.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// How long the smallest run takes, and how much memory.
final class StartBenchmark {
  private static final int ROUNDS = 11;
  private static final int MEMORY_ROUNDS = 3;
  private static final double BAR_MILLIS = 250;
  private static final double OWN_BAR_MILLIS = 100;

  private static final String JVM = "the same java --version";

  private final Watch watch;
  private final Distribution distribution;

  StartBenchmark(Watch watch, Distribution distribution) {
    this.watch = watch;
    this.distribution = distribution;
  }

  List<Row> measure() throws IOException {
    var run = distribution.run(List.of("--", "true"));
    var sh = List.of("sh", "-c", "true");
    var java = new ArrayList<>(distribution.java());
    java.add("--version");
    var ours = new ArrayList<Double>();
    var shells = new ArrayList<Double>();
    var javas = new ArrayList<Double>();
    var oursCpu = new ArrayList<Double>();
    var javasCpu = new ArrayList<Double>();
    watch.run(run); // The first one reads the distribution from disk.
    for (var round = 0; round < ROUNDS; round++) {
      var our = watch.run(run);
      ours.add(our.seconds() * 1000);
      oursCpu.add(our.cpuSeconds() * 1000);
      shells.add(watch.run(sh).seconds() * 1000);
      var bare = watch.run(java);
      javas.add(bare.seconds() * 1000);
      javasCpu.add(bare.cpuSeconds() * 1000);
    }
    // Apart from the rounds above, because looking that often takes time.
    var peak = 0L;
    for (var round = 0; round < MEMORY_ROUNDS; round++) {
      peak = Math.max(peak, watch.withMemory(run, 1).peakBytes());
    }
    var cpu =
        Row.of("processor time, median", Amount.millis(new Sample(oursCpu).median()))
            .beside(JVM, Amount.millis(new Sample(javasCpu).median()));
    return rows(new Sample(ours), new Sample(shells), new Sample(javas), cpu, peak);
  }

  private static List<Row> rows(Sample ours, Sample shells, Sample javas, Row cpu, long peak) {
    var sh = "sh -c true";
    return List.of(
        Row.of("median of " + ROUNDS, Amount.millis(ours.median()))
            .beside(sh, Amount.millis(shells.median()))
            .atMost(BAR_MILLIS),
        Row.of("fastest", Amount.millis(ours.least())).beside(sh, Amount.millis(shells.least())),
        Row.of("less the JVM's own start", Amount.millis(ours.median() - javas.median()))
            .beside(JVM, Amount.millis(javas.median()))
            .atMost(OWN_BAR_MILLIS),
        cpu,
        Row.of("peak memory", Amount.memory(peak)));
  }
}
