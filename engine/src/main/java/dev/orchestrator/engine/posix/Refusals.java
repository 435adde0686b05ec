package dev.orchestrator.engine.posix;

import java.lang.foreign.Arena;
import java.nio.file.Path;

/// Asks the kernel for things that the calling thread should not get, to see that it does not.
///
/// Whatever is given after all is given back at once.
public final class Refusals {
  private static final int O_CREAT = 0x40;
  private static final int O_WRONLY = 1;
  private static final int O_CLOEXEC = 0x80000;
  private static final int MODE = 0x180;
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;

  private Refusals() {}

  /// Whether a file cannot be made for lack of permission.
  public static boolean ofWriting(Path file) {
    try (var arena = Arena.ofConfined()) {
      var name = CMemory.text(arena, file.toString());
      var fd = Libc.callInt("open", name.address(), O_CREAT | O_WRONLY | O_CLOEXEC, MODE);
      Posix.close(fd);
      return fd == -Errno.EACCES;
    }
  }

  /// Whether a unix socket cannot be made for lack of permission.
  public static boolean ofUnixSockets() {
    var fd = Libc.callInt("socket", AF_UNIX, SOCK_STREAM, 0);
    Posix.close(fd);
    return fd == -Errno.EPERM;
  }
}
