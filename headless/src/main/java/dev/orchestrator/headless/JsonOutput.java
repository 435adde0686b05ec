package dev.orchestrator.headless;

import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event.ItemCompleted;
import dev.orchestrator.engine.event.Event.OutputAppended;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.Subscriber;
import dev.orchestrator.engine.wire.JsonlEncoder;
import dev.orchestrator.engine.wire.JsonlEncoder.Dialect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Facts as lines of JSON for a reader who may be slow or may go away.
///
/// The bus hands facts over and goes on; a thread of this class makes the lines and writes them.
/// Output of commands takes at most [#OUTPUT_BYTES] of memory on the way: when the reader leaves
/// that much unread, further output is refused ([#tryTake]) until half of it has been read, and is
/// told about as a gap. Other facts are few; only when [#OTHER_FACTS] of them, or items with
/// [#ITEM_CHARS] of text, are unread does the bus wait.
///
/// Safe from any thread.
public final class JsonOutput implements Subscriber, ReaderPace, AutoCloseable {
  private static final int OUTPUT_BYTES = 512 * 1024;
  private static final int OTHER_FACTS = 10_000;
  private static final int ITEM_CHARS = 8 * 1024 * 1024;
  private static final int WRITE_BYTES = 64 * 1024;
  private static final long LOOK_NANOS = Duration.ofMillis(500).toNanos();
  private static final int STACK_BYTES = 256 * 1024;

  private final OutputStream out;
  private final JsonlEncoder encoder;
  private final boolean carriesOutput;
  private final Duration patience;
  private final BooleanSupplier isReaderGone;
  private final Runnable onReaderGone;
  private final Thread writer;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();

  // Guarded by lock.
  private Deque<Envelope> queue = new ArrayDeque<>();
  private int outputBytes;
  private int itemChars;
  private boolean refusing;
  private boolean closed;
  private boolean gone;
  private boolean idle;
  private long lookedNanos = System.nanoTime();

  private JsonOutput(
      OutputStream out,
      Dialect dialect,
      Duration patience,
      BooleanSupplier isReaderGone,
      Runnable onReaderGone) {
    this.isReaderGone = isReaderGone;
    this.out = out;
    this.patience = patience;
    this.encoder = new JsonlEncoder(dialect);
    this.carriesOutput = dialect == Dialect.FULL;
    this.onReaderGone = onReaderGone;
    this.writer =
        Thread.ofPlatform().name("stdout").stackSize(STACK_BYTES).daemon().unstarted(this::write);
  }

  /// Starts writing.
  ///
  /// @param out unbuffered
  /// @param patience how long a command may wait for a reader that is catching up, once per half of
  ///   a mebibyte that the reader takes
  /// @param isReaderGone asked now and then while there is nothing to write; must not block
  /// @param onReaderGone called once, on the writing thread, when nobody reads any more
  public static JsonOutput start(
      OutputStream out,
      Dialect dialect,
      Duration patience,
      BooleanSupplier isReaderGone,
      Runnable onReaderGone) {
    var output = new JsonOutput(out, dialect, patience, isReaderGone, onReaderGone);
    output.writer.start();
    return output;
  }

  @Override
  public boolean tryTake(int bytes) {
    if (!carriesOutput) {
      return true;
    }
    lock.lock();
    try {
      if (gone) {
        return false;
      }
      if (refusing && outputBytes > OUTPUT_BYTES / 2) {
        return false;
      }
      refusing = false;
      var left = patience.toNanos();
      while (outputBytes + bytes > OUTPUT_BYTES && !gone && !isWritten()) {
        if (left <= 0) {
          refusing = true;
          return false;
        }
        left = changed.awaitNanos(left);
      }
      outputBytes += bytes;
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void accept(Envelope envelope, boolean last) throws InterruptedException {
    var isOutput = envelope.event() instanceof OutputAppended;
    lock.lock();
    try {
      while (!isOutput && isFull() && !gone) {
        changed.signalAll();
        changed.await();
      }
      if (!gone && (carriesOutput || !isOutput)) {
        queue.add(envelope);
        itemChars += itemChars(envelope);
      }
      if (last && !queue.isEmpty()) {
        changed.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /// Whether everything handed over has been written. What has been taken beyond that is still with
  /// those who took it, who hand it over later, so waiting here would only keep them from it.
  private boolean isWritten() {
    return idle && queue.isEmpty();
  }

  private boolean isFull() {
    return queue.size() > OTHER_FACTS + OUTPUT_BYTES / 1024 || itemChars > ITEM_CHARS;
  }

  /// What an item has of text that may be long.
  private static int itemChars(Envelope envelope) {
    return envelope.event() instanceof ItemCompleted(var item)
            && item instanceof Item.CommandExecution command
        ? command.output().length()
        : 0;
  }

  private void write() {
    var lines = new ByteArrayOutputStream(WRITE_BYTES * 2);
    try {
      for (var batch = next(); !batch.isEmpty(); batch = next()) {
        var outputTaken = 0;
        var itemTaken = 0;
        for (var envelope = batch.poll(); envelope != null; envelope = batch.poll()) {
          encoder.encode(envelope, lines);
          outputTaken += envelope.event() instanceof OutputAppended it ? it.bytes().size() : 0;
          itemTaken += itemChars(envelope);
          if (lines.size() >= WRITE_BYTES) {
            flush(lines, outputTaken, itemTaken);
            outputTaken = 0;
            itemTaken = 0;
          }
        }
        flush(lines, outputTaken, itemTaken);
      }
    } catch (IOException | InterruptedException e) {
      leave();
      onReaderGone.run();
    } catch (RuntimeException bug) {
      // Nobody waits for this thread's exception; whoever waits for its lines must not wait on.
      log().log(System.Logger.Level.ERROR, "a line could not be made", bug);
      leave();
      onReaderGone.run();
    }
  }

  private void flush(ByteArrayOutputStream lines, int outputTaken, int itemTaken)
      throws IOException {
    lines.writeTo(out);
    lines.reset();
    lock.lock();
    try {
      outputBytes -= outputTaken;
      itemChars -= itemTaken;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// What has come since; empty when it is over.
  ///
  /// @throws IOException if nobody reads any more
  private Deque<Envelope> next() throws IOException, InterruptedException {
    lock.lock();
    try {
      while (queue.isEmpty() && !closed) {
        idle = true;
        changed.signalAll();
        changed.awaitNanos(LOOK_NANOS);
        // By the clock: facts that are not for this reader wake this thread up all the time.
        if (System.nanoTime() - lookedNanos >= LOOK_NANOS) {
          lookedNanos = System.nanoTime();
          if (isReaderGone.getAsBoolean()) {
            throw new IOException("nobody reads any more");
          }
        }
      }
      idle = queue.isEmpty();
      var batch = queue;
      queue = new ArrayDeque<>();
      changed.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    lock.lock();
    try {
      gone = true;
      queue = new ArrayDeque<>();
      itemChars = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Waits until everything handed over has been written, or nobody reads.
  ///
  /// @param patience how long at most
  /// @return whether it was written
  public boolean drain(Duration patience) throws InterruptedException {
    lock.lock();
    try {
      var left = patience.toNanos();
      while (!gone && !isWritten()) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return !gone;
    } finally {
      lock.unlock();
    }
  }

  /// Whether nobody reads any more.
  public boolean isGone() {
    lock.lock();
    try {
      return gone;
    } finally {
      lock.unlock();
    }
  }

  /// Writes nothing more.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(JsonOutput.class.getName());
  }
}
