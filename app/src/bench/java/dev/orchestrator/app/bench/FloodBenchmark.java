package dev.orchestrator.app.bench;

import dev.orchestrator.app.bench.Flood.Flow;
import dev.orchestrator.app.bench.Flood.Kind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// How fast output goes through, and how much memory it takes.
final class FloodBenchmark {
  private static final long FLOOD_BYTES = 100_000_000;
  private static final int ROUNDS = 5;
  private static final double PIPES_BAR_SECONDS = 0.9;
  private static final double TERMINAL_BAR_SECONDS = 1.8;

  /// The terminals that the bar is for; the bar of slower ones is longer in proportion.
  private static final double TERMINAL_BYTES_PER_SECOND = 90e6;

  private static final long LONG_BYTES = 2L << 30;
  private static final long LONG_TERMINAL_BYTES = 200_000_000;
  private static final double MEMORY_BAR_MEGABYTES = 75;

  private static final long TWO_BYTE_LINES = 20_000_000;
  private static final String CAT = "cat through a pipe";
  private static final String LOOP = "a loop that reads a terminal";

  private final Flood flood;
  private final Workplace place;

  FloodBenchmark(Flood flood, Workplace place) {
    this.flood = flood;
    this.place = place;
  }

  /// A file of ordinary text, a few times; then lines of two bytes, once.
  List<Row> drain() throws IOException {
    var file = place.file("flood.txt");
    Flood.write(file, FLOOD_BYTES);
    var script = "exec cat flood.txt";
    var rows = new ArrayList<Row>();
    Progress.say("100 MB through pipes");
    rows.addAll(
        drained("pipes", PIPES_BAR_SECONDS, CAT, flood.forTime(Kind.PIPES, script, ROUNDS)));
    Progress.say("100 MB through a terminal");
    var terminal = flood.forTime(Kind.TERMINAL, script, ROUNDS);
    rows.addAll(drained("terminal", terminalBar(terminal), LOOP, terminal));
    place.delete("flood.txt");
    Progress.say("20 MB of two-byte lines");
    var yes = "yes | head -c " + TWO_BYTE_LINES;
    rows.add(wall("pipes, 20 MB of two-byte lines", CAT, flood.forTime(Kind.PIPES, yes, 1)));
    rows.add(wall("terminal, 20 MB of two-byte lines", LOOP, flood.forTime(Kind.TERMINAL, yes, 1)));
    return rows;
  }

  private static double terminalBar(Flow flow) {
    var slower = flow.beside().median() * TERMINAL_BYTES_PER_SECOND / FLOOD_BYTES;
    return Math.round(TERMINAL_BAR_SECONDS * Math.max(1, slower) * 100) / 100.0;
  }

  private static List<Row> drained(String kind, double bar, String beside, Flow flow) {
    var shown = 100.0 * (FLOOD_BYTES - flow.skippedBytes()) / FLOOD_BYTES;
    return List.of(
        wall(kind + ", median of " + ROUNDS, beside, flow).atMost(bar),
        Row.of(kind + ", fastest", Amount.seconds(flow.ours().least()))
            .beside(beside, Amount.seconds(flow.beside().least())),
        speed(kind + ", speed", beside, FLOOD_BYTES, flow),
        cpu(kind + ", processor time", beside, flow),
        Row.of(kind + ", shown to the reader", Amount.percent(shown)));
  }

  private static Row wall(String what, String beside, Flow flow) {
    return Row.of(what, Amount.seconds(flow.ours().median()))
        .beside(beside, Amount.seconds(flow.beside().median()));
  }

  private static Row cpu(String what, String beside, Flow flow) {
    var row = Row.of(what, Amount.seconds(flow.oursCpu().median()));
    var plain = flow.besideCpu().median();
    return plain > 0 ? row.beside(beside, Amount.seconds(plain)) : row;
  }

  private static Row speed(String what, String beside, long bytes, Flow flow) {
    return Row.of(what, Amount.speed(bytes, flow.ours().median()))
        .beside(beside, Amount.speed(bytes, flow.beside().median()));
  }

  /// So much output that memory would show any part of it that is kept.
  List<Row> endure() throws IOException {
    Progress.say("200 MB through a terminal");
    var terminal = flood.forMemory(Kind.TERMINAL, Flood.longYes(LONG_TERMINAL_BYTES));
    Progress.say("2 GiB through pipes");
    var pipes = flood.forMemory(Kind.PIPES, Flood.longYes(LONG_BYTES));
    return List.of(
        speed("2 GiB through pipes, speed", CAT, LONG_BYTES, pipes),
        Row.of("2 GiB through pipes, peak memory", Amount.memory(pipes.peakBytes()))
            .never(MEMORY_BAR_MEGABYTES),
        speed("200 MB through a terminal, speed", LOOP, LONG_TERMINAL_BYTES, terminal),
        Row.of("200 MB through a terminal, peak memory", Amount.memory(terminal.peakBytes()))
            .never(MEMORY_BAR_MEGABYTES));
  }
}
