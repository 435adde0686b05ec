package dev.orchestrator.headless;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.Bytes;
import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.Event.ErrorReported;
import dev.orchestrator.engine.event.Event.ItemCompleted;
import dev.orchestrator.engine.event.Event.OutputAppended;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.testing.EventSchema;
import dev.orchestrator.engine.wire.JsonlEncoder.Dialect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class JsonOutputTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final Duration MOMENT = Duration.ofMillis(5);
  private static final int PIECE = 8 * 1024;
  private static final int ROOM_BYTES = 512 * 1024;

  private final Reader reader = new Reader();
  private final AtomicInteger goneCalls = new AtomicInteger();
  private final CountDownLatch gone = new CountDownLatch(1);
  private volatile boolean vanished;
  private long sequence;
  private JsonOutput output;

  @AfterEach
  void letEverybodyGo() {
    reader.readOn();
    if (output != null) {
      output.close();
    }
  }

  @Test
  void writes_every_line_of_a_fast_reader_in_order() throws Exception {
    start(Dialect.FULL);
    for (var number = 0; number < 20_000; number++) {
      tell(new ErrorReported("number " + number), number % 50 == 49);
    }
    assertThat(output.drain(LONG)).isTrue();

    assertThat(reader.lines())
        .hasSize(20_000)
        .containsExactlyElementsOf(
            IntStream.range(0, 20_000).mapToObj(JsonOutputTest::line).toList());
  }

  @Test
  void writes_pieces_of_output_that_there_is_room_for() throws Exception {
    start(Dialect.FULL);

    assertThat(output.tryTake(5)).isTrue();
    tell(piece("hello"), true);
    assertThat(output.drain(LONG)).isTrue();

    assertThat(reader.lines())
        .containsExactly(
            "{\"type\":\"exec.chunk\",\"seq\":0,\"at\":\"2026-01-01T12:00:00Z\",\"session\":\"s1\","
                + "\"stream\":\"stdout\",\"offset\":0,\"len\":5,\"text\":\"hello\"}")
        .allSatisfy(EventSchema::check);
  }

  @Test
  void leaves_output_and_lines_of_our_own_out_of_codex_dialect() throws Exception {
    start(Dialect.CODEX);

    assertThat(output.tryTake(10 * ROOM_BYTES)).isTrue();
    tell(piece("hello"), false);
    tell(new Event.InputRequested(new SessionId("s1"), "Password:", true), false);
    tell(new ErrorReported("busy"), true);
    assertThat(output.drain(LONG)).isTrue();

    assertThat(reader.lines()).containsExactly("{\"type\":\"error\",\"message\":\"busy\"}");
  }

  @Test
  void passes_on_at_once_what_came_just_before_output_it_does_not_carry() throws Exception {
    start(Dialect.CODEX);
    awaitSleep();

    tell(new ErrorReported("busy"), false);
    tell(piece("hello"), true);

    assertThat(output.drain(Duration.ofSeconds(5))).isTrue();
    assertThat(reader.lines()).hasSize(1);
  }

  @Test
  void refuses_output_after_512_kib_that_nobody_reads() throws Exception {
    start(Dialect.FULL);
    reader.stopReading();

    fill();

    assertThat(output.tryTake(1)).isFalse();
    assertThat(output.tryTake(PIECE)).isFalse();
  }

  @Test
  void takes_output_again_when_half_of_it_has_been_read() throws Exception {
    start(Dialect.FULL);
    reader.stopReading();
    fill();
    assertThat(output.tryTake(1)).isFalse();

    reader.readOn();
    assertThat(output.drain(LONG)).isTrue();

    assertThat(output.tryTake(PIECE)).isTrue();
    assertThat(String.join("", reader.lines())).hasSizeGreaterThan(ROOM_BYTES);
  }

  @Test
  void goes_on_refusing_while_more_than_half_is_unread() throws Exception {
    start(Dialect.FULL);
    reader.stopReading();
    fill();
    assertThat(output.tryTake(1)).isFalse();

    reader.readOnce();
    reader.awaitWrites(2);

    // One write of 64 KiB has been read, an eighth of all.
    assertThat(output.tryTake(1)).isFalse();
  }

  @Test
  void waits_a_moment_for_a_reader_who_is_catching_up() throws Exception {
    output = JsonOutput.start(reader, Dialect.FULL, LONG, () -> vanished, this::onGone);
    reader.stopReading();
    fill();

    var taken = new Semaphore(0);
    var taker =
        Thread.ofPlatform()
            .start(() -> {
              if (output.tryTake(PIECE)) {
                taken.release();
              }
            });
    reader.readOn();
    taker.join();

    assertThat(taken.availablePermits()).isOne();
  }

  @Test
  void does_not_wait_for_room_that_only_output_not_yet_told_holds() throws Exception {
    start(Dialect.FULL);
    awaitSleep();

    for (var bytes = 0; bytes < 2 * ROOM_BYTES; bytes += PIECE) {
      assertThat(output.tryTake(PIECE)).isTrue();
    }
    for (var bytes = 0; bytes < 2 * ROOM_BYTES; bytes += PIECE) {
      tell(piece("x".repeat(PIECE)), true);
    }

    assertThat(output.drain(LONG)).isTrue();
    assertThat(output.tryTake(PIECE)).isTrue();
    assertThat(reader.lines()).hasSize(2 * ROOM_BYTES / PIECE);
  }

  @Test
  void carries_other_facts_past_a_slow_reader_without_waiting() throws Exception {
    start(Dialect.FULL);
    reader.stopReading();
    fill();
    for (var number = 0; number < 1_000; number++) {
      tell(new ErrorReported("number " + number), true);
    }
    reader.readOn();
    assertThat(output.drain(LONG)).isTrue();

    assertThat(reader.lines()).filteredOn(it -> it.contains("number ")).hasSize(1_000);
  }

  @Test
  void makes_the_bus_wait_when_thousands_of_other_facts_are_unread() throws Exception {
    makesTheBusWait(30_000, 25_000, number -> new ErrorReported("number " + number));
  }

  @Test
  void makes_the_bus_wait_when_long_items_are_unread() throws Exception {
    var output = "x".repeat(1 << 20);
    makesTheBusWait(
        40,
        12,
        number ->
            new ItemCompleted(
                new Item.CommandExecution(
                    "item_" + number, "seq", output, 0, Item.Status.COMPLETED)));
  }

  private void makesTheBusWait(int facts, int most, IntFunction<Event> fact) throws Exception {
    start(Dialect.FULL);
    reader.stopReading();
    var told = new AtomicInteger();
    var bus =
        Thread.ofPlatform()
            .start(() -> {
              for (var number = 0; number < facts; number++) {
                tell(fact.apply(number), true);
                told.incrementAndGet();
              }
            });
    assertThat(bus.join(Duration.ofMillis(300))).isFalse();
    assertThat(told).hasValueLessThan(most);

    reader.readOn();
    bus.join();
    assertThat(output.drain(LONG)).isTrue();
    assertThat(reader.lines()).hasSize(facts);
  }

  @Test
  void says_once_that_the_reader_is_gone_and_then_takes_nothing() throws Exception {
    reader.leave();
    start(Dialect.FULL);

    tell(new ErrorReported("one"), true);
    gone.await();
    tell(new ErrorReported("two"), true);
    tell(new ErrorReported("three"), true);

    assertThat(output.drain(LONG)).isFalse();
    assertThat(output.tryTake(1)).isFalse();
    assertThat(goneCalls).hasValue(1);
    assertThat(reader.lines()).isEmpty();
  }

  @Test
  void lets_go_of_a_bus_that_waits_when_the_reader_leaves() throws Exception {
    start(Dialect.FULL);
    reader.stopReading();
    var bus =
        Thread.ofPlatform()
            .start(() -> {
              for (var number = 0; number < 30_000; number++) {
                tell(new ErrorReported("number " + number), true);
              }
            });
    reader.leave();
    reader.readOn();
    bus.join();

    assertThat(output.drain(LONG)).isFalse();
    assertThat(goneCalls).hasValue(1);
  }

  @Test
  void gives_up_waiting_for_a_reader_who_never_reads() throws Exception {
    start(Dialect.FULL);
    reader.stopReading();
    tell(new ErrorReported("one"), true);

    assertThat(output.drain(MOMENT)).isFalse();
  }

  @Test
  void has_nothing_to_wait_for_when_nothing_was_told() throws Exception {
    start(Dialect.FULL);

    assertThat(output.drain(LONG)).isTrue();
    output.close();
    assertThat(output.drain(LONG)).isTrue();
    assertThat(goneCalls).hasValue(0);
  }

  private void start(Dialect dialect) {
    output = JsonOutput.start(reader, dialect, MOMENT, () -> vanished, this::onGone);
  }

  @Test
  void notices_a_reader_who_goes_away_while_there_is_nothing_to_write() throws Exception {
    start(Dialect.CODEX);

    vanished = true;

    assertThat(gone.await(10, TimeUnit.SECONDS)).isTrue();
  }

  private void onGone() {
    goneCalls.incrementAndGet();
    gone.countDown();
  }

  /// Waits until the writing thread has nothing to do.
  private void awaitSleep() throws InterruptedException {
    assertThat(output.drain(LONG)).isTrue();
  }

  /// Tells as much output as there is room for.
  private void fill() {
    for (var bytes = 0; bytes < ROOM_BYTES; bytes += PIECE) {
      assertThat(output.tryTake(PIECE)).isTrue();
      tell(piece("x".repeat(PIECE)), true);
    }
  }

  private void tell(Event event, boolean last) {
    try {
      output.accept(new Envelope(sequence++, NOON, event), last);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static Event piece(String text) {
    return new OutputAppended(new SessionId("s1"), Channel.STDOUT, 0, Bytes.of(text), true);
  }

  private static String line(int number) {
    return "{\"type\":\"error\",\"seq\":%d,\"at\":\"2026-01-01T12:00:00Z\",\"message\":\"number %d\"}"
        .formatted(number, number);
  }

  /// Reads everything at once until told otherwise.
  private static final class Reader extends OutputStream {
    private final ByteArrayOutputStream read = new ByteArrayOutputStream();
    private final Semaphore writes = new Semaphore(0);
    private boolean reading = true;
    private boolean left;
    private int more;

    synchronized void stopReading() {
      reading = false;
    }

    synchronized void readOn() {
      reading = true;
      notifyAll();
    }

    /// Takes one write.
    synchronized void readOnce() {
      more++;
      notifyAll();
    }

    synchronized void leave() {
      left = true;
    }

    /// Waits until so many writes have begun.
    void awaitWrites(int count) throws InterruptedException {
      writes.acquire(count);
    }

    synchronized List<String> lines() {
      return read.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public void write(int it) {
      throw new AssertionError("one byte at a time");
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
      writes.release();
      try {
        while (!reading && more == 0) {
          wait();
        }
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      more = Math.max(0, more - 1);
      if (left) {
        throw new IOException("Broken pipe");
      }
      read.write(bytes, from, length);
    }
  }
}
