package dev.orchestrator.engine.model;

import dev.orchestrator.engine.model.ModelClient.Listener;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// The complete items of a reply, told as they come, within a limit: what is kept of a reply is far
/// less than what is sent of it. Confined to one thread.
final class Items {
  private static final long MOST_BYTES = 8 * 1024 * 1024;

  /// What an item costs beside its text; so many small ones are bounded as well.
  private static final int OVERHEAD_BYTES = 1024;

  private final Listener listener;
  private final Failures failures;
  private final Room room;
  private final List<ResponseItem> all = new ArrayList<>();

  /// What all attempts of one reply share, because what cut ones have left is kept as well.
  static final class Room {
    private long bytes;
  }

  Items(Listener listener, Failures failures, Room room) {
    this.listener = listener;
    this.failures = failures;
    this.room = room;
  }

  /// @param size about how many bytes it has
  void add(ResponseItem item, long size) throws ModelFailure {
    count(size + OVERHEAD_BYTES);
    all.add(item);
    listener.completed(item);
  }

  /// Counts what is kept for an item that is not complete yet.
  void count(long size) throws ModelFailure {
    room.bytes += size;
    if (room.bytes > MOST_BYTES) {
      throw failures.tooLarge("the items of the reply", MOST_BYTES);
    }
  }

  List<ResponseItem> all() {
    return Collections.unmodifiableList(all);
  }
}
