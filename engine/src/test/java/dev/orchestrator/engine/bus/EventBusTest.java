package dev.orchestrator.engine.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.ErrorReported;
import dev.orchestrator.engine.event.Event.TurnFailed;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.event.Subscriber;
import dev.orchestrator.engine.event.Summary;
import dev.orchestrator.engine.event.Summary.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EventBusTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final InstantSource CLOCK = InstantSource.fixed(NOON);
  private static final Event END = new Event.RunEnded(summary());

  private final List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch failed = new CountDownLatch(1);

  @Test
  void gives_every_fact_its_number_and_time() throws Exception {
    var journal = new Recording();
    var reader = new Recording();

    try (var bus = start(journal, reader)) {
      bus.publish(error(0));
      bus.publish(error(1));
    }

    assertThat(reader.seen)
        .containsExactly(new Envelope(0, NOON, error(0)), new Envelope(1, NOON, error(1)));
    assertThat(journal.seen).isEqualTo(reader.seen);
  }

  @Test
  void shows_a_fact_to_nobody_before_the_journal_has_it() throws Exception {
    var durable = new AtomicLong(-1);
    var tooEarly = Collections.synchronizedList(new ArrayList<Long>());
    Subscriber reader =
        (envelope, _) -> {
          if (envelope.sequence() > durable.get()) {
            tooEarly.add(envelope.sequence());
          }
        };

    try (var bus = start((envelope, _) -> durable.set(envelope.sequence()), reader, reader)) {
      for (var number = 0; number < 20_000; number++) {
        bus.publish(error(number));
      }
    }

    assertThat(tooEarly).isEmpty();
    assertThat(durable).hasValue(19_999);
  }

  @Test
  void says_which_fact_is_the_last_for_now() throws Exception {
    var lasts = Collections.synchronizedList(new ArrayList<Boolean>());
    var turns = new Semaphore(0);

    try (var bus =
        start(
            (_, _) -> {},
            (_, last) -> {
              lasts.add(last);
              turns.release();
            })) {
      for (var number = 0; number < 3; number++) {
        bus.publish(error(number));
        turns.acquire();
      }
    }

    assertThat(lasts).containsExactly(true, true, true);
  }

  @Test
  void loses_nothing_of_very_short_runs() throws Exception {
    for (var round = 0; round < 200; round++) {
      var journal = new Recording();
      var reader = new Recording();
      try (var bus = start(journal, reader)) {
        bus.publish(error(round));
        bus.publish(END);
      }
      assertThat(journal.facts()).containsExactly(error(round), END);
      assertThat(reader.facts()).containsExactly(error(round), END);
    }
  }

  @RepeatedTest(3)
  void carries_every_fact_of_many_publishers_once_and_in_their_order() throws Exception {
    var reader = new Recording();

    try (var bus = start((_, _) -> {}, reader)) {
      inParallel(
          4,
          publisher -> {
            for (var number = 0; number < 10_000; number++) {
              bus.publish(new ErrorReported(publisher + ":" + number));
            }
          });
    }

    assertThat(reader.seen.stream().map(Envelope::sequence))
        .containsExactlyElementsOf(LongStream.range(0, 40_000).boxed().toList());
    for (var publisher = 0; publisher < 4; publisher++) {
      var prefix = publisher + ":";
      assertThat(reader.messages().filter(it -> it.startsWith(prefix)))
          .containsExactlyElementsOf(
              IntStream.range(0, 10_000).mapToObj(it -> prefix + it).toList());
    }
  }

  @Test
  void never_hangs_a_publisher_on_a_subscriber_that_failed() throws Exception {
    var told = new AtomicLong();

    try (var bus = start((_, _) -> {}, failingAt(3), new Recording())) {
      inParallel(
          4,
          _ -> {
            for (var number = 0; number < 10_000; number++) {
              try {
                bus.publish(error(number));
              } catch (IllegalStateException e) {
                told.incrementAndGet();
              }
            }
          });
      failed.await();
      assertThatThrownBy(() -> bus.publish(error(0)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("facts can no longer be kept: the disk is full")
          .hasCauseInstanceOf(IOException.class);
      assertThat(bus.failure()).containsSame(failures.getFirst());
    }

    assertThat(told).hasPositiveValue();
    assertThat(failures).hasSize(1);
  }

  @Test
  void tells_the_first_failure_only() throws Exception {
    try (var bus = start(failingAt(0), failingAt(0), failingAt(1))) {
      bus.publish(error(0));
      failed.await();
      bus.publishLast(new TurnFailed("the disk is full"));
      bus.publishLast(END);
    }

    assertThat(failures).hasSize(1);
  }

  @Test
  void carries_only_the_end_of_the_run_after_the_journal_failed() throws Exception {
    var reader = new Recording();
    var journal = failingAt(1);

    try (var bus = start(journal, reader)) {
      bus.publish(error(0));
      reader.await(1);
      bus.publish(error(1));
      failed.await();
      bus.publishLast(error(2));
      bus.publishLast(new TurnFailed("the disk is full"));
      bus.publishLast(END);
    }

    assertThat(reader.facts()).containsExactly(error(0), new TurnFailed("the disk is full"), END);
  }

  @Test
  void carries_the_end_of_the_run_to_all_but_the_one_that_failed() throws Exception {
    var journal = new Recording();
    var broken = new Recording();

    try (var bus =
        start(
            journal,
            (envelope, last) -> {
              broken.accept(envelope, last);
              throw new IOException("the disk is full");
            })) {
      bus.publish(error(0));
      failed.await();
      bus.publishLast(error(1));
      bus.publishLast(END);
    }

    assertThat(journal.facts()).containsExactly(error(0), END);
    assertThat(broken.facts()).containsExactly(error(0));
  }

  @Test
  void survives_an_error_of_a_subscriber_like_any_failure() throws Exception {
    try (var bus =
        start(
            (_, _) -> {},
            (_, _) -> {
              throw new AssertionError("a bug");
            })) {
      bus.publish(error(0));
      failed.await();

      assertThat(bus.failure()).containsInstanceOf(AssertionError.class);
    }
  }

  @Test
  void holds_publishers_up_while_the_ring_is_full_and_then_lets_them_go() throws Exception {
    var open = new CountDownLatch(1);
    var reader = new Recording();
    var published = new AtomicLong();

    try (var bus =
        start(
            (_, _) -> {},
            (envelope, last) -> {
              open.await();
              reader.accept(envelope, last);
            })) {
      var publisher =
          Thread.ofPlatform()
              .start(() -> {
                for (var number = 0; number < 2 * EventBus.SLOTS; number++) {
                  bus.publish(error(number));
                  published.incrementAndGet();
                }
              });
      until(() -> published.get() == EventBus.SLOTS);
      assertThat(publisher.join(Duration.ofMillis(20))).isFalse();
      assertThat(published).hasValue(EventBus.SLOTS);
      open.countDown();
      publisher.join();
    }

    assertThat(reader.seen).hasSize(2 * EventBus.SLOTS);
  }

  @Test
  void lets_the_journal_sleep_while_the_ring_is_full() throws Exception {
    var open = new CountDownLatch(1);
    var writer = new AtomicReference<Thread>();

    try (var bus = start((_, _) -> writer.set(Thread.currentThread()), (_, _) -> open.await())) {
      var publisher = overfill(bus, () -> {});
      try {
        until(() -> publisher.getState() != Thread.State.RUNNABLE && writer.get() != null);
        until(() -> writer.get().getState() == Thread.State.WAITING);
      } finally {
        open.countDown();
      }
      publisher.join();
    }
  }

  @Test
  void leaves_an_interruption_to_the_publisher() throws Exception {
    var open = new CountDownLatch(1);
    var isInterrupted = new AtomicBoolean();

    try (var bus = start((_, _) -> {}, (_, _) -> open.await())) {
      var publisher = overfill(bus, () -> isInterrupted.set(Thread.interrupted()));
      try {
        until(() -> publisher.getState() == Thread.State.TIMED_WAITING);
        publisher.interrupt();
        until(() -> publisher.getState() == Thread.State.TIMED_WAITING);
      } finally {
        open.countDown();
      }
      publisher.join();
    }

    assertThat(isInterrupted).isTrue();
  }

  @Test
  void settles_when_everybody_has_seen_everything() throws Exception {
    var reader = new Recording();
    try (var bus = start((_, _) -> {}, reader)) {
      for (var number = 0; number < 1_000; number++) {
        bus.publish(error(number));
      }
      bus.settle(Duration.ofSeconds(30));

      assertThat(reader.seen).hasSize(1_000);
    }
  }

  @Test
  void settles_for_a_failure_and_not_for_ever() throws Exception {
    var open = new CountDownLatch(1);
    try (var bus = start((_, _) -> {}, failingAt(0), (_, _) -> open.await())) {
      bus.publish(error(0));
      bus.settle(Duration.ofDays(1));
      assertThat(bus.failure()).isPresent();
      open.countDown();
    }
    var closed = new CountDownLatch(1);
    try (var bus = start((_, _) -> {}, (_, _) -> closed.await())) {
      bus.publish(error(0));
      bus.settle(Duration.ofMillis(5));
      assertThat(bus.failure()).isEmpty();
      closed.countDown();
    }
  }

  @Test
  void may_be_drained_and_then_closed() throws Exception {
    var reader = new Recording();
    try (var bus = start((_, _) -> {}, reader)) {
      bus.publish(error(0));
      bus.drain();

      assertThat(reader.facts()).containsExactly(error(0));
      assertThat(bus.failure()).isEmpty();
    }
  }

  private EventBus start(Subscriber journal, Subscriber... subscribers)
      throws InterruptedException {
    return EventBus.start(
        CLOCK,
        journal,
        List.of(subscribers),
        failure -> {
          failures.add(failure);
          failed.countDown();
        });
  }

  /// Publishes more than there is room for.
  private static Thread overfill(EventBus bus, Runnable afterwards) {
    return Thread.ofPlatform()
        .start(() -> {
          for (var number = 0; number <= EventBus.SLOTS; number++) {
            bus.publish(error(number));
          }
          afterwards.run();
        });
  }

  private static void until(BooleanSupplier condition) throws InterruptedException {
    while (!condition.getAsBoolean()) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      Thread.onSpinWait();
    }
  }

  private static void inParallel(int threads, Consumer<Integer> work) throws InterruptedException {
    var started =
        IntStream.range(0, threads)
            .mapToObj(it -> Thread.ofPlatform().start(() -> work.accept(it)))
            .toList();
    for (var thread : started) {
      thread.join();
    }
  }

  private static Subscriber failingAt(long sequence) {
    return (envelope, _) -> {
      if (envelope.sequence() == sequence) {
        throw new IOException("the disk is full");
      }
    };
  }

  private static Event error(int number) {
    return new ErrorReported("0:" + number);
  }

  private static Summary summary() {
    return new Summary(
        new RunId("r1"),
        "shop",
        Outcome.FAILED,
        "the disk is full",
        null,
        1,
        Duration.ZERO,
        "none",
        List.of(),
        List.of(),
        List.of(),
        0,
        0,
        null,
        null);
  }

  /// Remembers what it has heard.
  private static final class Recording implements Subscriber {
    private final List<Envelope> seen = Collections.synchronizedList(new ArrayList<>());
    private final Semaphore heard = new Semaphore(0);

    @Override
    public void accept(Envelope envelope, boolean last) {
      seen.add(envelope);
      heard.release();
    }

    void await(int facts) throws InterruptedException {
      heard.acquire(facts);
    }

    List<Event> facts() {
      return seen.stream().map(Envelope::event).toList();
    }

    java.util.stream.Stream<String> messages() {
      return facts().stream().map(it -> ((ErrorReported) it).message());
    }
  }
}
