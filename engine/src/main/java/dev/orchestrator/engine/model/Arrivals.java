package dev.orchestrator.engine.model;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The bytes of an answer as they arrive, for a thread that waits for them with a limit.
///
/// `HttpRequest.timeout` stops at the headers, and a stream that is read blocking cannot be left
/// without another thread; a queue can. One piece is asked for at a time, so a sender that is
/// faster than the reader waits in its socket.
///
/// Filled by the client's threads, read by one.
final class Arrivals implements BodySubscriber<Arrivals> {
  private final LinkedBlockingQueue<Arrival> queue = new LinkedBlockingQueue<>();
  private Flow.@Nullable Subscription subscription;
  private boolean cancelled;

  /// What has arrived.
  sealed interface Arrival {
    /// Bytes.
    record Piece(List<ByteBuffer> bytes) implements Arrival {}

    /// The end; with what broke it off, or null.
    record End(@Nullable Throwable cause) implements Arrival {}
  }

  /// Waits for the next bytes, or for the end. Null if the time is over.
  @Nullable Arrival next(Duration patience) throws InterruptedException {
    return queue.poll(patience.toNanos(), TimeUnit.NANOSECONDS);
  }

  /// Says that the last piece was read and another one may come.
  void more() {
    var it = subscription();
    if (it != null) {
      it.request(1);
    }
  }

  /// Closes the connection, unless the end has arrived.
  void cancel() {
    Flow.Subscription it;
    synchronized (this) {
      cancelled = true;
      it = subscription;
    }
    if (it != null) {
      it.cancel();
    }
  }

  private synchronized Flow.@Nullable Subscription subscription() {
    return subscription;
  }

  @Override
  public CompletionStage<Arrivals> getBody() {
    return CompletableFuture.completedStage(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription it) {
    boolean tooLate;
    synchronized (this) {
      subscription = it;
      tooLate = cancelled;
    }
    if (tooLate) {
      it.cancel();
    } else {
      it.request(1);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> bytes) {
    queue.add(new Arrival.Piece(bytes));
  }

  @Override
  public void onError(Throwable cause) {
    queue.add(new Arrival.End(cause));
  }

  @Override
  public void onComplete() {
    queue.add(new Arrival.End(null));
  }
}
