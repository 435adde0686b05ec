package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.posix.NativeBuffer;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Processes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One channel's way out of the program: our end of its pipe or terminal, and everything its bytes
/// go through.
///
/// Confined to the session's thread.
final class Outflow implements AutoCloseable {
  private static final int LOOKS_AT_PIPE = 4;
  private static final int LOOKS_AT_TERMINAL = 64;

  /// A terminal gives 4,095 bytes at a time and no more.
  private static final int TERMINAL_BYTES = 4095;

  /// What the kernel takes to fetch the next bytes of a terminal (`flush_to_ldisc`), roughly.
  /// Whoever looks sooner is put to sleep until they are there, which costs more than the wait: 5 %
  /// of a flood's time.
  private static final long FETCH_NANOS = 3_000;

  final Channel channel;
  private final int fd;
  private final Sinks sinks;
  private final Chunker chunker;
  private final @Nullable Outlet outlet;

  private State state = State.OPEN;

  /// What has become of our end.
  private enum State {
    OPEN,
    /// Nothing comes any more, and the descriptor must stay open until the session is over.
    ENDED,
    CLOSED
  }

  /// What the outlet has not written yet. Made and freed on the session's thread.
  private @Nullable NativeBuffer unwritten;

  /// What every channel of a session shares.
  record Sinks(
      Spool spool,
      HeadAndTail output,
      @Nullable Unread unread,
      PromptWatch prompts,
      DiskPace pace) {}

  Outflow(Channel channel, int fd, Sinks sinks, Chunker chunker, @Nullable Outlet outlet) {
    this.channel = channel;
    this.fd = fd;
    this.sinks = sinks;
    this.chunker = chunker;
    this.outlet = outlet;
    Posix.setNonBlocking(fd);
  }

  /// The descriptor to read from, or -1 while nothing should be read.
  int readable() {
    return state == State.OPEN && (outlet == null || outlet.isIdle()) ? fd : -1;
  }

  /// The descriptor to write to, or -1 if nothing waits to be written.
  int writable() {
    return outlet == null || outlet.isIdle() ? -1 : outlet.fd;
  }

  /// Reads what is there, up to [#looks] times; call when [#readable] is ready.
  ///
  /// What costs a call of the system is done once per buffer; the rest at once, while the kernel
  /// fetches more.
  ///
  /// @return whether anything came
  boolean read(Workbench bench) {
    var buffer = outlet == null ? bench.buffer : unwritten();
    var heard = false;
    var ended = false;
    var count = 0;
    for (var look = 0; look < looks() && readable() >= 0 && !ended; look++) {
      var more = Posix.read(fd, buffer, count);
      if (Posix.isTryAgain(more)) {
        break;
      }
      // 0 ends a pipe; a terminal ends with EIO when its last user closes it.
      ended = more <= 0;
      if (!ended) {
        heard = true;
        var now = System.nanoTime();
        buffer.copyTo(bench.bytes, count, more);
        chunker.append(bench.bytes, count, more, now);
        count += more;
        letFetch(more, now);
      }
      if (Workbench.BUFFER_BYTES - count < TERMINAL_BYTES) {
        take(buffer, bench.bytes, count);
        count = 0;
        if (channel != Channel.TERMINAL) {
          break; // Standard error has its turn soon, so that the order of arrival is roughly kept.
        }
      }
    }
    if (count > 0) {
      take(buffer, bench.bytes, count);
    }
    if (ended && channel == Channel.TERMINAL) {
      // Closing a terminal sends SIGHUP, and a program may close its own side before it ends.
      state = State.ENDED;
    } else if (ended) {
      hangUp();
    }
    return heard;
  }

  /// How often to look for more. A pipe has more, more often than not. A terminal gives 4 KiB at a
  /// time, and looking makes the kernel fetch the next ones (`n_tty_read` waits for its worker), so
  /// that a flood comes in large pieces.
  private int looks() {
    return channel == Channel.TERMINAL ? LOOKS_AT_TERMINAL : LOOKS_AT_PIPE;
  }

  private void letFetch(int read, long since) {
    if (channel == Channel.TERMINAL && read >= TERMINAL_BYTES) {
      while (System.nanoTime() - since < FETCH_NANOS) {
        Thread.onSpinWait();
      }
    }
  }

  /// The spool comes first: what is told about is in it.
  private void take(NativeBuffer buffer, byte[] bytes, int count) {
    sinks.spool.append(channel, bytes, count);
    sinks.output.append(bytes, count);
    if (sinks.unread != null) {
      sinks.unread.append(bytes, count);
    }
    sinks.prompts.append(bytes, count);
    if (outlet != null) {
      outlet.offer(buffer, count);
      closeIfUnread();
    }
    chunker.tell(System.nanoTime());
  }

  /// Writes on; call when [#writable] is ready.
  void writeOn() {
    if (outlet != null) {
      outlet.proceed(unwritten());
      closeIfUnread();
    }
  }

  private NativeBuffer unwritten() {
    var made = unwritten;
    if (made == null) {
      made = new NativeBuffer(Workbench.BUFFER_BYTES);
      unwritten = made;
    }
    return made;
  }

  /// With nobody left to read, closing our end lets the program find out as in any pipeline.
  private void closeIfUnread() {
    if (outlet != null && outlet.isGone()) {
      hangUp();
    }
  }

  private void hangUp() {
    if (state == State.OPEN) {
      state = State.CLOSED;
      Posix.close(fd);
    }
  }

  /// Whether more may come, or be left to write.
  boolean isBusy() {
    return state == State.OPEN || writable() >= 0;
  }

  /// When something held back must be told about; see [Chunker#nanosToFlush].
  long nanosToFlush(long now) {
    return chunker.nanosToFlush(now);
  }

  /// Tells about what has been held back for long enough.
  void flushDue(long now) {
    if (chunker.nanosToFlush(now) <= 0) {
      chunker.flush(now);
    }
  }

  /// How many gaps were told about.
  long gaps() {
    return chunker.gaps();
  }

  /// How many bytes they hold.
  long bytesSkipped() {
    return chunker.bytesSkipped();
  }

  /// What the program's side of the channel is called in `/proc`, to find who holds it.
  Optional<String> openFile(@Nullable String terminal) {
    if (state != State.OPEN) {
      return Optional.empty();
    }
    return terminal == null ? Processes.openFile(fd) : Optional.of(terminal);
  }

  @Override
  public void close() {
    if (state != State.CLOSED) {
      state = State.CLOSED;
      Posix.close(fd);
    }
    chunker.finish();
    if (unwritten != null) {
      unwritten.close();
    }
  }
}
