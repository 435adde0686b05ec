package dev.orchestrator.engine.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// A lock on a file or folder that says: in use (`flock(2)`). The kernel lets go of it when the
/// process ends, however it ends. Confined to one thread at a time.
public final class PathLock implements AutoCloseable {
  private static final int O_CLOEXEC = 0x80000;
  private static final int O_NONBLOCK = 0x800;
  private static final int LOCK_SH = 1;
  private static final int LOCK_EX = 2;
  private static final int LOCK_NB = 4;

  private final int fd;

  private PathLock(int fd) {
    this.fd = fd;
  }

  /// Shares the lock with others.
  ///
  /// @param path absolute and without symbolic links
  /// @return empty if the path is missing, is a symbolic link, is held by somebody who is about to
  ///   remove it, or has been removed meanwhile
  /// @throws AccessDeniedException if it is there and may not be opened
  public static Optional<PathLock> share(Path path) throws AccessDeniedException {
    int fd;
    try (var arena = Arena.ofConfined()) {
      var flags = O_CLOEXEC | O_NONBLOCK | Architecture.current().noFollow();
      fd = Libc.callInt("open", CMemory.text(arena, path.toString()).address(), flags);
    }
    if (fd == -Errno.EACCES) {
      throw new AccessDeniedException(path.toString());
    }
    if (fd < 0) {
      return Optional.empty();
    }
    if (Libc.callInt("flock", fd, LOCK_SH | LOCK_NB) < 0 || !isStill(path, fd)) {
      Posix.close(fd);
      return Optional.empty();
    }
    return Optional.of(new PathLock(fd));
  }

  /// Whether the path still leads to what was opened: the kernel marks what has been removed.
  private static boolean isStill(Path path, int fd) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).equals(path);
    } catch (IOException _) {
      return false;
    }
  }

  /// Whether nobody else has the lock; from then on nobody else gets it.
  public boolean becomeOnly() {
    return Libc.callInt("flock", fd, LOCK_EX | LOCK_NB) == 0;
  }

  @Override
  public void close() {
    Posix.close(fd);
  }
}
