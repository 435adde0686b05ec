package dev.orchestrator.app.bench;

import dev.orchestrator.engine.bus.EventBus;
import dev.orchestrator.engine.event.Bytes;
import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.Event.OutputAppended;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.journal.Journal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/// Facts through the bus and its journal to one subscriber, and through a journal alone.
@BenchmarkMode(Mode.Throughput)
@Fork(1)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
public class BusBenchmark {
  /// Names the folder that journals are written to.
  static final String FOLDER = "orchestrator.bench.folder";

  private static final Event FACT =
      new OutputAppended(
          new SessionId("s1"), Channel.STDOUT, 1_000_000, Bytes.of("x".repeat(4096)), true);

  /// A journal in a new file.
  private static Journal open(String name) throws IOException {
    var file = Path.of(System.getProperty(FOLDER, "")).resolve(name);
    Files.deleteIfExists(file);
    return Journal.open(file);
  }

  /// A bus as in a run: journal first, then a subscriber.
  @State(Scope.Benchmark)
  public static class Running {
    private Journal journal;
    private EventBus bus;
    private long seen;

    /// Starts it.
    @Setup(Level.Trial)
    public void start() throws IOException, InterruptedException {
      journal = open("bus.jsonl");
      bus =
          EventBus.start(
              InstantSource.system(),
              journal,
              List.of((envelope, _) -> seen = envelope.sequence()),
              _ -> {});
    }

    /// Ends it when everything has been written.
    @TearDown(Level.Trial)
    public void stop() {
      bus.close();
      journal.close();
      if (seen == 0) {
        throw new IllegalStateException("the subscriber saw nothing");
      }
    }
  }

  /// A journal without a bus.
  @State(Scope.Thread)
  public static class Alone {
    private static final Envelope ENVELOPE =
        new Envelope(1_000_000, Instant.parse("2026-01-01T00:00:00Z"), FACT);

    private Journal journal;

    /// Opens it.
    @Setup(Level.Trial)
    public void open() throws IOException {
      journal = BusBenchmark.open("journal.jsonl");
    }

    /// Closes it.
    @TearDown(Level.Trial)
    public void close() {
      journal.close();
    }
  }

  /// One thread tells facts as fast as the bus takes them.
  @Benchmark
  @Threads(1)
  public void onePublisher(Running it) {
    it.bus.publish(FACT);
  }

  /// Two threads do.
  @Benchmark
  @Threads(2)
  public void twoPublishers(Running it) {
    it.bus.publish(FACT);
  }

  /// The same lines, written by the thread that has the facts.
  @Benchmark
  @Threads(1)
  public void journalAlone(Alone it) throws IOException {
    it.journal.accept(Alone.ENVELOPE, false);
  }
}
