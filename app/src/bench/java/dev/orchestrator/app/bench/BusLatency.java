package dev.orchestrator.app.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orchestrator.engine.bus.EventBus;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.TurnStarted;
import dev.orchestrator.engine.journal.Journal;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.locks.LockSupport;

/// How long a fact is on its way to a subscriber when the bus is idle, as it mostly is.
///
/// [#main] is the measured program, in the distribution's Java. It tells a fact every millisecond,
/// so that every subscriber is asleep when the next one comes.
final class BusLatency {
  private static final int FACTS = 2200;

  /// The first facts load classes.
  private static final int WARM_UP = 200;

  private static final Duration PAUSE = Duration.ofMillis(1);

  private BusLatency() {}

  /// Prints how many nanoseconds each fact took, through the bus and through a queue.
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var out = new PrintStream(System.out, true, UTF_8);
    out.println(line("bus", throughBus()));
    out.println(line("queue", throughQueue()));
  }

  private static String line(String name, long[] nanos) {
    return Sample.line(
        name, Arrays.stream(nanos).skip(WARM_UP).mapToObj(it -> (double) it).toList());
  }

  private static long[] throughBus() throws IOException, InterruptedException {
    var folder = Files.createDirectories(Path.of("latency").toAbsolutePath());
    var nanos = new long[FACTS];
    try (var journal = Journal.open(folder.resolve("journal.jsonl"));
        var bus =
            EventBus.start(
                InstantSource.system(),
                journal,
                List.of((envelope, _) -> arrive(nanos, (int) envelope.sequence())),
                _ -> {})) {
      for (var index = 0; index < FACTS; index++) {
        LockSupport.parkNanos(PAUSE.toNanos());
        nanos[index] = System.nanoTime();
        bus.publish(new TurnStarted());
      }
    }
    return nanos;
  }

  /// The cheapest way to another thread that sleeps: one wake-up, nothing written.
  private static long[] throughQueue() throws InterruptedException {
    var nanos = new long[FACTS];
    var queue = new ArrayBlockingQueue<Event>(FACTS);
    var reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                for (var index = 0; index < FACTS; index++) {
                  queue.take();
                  arrive(nanos, index);
                }
              } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
              }
            });
    for (var index = 0; index < FACTS; index++) {
      LockSupport.parkNanos(PAUSE.toNanos());
      nanos[index] = System.nanoTime();
      queue.add(new TurnStarted());
    }
    reader.join();
    return nanos;
  }

  /// The place that held when the fact was told gets how long it took.
  private static void arrive(long[] nanos, int index) {
    nanos[index] = System.nanoTime() - nanos[index];
  }

  /// Runs [#main] and makes rows of what it prints.
  static List<Row> rows(Watch watch, Distribution distribution) throws IOException {
    var measured = Sample.read(watch.run(distribution.java(BusLatency.class)).output());
    var bus = new Sample(measured.getOrDefault("bus", List.of()));
    var queue = new Sample(measured.getOrDefault("queue", List.of()));
    return List.of(row(50, bus, queue), row(99, bus, queue));
  }

  private static Row row(int percent, Sample bus, Sample queue) {
    return Row.of(
            "published to consumed, p" + percent, Amount.micros(bus.percentile(percent) / 1000))
        .beside("one queue, no journal", Amount.micros(queue.percentile(percent) / 1000));
  }
}
