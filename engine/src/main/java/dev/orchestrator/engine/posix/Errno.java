package dev.orchestrator.engine.posix;

import java.util.Map;

/// The error numbers this project tells apart, and a sentence for each.
///
/// Values are those of Linux on x86-64 and aarch64 (`errno(3)`, asm-generic).
public final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int ESRCH = 3;
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int E2BIG = 7;
  static final int ENOEXEC = 8;
  static final int ECHILD = 10;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int EACCES = 13;
  static final int ENFILE = 23;
  static final int EMFILE = 24;
  static final int EPIPE = 32;
  static final int ENOSYS = 38;

  private static final Map<Integer, String> TEXTS =
      Map.ofEntries(
          Map.entry(EPERM, "operation not permitted"),
          Map.entry(ENOENT, "no such file or directory"),
          Map.entry(ESRCH, "no such process"),
          Map.entry(EIO, "input/output error"),
          Map.entry(E2BIG, "argument list too long"),
          Map.entry(ENOEXEC, "not a program this system can run"),
          Map.entry(EAGAIN, "resource temporarily unavailable"),
          Map.entry(ENOMEM, "out of memory"),
          Map.entry(EACCES, "permission denied"),
          Map.entry(20, "not a directory"),
          Map.entry(22, "invalid argument"),
          Map.entry(ENFILE, "too many open files in the system"),
          Map.entry(EMFILE, "too many open files"),
          Map.entry(26, "text file busy"),
          Map.entry(27, "file too large"),
          Map.entry(28, "no space left on device"),
          Map.entry(EPIPE, "broken pipe"),
          Map.entry(40, "too many levels of symbolic links"));

  private Errno() {}

  /// A sentence for an error number, in lower case.
  public static String text(int errno) {
    return TEXTS.getOrDefault(errno, "error " + errno);
  }
}
