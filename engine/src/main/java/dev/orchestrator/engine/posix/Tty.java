package dev.orchestrator.engine.posix;

import dev.orchestrator.engine.event.WindowSize;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.OptionalLong;

/// Terminals of Linux: their two sides, size and modes (pty(7), tty_ioctl(4), termios(3)).
///
/// Numbers and layouts are those of glibc on x86-64 and aarch64. Safe from any thread; a descriptor
/// belongs to whoever opened it.
public final class Tty {
  private static final int O_NOCTTY = 0x100;
  private static final long TIOCGWINSZ = 0x5413;
  private static final long TIOCGPGRP = 0x540f;
  private static final long TIOCSWINSZ = 0x5414;
  private static final int SLAVE_NAME_BYTES = 64;
  private static final int TERMIOS_BYTES = 60;
  private static final int TERMIOS_LFLAG = 12;
  private static final int ECHO = 8;
  private static final int ICANON = 2;

  private Tty() {}

  /// Opens the master side of a new terminal, not inherited by children.
  ///
  /// @throws IOException if the limit of terminals or of open files is reached
  public static Terminal open() throws IOException {
    var master =
        Posix.check(
            "open a terminal",
            Libc.callInt("posix_openpt", Posix.O_RDWR | O_NOCTTY | Posix.O_CLOEXEC));
    try {
      Posix.check("grantpt", Libc.callInt("grantpt", master));
      Posix.check("unlockpt", Libc.callInt("unlockpt", master));
      return new Terminal(master, slaveOf(master));
    } catch (IOException e) {
      Posix.close(master);
      throw e;
    }
  }

  /// The path of a terminal's other side.
  ///
  /// @throws IOException if the descriptor is no terminal's master
  public static String slaveOf(int master) throws IOException {
    try (var arena = Arena.ofConfined()) {
      var name = CMemory.of(arena, SLAVE_NAME_BYTES);
      // ptsname_r returns its error instead of setting errno.
      var failed = Libc.callInt("ptsname_r", master, name.address(), SLAVE_NAME_BYTES);
      if (failed != 0) {
        throw new IOException("cannot name a terminal: " + Errno.text(Math.abs(failed)));
      }
      return name.toText();
    }
  }

  /// A terminal's master descriptor and the path of its other side.
  public record Terminal(int master, String slave) {}

  /// Sets the size of the terminal behind a descriptor; its foreground group gets SIGWINCH.
  ///
  /// @return false if the descriptor is no terminal
  public static boolean resize(int fd, WindowSize size) {
    try (var arena = Arena.ofConfined()) {
      var winsize = CMemory.of(arena, 8);
      winsize.setShort(0, (short) size.rows());
      winsize.setShort(2, (short) size.columns());
      return Libc.callInt("ioctl", fd, TIOCSWINSZ, winsize.address()) == 0;
    }
  }

  /// The size of the terminal behind a descriptor.
  ///
  /// @return empty if it is no terminal, or one that does not know its size
  public static Optional<WindowSize> windowSize(int fd) {
    try (var arena = Arena.ofConfined()) {
      var winsize = CMemory.of(arena, 8);
      if (Libc.callInt("ioctl", fd, TIOCGWINSZ, winsize.address()) != 0) {
        return Optional.empty();
      }
      var rows = Short.toUnsignedInt(winsize.getShort(0));
      var columns = Short.toUnsignedInt(winsize.getShort(2));
      return rows == 0 || columns == 0
          ? Optional.empty()
          : Optional.of(new WindowSize(columns, rows));
    }
  }

  /// Whether a descriptor is a terminal.
  public static boolean isTerminal(int fd) {
    return Libc.callInt("isatty", fd) == 1;
  }

  /// The process group that a terminal's keys reach.
  ///
  /// @return empty if the descriptor is no terminal or has no foreground group
  public static OptionalLong foregroundGroup(int fd) {
    try (var arena = Arena.ofConfined()) {
      var group = CMemory.of(arena, Integer.BYTES);
      if (Libc.callInt("ioctl", fd, TIOCGPGRP, group.address()) != 0) {
        return OptionalLong.empty();
      }
      var it = group.getInt(0);
      return it > 1 ? OptionalLong.of(it) : OptionalLong.empty();
    }
  }

  /// What a terminal does with typed characters; works on the master side too.
  ///
  /// @return empty if the descriptor is no terminal
  public static Optional<LineMode> lineMode(int fd) {
    try (var arena = Arena.ofConfined()) {
      var termios = CMemory.of(arena, TERMIOS_BYTES);
      if (Libc.callInt("tcgetattr", fd, termios.address()) != 0) {
        return Optional.empty();
      }
      var local = termios.getInt(TERMIOS_LFLAG);
      return Optional.of(new LineMode((local & ECHO) != 0, (local & ICANON) != 0));
    }
  }

  /// What a terminal does with typed characters.
  ///
  /// @param echo whether typed characters are shown
  /// @param wholeLines whether a program reads whole lines
  public record LineMode(boolean echo, boolean wholeLines) {}

  /// Puts a terminal into raw mode (`cfmakeraw(3)`).
  ///
  /// @return what puts it back, callable once or more; empty if the descriptor is no terminal
  public static Optional<Runnable> rawMode(int fd) {
    try (var arena = Arena.ofConfined()) {
      var termios = CMemory.of(arena, TERMIOS_BYTES);
      if (Libc.callInt("tcgetattr", fd, termios.address()) != 0) {
        return Optional.empty();
      }
      var before = termios.toArray();
      Libc.callInt("cfmakeraw", termios.address());
      Libc.callInt("tcsetattr", fd, 0, termios.address());
      return Optional.of(() -> restore(fd, before));
    }
  }

  private static void restore(int fd, byte[] before) {
    try (var arena = Arena.ofConfined()) {
      var termios = CMemory.of(arena, TERMIOS_BYTES);
      termios.set(0, before, 0, before.length);
      Libc.callInt("tcsetattr", fd, 0, termios.address());
    }
  }
}
