package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.posix.NativeBuffer;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Processes;

/// One of our own descriptors that gets a channel's bytes unchanged, without ever blocking the
/// session's thread.
///
/// Confined to the session's thread.
final class Outlet {
  /// A pipe that `poll(2)` calls writable takes this much without blocking (`PIPE_BUF`).
  private static final int SAFE_BYTES = 4096;

  final int fd;
  private final boolean isFile;

  private int from;
  private int to;
  private boolean gone;

  Outlet(int fd) {
    this.fd = fd;
    this.isFile = Processes.isFile(fd);
  }

  /// Takes on the first bytes of a channel's buffer, which stays untouched until [#isIdle].
  void offer(NativeBuffer buffer, int bytes) {
    from = 0;
    to = bytes;
    if (isFile) {
      proceed(buffer);
    }
  }

  /// Writes what can be written without blocking; call when the descriptor is writable.
  void proceed(NativeBuffer buffer) {
    do {
      var count =
          Posix.write(fd, buffer, from, isFile ? to - from : Math.min(SAFE_BYTES, to - from));
      if (Posix.isTryAgain(count)) {
        return;
      }
      if (count < 0) {
        gone = true;
        from = to;
        return;
      }
      from += count;
    } while (isFile && from < to);
  }

  /// Whether everything offered has been written, or nobody is there to take it.
  boolean isIdle() {
    return from == to;
  }

  /// Whether the reader has gone away, or the descriptor is broken.
  boolean isGone() {
    return gone;
  }
}
