package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.posix.NativeBuffer;
import dev.orchestrator.engine.posix.PollSet;
import java.util.ArrayDeque;
import java.util.Deque;

/// What a session's thread works with. A session that is over leaves it to the next one: new memory
/// costs the system, and the garbage collector, more than a short command's output does.
///
/// Confined to the thread of the session that has it.
final class Workbench {
  /// Most bytes read at a time.
  static final int BUFFER_BYTES = 64 * 1024;

  /// Descriptors that a session waits for at most.
  static final int PLACES = 7;

  final PollSet polls = PollSet.handedOn(PLACES);

  /// What is read or written at the moment; nothing stays in it.
  final NativeBuffer buffer = NativeBuffer.handedOn(BUFFER_BYTES);

  /// A copy of what was read.
  final byte[] bytes = new byte[BUFFER_BYTES];

  /// Those that no session has.
  ///
  /// Safe from any thread.
  static final class Store {
    private static final int MOST = 4;

    // Guarded by this.
    private final Deque<Workbench> free = new ArrayDeque<>(MOST);

    synchronized Workbench take() {
      var it = free.poll();
      return it == null ? new Workbench() : it;
    }

    synchronized void giveBack(Workbench it) {
      for (var place = 0; place < PLACES; place++) {
        it.polls.ignore(place);
      }
      if (free.size() < MOST) {
        free.push(it);
      }
    }
  }
}
