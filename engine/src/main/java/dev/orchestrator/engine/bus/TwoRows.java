package dev.orchestrator.engine.bus;

import com.lmax.disruptor.AlertException;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.SequenceBarrier;
import com.lmax.disruptor.WaitStrategy;
import java.lang.invoke.VarHandle;

/// Blocks whoever has nothing to do: the first row until something is published, the second until
/// the first has done with it.
///
/// The stock blocking strategies spin in the second case, which is fine when a row takes
/// microseconds; our first row writes to disk.
final class TwoRows implements WaitStrategy {
  private final Gate published = new Gate();
  private final Gate passed = new Gate();

  /// Whether the second row must look up for another reason than a fact.
  private volatile boolean ending;

  @Override
  public long waitFor(long sequence, Sequence cursor, Sequence rowBefore, SequenceBarrier barrier)
      throws AlertException, InterruptedException {
    return (rowBefore.equals(cursor) ? published : passed).await(sequence, rowBefore, barrier);
  }

  /// Something was published, or somebody is asked to stop.
  @Override
  public void signalAllWhenBlocking() {
    published.open();
    if (ending) {
      passed.open();
    }
  }

  /// The first row has done with what it was given, and its sequence says so.
  void pass() {
    passed.open();
  }

  /// From here on signals may mean the end.
  void end() {
    ending = true;
  }

  /// Where one row waits.
  private static final class Gate {
    /// Whether anyone may be asleep; spares whoever signals the lock while nobody is.
    private volatile boolean mayBlock;

    long await(long sequence, Sequence progress, SequenceBarrier barrier)
        throws AlertException, InterruptedException {
      var available = progress.get();
      if (available < sequence) {
        synchronized (this) {
          for (available = progress.get(); available < sequence; available = progress.get()) {
            mayBlock = true;
            barrier.checkAlert();
            if (progress.get() < sequence) {
              wait();
            }
          }
        }
      }
      return available;
    }

    /// A waiter sets [#mayBlock] before it looks at the progress for the last time, and progress is
    /// made, with a full fence, before somebody looks at [#mayBlock]: one of the two sees the
    /// other.
    void open() {
      VarHandle.fullFence();
      if (mayBlock) {
        synchronized (this) {
          mayBlock = false;
          notifyAll();
        }
      }
    }
  }
}
