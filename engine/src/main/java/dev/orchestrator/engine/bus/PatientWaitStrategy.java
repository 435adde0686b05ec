package dev.orchestrator.engine.bus;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.util.concurrent.locks.LockSupport;

/// Blocks while the ring is empty, and naps while the row before is still at work.
///
/// The stock blocking strategies spin in the second case, which is fine when a row takes
/// microseconds; our first row writes to disk.
final class PatientWaitStrategy implements WaitStrategy {
  private static final long NAP_NANOS = 250_000;
  private static final int NAPS_BEFORE_SLEEP = 2;

  private final Object published = new Object();

  /// Whether anyone may be asleep; spares publishers the lock while nobody is.
  private volatile boolean mayBlock;

  @Override
  public long waitFor(long sequence, Sequence cursor, Sequence rowBefore, SequenceBarrier barrier)
      throws AlertException, InterruptedException {
    // Facts come in bursts: a short nap instead of a wake-up by every single publisher.
    for (var naps = 0; naps < NAPS_BEFORE_SLEEP && cursor.get() < sequence; naps++) {
      barrier.checkAlert();
      LockSupport.parkNanos(NAP_NANOS);
    }
    if (cursor.get() < sequence) {
      synchronized (published) {
        while (cursor.get() < sequence) {
          mayBlock = true;
          barrier.checkAlert();
          if (cursor.get() < sequence) {
            published.wait();
          }
        }
      }
    }
    var available = rowBefore.get();
    while (available < sequence) {
      barrier.checkAlert();
      LockSupport.parkNanos(NAP_NANOS);
      available = rowBefore.get();
    }
    return available;
  }

  /// A waiter sets [#mayBlock] before it looks at the cursor for the last time, a publisher moves
  /// the cursor before it looks at [#mayBlock]: one of the two sees the other.
  @Override
  public void signalAllWhenBlocking() {
    if (mayBlock) {
      synchronized (published) {
        mayBlock = false;
        published.notifyAll();
      }
    }
  }
}
