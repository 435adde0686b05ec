package dev.orchestrator.engine.bus;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.ExceptionHandler;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.Subscriber;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One ring, many publishers, and two rows of subscribers: the journal, then everyone else.
///
/// ```
/// features ──publish──▶ ring ──▶ journal ──▶ jsonl │ screen │ telemetry
/// ```
///
/// - **Order:** one sequence for all facts, without gaps; every subscriber sees the same one.
/// - **Durable before visible:** no subscriber sees a fact before the journal has accepted it.
/// - **Threads:** the journal runs on one platform thread, all others in turn on another; none
///   needs locks. Whoever may be slow, hands over to a thread of its own.
/// - **Waiting:** an idle bus uses no processor time ([TwoRows]).
/// - **Memory:** [#SLOTS] facts at most are alive on the ring.
/// - **Failure:** when a subscriber throws, the ring keeps draining so that no publisher ever hangs
///   on it, the next [#publish] throws, and of what follows only the facts that end a run still
///   reach the others.
public final class EventBus implements EventSink, AutoCloseable {
  /// Facts on the ring at a time; a power of two. A piece of output is at most 8 KiB, so the ring
  /// holds 1 MiB at most.
  static final int SLOTS = 128;

  private static final int MOST_AT_ONCE = SLOTS / 4;
  private static final Duration BEFORE_SPINNING = Duration.ofSeconds(10);
  private static final long LOOK_AGAIN_NANOS = 50_000;
  private static final int STACK_BYTES = 256 * 1024;

  private final InstantSource clock;
  private final Disruptor<Slot> disruptor;
  private final TwoRows rows;

  /// One publisher at a time. Left to itself, the library lets publishers announce facts that there
  /// is no room for yet, and the journal's thread spins meanwhile.
  private final ReentrantLock publishing = new ReentrantLock();

  private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
  private final Consumer<Throwable> onFailure;
  private final AtomicBoolean drained = new AtomicBoolean();

  private EventBus(
      InstantSource clock, Disruptor<Slot> disruptor, TwoRows rows, Consumer<Throwable> onFailure) {
    this.clock = clock;
    this.disruptor = disruptor;
    this.rows = rows;
    this.onFailure = onFailure;
  }

  /// Starts a bus and returns once every subscriber is listening.
  ///
  /// @param journal sees each fact first
  /// @param subscribers see each fact after the journal, one after the other
  /// @param onFailure is called once, on the failing subscriber's thread, when one fails
  public static EventBus start(
      InstantSource clock,
      Subscriber journal,
      List<Subscriber> subscribers,
      Consumer<Throwable> onFailure)
      throws InterruptedException {
    var threads = new AtomicInteger();
    var rows = new TwoRows();
    var disruptor =
        new Disruptor<>(
            Slot::new,
            SLOTS,
            task -> thread(task, threads.getAndIncrement()),
            ProducerType.MULTI,
            rows);
    var bus = new EventBus(clock, disruptor, rows, onFailure);
    var listening = new CountDownLatch(subscribers.isEmpty() ? 1 : 2);

    disruptor.setDefaultExceptionHandler(bus.new RememberFirstFailure());
    var first = disruptor.handleEventsWith(bus.new Stage(List.of(journal), rows::pass, listening));
    if (!subscribers.isEmpty()) {
      first.then(bus.new Stage(subscribers, () -> {}, listening));
    }
    disruptor.start();
    listening.await();
    return bus;
  }

  private static Thread thread(Runnable task, int number) {
    return Thread.ofPlatform()
        .name("bus-" + number)
        .stackSize(STACK_BYTES)
        .daemon()
        .unstarted(task);
  }

  @Override
  public void publish(Event event) {
    throwIfFailed();
    put(event);
  }

  @Override
  public void publishAll(List<Event> events) {
    throwIfFailed();
    for (var from = 0; from < events.size(); from += MOST_AT_ONCE) {
      putAll(events.subList(from, Math.min(events.size(), from + MOST_AT_ONCE)));
    }
  }

  private void putAll(List<Event> events) {
    publishing.lock();
    try {
      lookUntil(() -> disruptor.getRingBuffer().hasAvailableCapacity(events.size()));
      disruptor.publishEvents(
          (slot, sequence, event) -> slot.envelope = new Envelope(sequence, clock.instant(), event),
          events.toArray(Event[]::new));
    } finally {
      publishing.unlock();
    }
  }

