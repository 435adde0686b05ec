package dev.orchestrator.engine.posix;

import java.lang.foreign.Arena;

/// A fixed number of places for descriptors to wait on with `poll(2)`.
///
/// Confined to the thread that opened it.
public final class PollSet implements AutoCloseable {
  private static final short POLLIN = 1;
  private static final short POLLOUT = 4;
  private static final int POLLFD_BYTES = 8;

  private final Arena arena = Arena.ofConfined();
  private final boolean isHandedOn;
  private final CMemory entries;
  private final int places;
  private final int[] fds;
  private final short[] wanted;

  /// Makes a set in which every place waits for nothing.
  ///
  /// @param places how many descriptors at most; positive
  public PollSet(int places) {
    this(places, false);
  }

  /// Makes a set that threads may hand on to each other. Closing it does nothing.
  ///
  /// @param places how many descriptors at most; positive
  public static PollSet handedOn(int places) {
    return new PollSet(places, true);
  }

  private PollSet(int places, boolean isHandedOn) {
    this.isHandedOn = isHandedOn;
    this.places = places;
    fds = new int[places];
    wanted = new short[places];
    entries =
        isHandedOn
            ? CMemory.handedOn(places * POLLFD_BYTES)
            : CMemory.of(arena, places * POLLFD_BYTES);
    for (var place = 0; place < places; place++) {
      ignore(place);
    }
  }

  /// Waits at this place for something to read, or for the other side to hang up.
  public void awaitReadable(int place, int fd) {
    set(place, fd, POLLIN);
  }

  /// Waits at this place for room to write.
  public void awaitWritable(int place, int fd) {
    set(place, fd, POLLOUT);
  }

  /// Waits for nothing at this place.
  public void ignore(int place) {
    set(place, -1, (short) 0);
  }

  /// Writing to native memory costs more than comparing, and most places stay as they are.
  private void set(int place, int fd, short events) {
    if (fds[place] == fd && wanted[place] == events) {
      return;
    }
    fds[place] = fd;
    wanted[place] = events;
    entries.setInt(place * POLLFD_BYTES, fd);
    entries.setShort(place * POLLFD_BYTES + 4, events);
    entries.setShort(place * POLLFD_BYTES + 6, (short) 0);
  }

  /// Blocks until a place is ready or time is up.
  ///
  /// @param timeoutMillis -1 for ever
  public void await(int timeoutMillis) {
    if (Libc.callInt("poll", entries.address(), places, timeoutMillis) < 0) {
      // Interrupted: nothing is known to be ready, and what is noted is from the time before.
      for (var place = 0; place < places; place++) {
        entries.setShort(place * POLLFD_BYTES + 6, (short) 0);
      }
    }
  }

  /// Whether the last wait found this place ready, hung up or broken.
  public boolean isReady(int place) {
    return entries.getShort(place * POLLFD_BYTES + 6) != 0;
  }

  @Override
  public void close() {
    if (!isHandedOn) {
      arena.close();
    }
  }
}
