package dev.orchestrator.app.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// How long the smallest run takes, how much memory, and how long a confined one takes.
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

  /// The same confined, beside the sandbox's program with the fewest options that hold anything.
  List<Row> confined() throws IOException {
    if (watch.run(distribution.doctor()).output().contains("\"sandbox\":\"none\"")) {
      return List.of(Row.of("no sandbox works here", Amount.none()));
    }
    var run = distribution.run(List.of("-s", "workspace-write", "--", "true"));
    var bwrap = List.of("bwrap", "--unshare-all", "--ro-bind", "/", "/", "true");
    var hasBwrap = works(bwrap);
    var ours = new ArrayList<Double>();
    var bwraps = new ArrayList<Double>();
    watch.run(run);
    for (var round = 0; round < ROUNDS; round++) {
      ours.add(watch.run(run).seconds() * 1000);
      if (hasBwrap) {
        bwraps.add(watch.run(bwrap).seconds() * 1000);
      }
    }
    var sample = new Sample(ours);
    var median = Row.of("median of " + ROUNDS, Amount.millis(sample.median()));
    var fastest = Row.of("fastest", Amount.millis(sample.least()));
    if (!hasBwrap) {
      return List.of(median, fastest);
    }
    var name = String.join(" ", bwrap);
    var beside = new Sample(bwraps);
    return List.of(
        median.beside(name, Amount.millis(beside.median())),
        fastest.beside(name, Amount.millis(beside.least())));
  }

  private boolean works(List<String> words) {
    try {
      watch.run(words);
      return true;
    } catch (IOException e) {
      Progress.say("left out: " + e.getMessage());
      return false;
    }
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
