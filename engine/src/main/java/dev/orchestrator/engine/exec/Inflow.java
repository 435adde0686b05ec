package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.posix.NativeBuffer;
import dev.orchestrator.engine.posix.Posix;

/// The way into the program: our end of its standard input, and what [Inbox] has for it.
///
/// Confined to the session's thread.
final class Inflow implements AutoCloseable {
  /// One ends a line that has been begun, one ends the input (termios(3), VEOF).
  private static final byte[] END_KEYS = {4, 4};

  private final boolean isTerminal;
  private final Inbox inbox;

  /// -1 when nothing can be written any more.
  private int fd;

  private long bytes;
  private byte last = '\n';

  /// How many of the keys that end a terminal's input are still to be written.
  private int endKeys;

  /// @param fd where the program's standard input is written; -1 if it is closed
  /// @param isTerminal whether that is a terminal, which is closed by whoever reads it
  Inflow(int fd, boolean isTerminal, Inbox inbox) {
    this.fd = fd;
    this.isTerminal = isTerminal;
    this.inbox = inbox;
    if (fd >= 0) {
      Posix.setNonBlocking(fd);
    }
  }

  /// The descriptor to write to, or -1 while nothing waits to be written.
  int writable() {
    return fd >= 0 && (endKeys > 0 || inbox.next() != null) ? fd : -1;
  }

  /// Writes what there is room for; call when [#writable] is ready.
  void write(NativeBuffer through) {
    if (endKeys > 0) {
      pressEndKeys(through);
      return;
    }
    var next = inbox.next();
    if (next == null) {
      return;
    }
    var count = Math.min(next.length, Workbench.BUFFER_BYTES);
    through.copyFrom(next, 0, count);
    var written = Posix.write(fd, through, 0, count);
    if (Posix.isTryAgain(written)) {
      return;
    }
    if (written < 0) {
      inbox.written(next.length); // The program has closed its standard input.
      return;
    }
    last = next[written - 1];
    bytes += written;
    inbox.written(written);
  }

  /// Ends standard input if everything is written and nothing will follow; a terminal that has no
  /// room for that gets it by [#write].
  void endWhenDone(NativeBuffer through) {
    if (fd < 0 || endKeys > 0 || !inbox.isInputDone()) {
      return;
    }
    if (isTerminal) {
      endKeys = last == '\n' ? 1 : 2;
      pressEndKeys(through);
    } else {
      close();
    }
  }

  private void pressEndKeys(NativeBuffer through) {
    through.copyFrom(END_KEYS, 0, endKeys);
    var written = Posix.write(fd, through, 0, endKeys);
    if (Posix.isTryAgain(written)) {
      return;
    }
    endKeys = written < 0 ? 0 : endKeys - written; // An error: the terminal has gone.
    if (endKeys == 0) {
      fd = -1;
    }
  }

  /// How many bytes the program has been given.
  long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    if (fd >= 0 && !isTerminal) {
      Posix.close(fd);
    }
    fd = -1;
  }
}