  /// Publishes one of the facts that end a run, even if a subscriber has failed.
  public void publishLast(Event event) {
    put(event);
  }

  private void put(Event event) {
    putAll(List.of(event));
  }

  /// Waits until every fact published so far has been seen by every subscriber, or has failed.
  ///
  /// @param patience how long at most
  public void settle(Duration patience) {
    var deadline = System.nanoTime() + patience.toNanos();
    var ring = disruptor.getRingBuffer();
    lookUntil(() ->
        ring.getMinimumGatingSequence() >= ring.getCursor()
            || failure.get() != null
            || System.nanoTime() >= deadline);
  }

  /// Waits in naps, which an interruption does not turn into spinning.
  private static void lookUntil(BooleanSupplier condition) {
    var interrupted = false;
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(LOOK_AGAIN_NANOS);
      interrupted |= Thread.interrupted();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /// Why the bus no longer keeps facts, if it does not.
  public Optional<Throwable> failure() {
    return Optional.ofNullable(failure.get());
  }

  /// Waits until every subscriber has seen every fact, then stops them. Publishers stop first.
  public void drain() {
    if (drained.compareAndSet(false, true)) {
      settle(BEFORE_SPINNING); // The library spins, on a core that the subscribers could use.
      rows.end();
      disruptor.shutdown();
    }
  }

  @Override
  public void close() {
    drain();
  }

  private void throwIfFailed() {
    var cause = failure.get();
    if (cause != null) {
      throw new IllegalStateException("facts can no longer be kept: " + cause.getMessage(), cause);
    }
  }

  private static boolean endsRun(Event event) {
    return event instanceof Event.ItemCompleted
        || event instanceof Event.TurnFailed
        || event instanceof Event.RunEnded;
  }

  /// The one mutable thing on the bus: a reused cell of the ring.
  private static final class Slot {
    private @Nullable Envelope envelope;
  }

  /// A row and its thread.
  private final class Stage implements EventHandler<Slot> {
    private final List<Hearer> hearers;
    private final Runnable passed;
    private final CountDownLatch listening;
    private @Nullable Sequence progress;

    Stage(List<Subscriber> subscribers, Runnable passed, CountDownLatch listening) {
      this.hearers = subscribers.stream().map(Hearer::new).toList();
      this.passed = passed;
      this.listening = listening;
    }

    /// Shutdown waits only for consumers whose thread has begun, so a very short run would lose its
    /// facts if the bus were handed out any earlier.
    @Override
    public void onStart() {
      listening.countDown();
    }

    @Override
    public void setSequenceCallback(Sequence own) {
      progress = own;
    }

    /// The row behind is woken here, as soon as there is nothing more to do: the library has no
    /// place for that after it has moved the sequence.
    @Override
    public void onEvent(Slot slot, long sequence, boolean endOfBatch) {
      var envelope = slot.envelope;
      if (envelope != null) {
        hearers.forEach(it -> it.hear(envelope, endOfBatch));
      }
      if (endOfBatch && progress != null) {
        progress.set(sequence);
        passed.run();
      }
    }
  }

  /// A subscriber, and whether it still hears.
  private final class Hearer {
    private final Subscriber subscriber;
    private boolean failed;

    Hearer(Subscriber subscriber) {
      this.subscriber = subscriber;
    }

    void hear(Envelope envelope, boolean endOfBatch) {
      if (failed || (failure.get() != null && !endsRun(envelope.event()))) {
        return;
      }
      try {
        subscriber.accept(envelope, endOfBatch);
      } catch (Exception | Error e) {
        failed = true;
        remember(e);
      }
    }
  }

  private void remember(Throwable thrown) {
    if (failure.compareAndSet(null, thrown)) {
      try {
        onFailure.accept(thrown);
      } catch (RuntimeException | Error e) {
        thrown.addSuppressed(e); // This thread must live on, or publishers would wait for it.
      }
    }
  }

  /// Returning normally is what keeps the ring draining; rethrowing would stop the consumer with
  /// its sequence still gating the ring, and publishers would wait for it forever.
  private final class RememberFirstFailure implements ExceptionHandler<Slot> {
    @Override
    public void handleEventException(Throwable thrown, long sequence, Slot slot) {
      remember(thrown);
    }

    @Override
    public void handleOnStartException(Throwable thrown) {
      remember(thrown);
    }

    @Override
    public void handleOnShutdownException(Throwable thrown) {
      remember(thrown);
    }
  }
}
