package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.posix.Posix;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// What other threads ask of a session's thread, and the descriptor that wakes it.
///
/// Safe from any thread. [#type] blocks while the program does not read.
final class Inbox {
  /// Most bytes waiting to be typed.
  private static final int ROOM_BYTES = 1 << 20;

  final int wakeUp = Posix.eventDescriptor();
  private final Semaphore room = new Semaphore(ROOM_BYTES);

  // Guarded by this.
  private final Deque<byte[]> typed = new ArrayDeque<>();
  private boolean inputClosed;
  private boolean abandoned;

  Inbox() throws IOException {}

  /// Queues bytes for the program's standard input; blocks while 1 MiB is waiting already.
  void type(byte[] bytes) throws InterruptedException {
    for (var from = 0; from < bytes.length; from += ROOM_BYTES) {
      var part =
          java.util.Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + ROOM_BYTES));
      room.acquire(part.length);
      synchronized (this) {
        if (abandoned) {
          return;
        }
        typed.add(part);
        Posix.raise(wakeUp);
      }
    }
  }

  /// Ends standard input after what is queued.
  synchronized void closeInput() {
    inputClosed = true;
    wake();
  }

  /// Makes the session's thread look around.
  synchronized void wake() {
    if (!abandoned) {
      Posix.raise(wakeUp);
    }
  }

  /// The bytes to write next, left in the queue; null if there are none.
  synchronized byte @Nullable [] next() {
    return typed.peek();
  }

  /// Takes the first bytes off, after they have been written.
  void written(int bytes) {
    synchronized (this) {
      var first = typed.remove();
      if (bytes < first.length) {
        typed.addFirst(java.util.Arrays.copyOfRange(first, bytes, first.length));
      }
    }
    room.release(bytes);
  }

  /// Whether everything queued has been written and nothing will follow.
  synchronized boolean isInputDone() {
    return inputClosed && typed.isEmpty();
  }

  /// Nobody will read any more: lets writers go.
  void abandon() {
    synchronized (this) {
      abandoned = true;
      typed.clear();
      Posix.close(wakeUp);
    }
    room.release(ROOM_BYTES);
  }
}
