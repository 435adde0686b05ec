package dev.orchestrator.engine.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/// Descriptors, processes and signals of Linux, one method per system call.
///
/// Numbers and layouts are those of glibc on x86-64 and aarch64. Methods that can be expected to
/// fail return `-errno`; the others throw. `EINTR` is retried. Safe from any thread; a descriptor
/// belongs to whoever opened it.
public final class Posix {
  static final int O_RDWR = 2;
  private static final int O_NONBLOCK = 0x800;
  static final int O_CLOEXEC = 0x80000;
  private static final int EFD_CLOEXEC = 0x80000;
  private static final int EFD_NONBLOCK = 0x800;
  private static final int F_SETFD = 2;
  private static final int F_GETFL = 3;
  private static final int F_SETFL = 4;
  private static final int F_SETPIPE_SZ = 1031;
  private static final int FD_CLOEXEC = 1;
  private static final int PR_SET_CHILD_SUBREAPER = 36;
  private static final int PR_SET_PDEATHSIG = 1;
  private static final int WNOHANG = 1;
  private static final int WNOWAIT = 0x01000000;
  private static final int WEXITED = 4;
  private static final int P_ALL = 0;
  private static final int SYS_PIDFD_SEND_SIGNAL = 424;
  private static final int SYS_PIDFD_OPEN = 434;
  private static final int RLIMIT_RTTIME = 15;
  private static final long SMALLEST_MARK = 1L << 60;
  private static final int RUSAGE_BYTES = 144;
  private static final int RUSAGE_MAXRSS = 32;
  private static final int RUSAGE_SELF = 0;
  private static final int SIGINFO_BYTES = 128;

  private Posix() {}

  /// Whether this is a system these numbers are right for.
  public static boolean isSupported() {
    var arch = System.getProperty("os.arch", "");
    return System.getProperty("os.name", "").equals("Linux")
        && (arch.equals("amd64") || arch.equals("aarch64"))
        && Libc.has("posix_spawn_file_actions_addchdir_np");
  }

  /// Reads into a buffer from an offset on, blocking unless the descriptor is non-blocking.
  ///
  /// @return bytes read, 0 at the end, or `-errno`
  public static int read(int fd, NativeBuffer into, int offset) {
    if (offset < 0 || offset > into.size()) {
      throw new IndexOutOfBoundsException(offset + " of " + into.size());
    }
    long count;
    do {
      count = Libc.callLong("read", fd, into.address() + offset, into.size() - offset);
    } while (count == -Errno.EINTR);
    return (int) count;
  }

  /// Writes part of a buffer, blocking unless the descriptor is non-blocking.
  ///
  /// @return bytes written, or `-errno`
  public static int write(int fd, NativeBuffer from, int offset, int bytes) {
    if (offset < 0 || bytes < 0 || offset + bytes > from.size()) {
      throw new IndexOutOfBoundsException(offset + " + " + bytes + " of " + from.size());
    }
    long count;
    do {
      count = Libc.callLong("write", fd, from.address() + offset, bytes);
    } while (count == -Errno.EINTR);
    return (int) count;
  }

  /// Whether a result means that a non-blocking descriptor has nothing to give or no room.
  public static boolean isTryAgain(int result) {
    return result == -Errno.EAGAIN;
  }

  /// Closes a descriptor; errors have no remedy and are ignored.
  public static void close(int fd) {
    if (fd >= 0) {
      Libc.callInt("close", fd);
    }
  }

  /// A pipe whose ends no child inherits: reading end first.
  ///
  /// @throws IOException if the limit of open files is reached
  public static int[] pipe() throws IOException {
    try (var arena = Arena.ofConfined()) {
      var ends = CMemory.of(arena, 2 * Integer.BYTES);
      check("pipe", Libc.callInt("pipe2", ends.address(), O_CLOEXEC));
      return new int[] {ends.getInt(0), ends.getInt(Integer.BYTES)};
    }
  }

  /// Asks for a larger pipe, so that a busy writer is woken less often; a refusal changes nothing.
  public static void enlargePipe(int fd, int bytes) {
    Libc.callInt("fcntl", fd, F_SETPIPE_SZ, bytes);
  }

  /// A descriptor that becomes readable when another thread writes 8 bytes to it (`eventfd(2)`).
  ///
  /// @throws IOException if the limit of open files is reached
  public static int eventDescriptor() throws IOException {
    return check("eventfd", Libc.callInt("eventfd", 0, EFD_CLOEXEC | EFD_NONBLOCK));
  }

  /// Makes an event descriptor readable. Never blocks.
  public static void raise(int eventFd) {
    try (var arena = Arena.ofConfined()) {
      var one = CMemory.of(arena, Long.BYTES);
      one.setLong(0, 1);
      Libc.callLong("write", eventFd, one.address(), Long.BYTES);
    }
  }

  /// Makes an event descriptor unreadable again. Never blocks.
  public static void lower(int eventFd) {
    try (var arena = Arena.ofConfined()) {
      var count = CMemory.of(arena, Long.BYTES);
      Libc.callLong("read", eventFd, count.address(), Long.BYTES);
    }
  }

  /// Makes reads and writes of a descriptor return `-EAGAIN` instead of blocking.
  public static void setNonBlocking(int fd) {
    var flags = Libc.callInt("fcntl", fd, F_GETFL);
    Libc.callInt("fcntl", fd, F_SETFL, flags | O_NONBLOCK);
  }

  /// Keeps a descriptor out of children.
  public static void setCloseOnExec(int fd) {
    Libc.callInt("fcntl", fd, F_SETFD, FD_CLOEXEC);
  }

  /// A descriptor that becomes readable when the process ends (`pidfd_open(2)`, Linux 5.3).
  ///
  /// @return the descriptor, or `-errno`: no such process, or an older kernel
  public static int pidfd(long pid) {
    return Libc.callInt("syscall", SYS_PIDFD_OPEN, pid, 0);
  }

  /// Whether a result of [#pidfd] means that the kernel has none.
  public static boolean lacksPidfds(int result) {
    return result == -Errno.ENOSYS;
  }

  /// Signals the process behind a pidfd, which cannot be another one by now.
  public static void signalPidfd(int pidfd, Signal signal) {
    Libc.callInt("syscall", SYS_PIDFD_SEND_SIGNAL, pidfd, signal.number(), 0, 0);
  }

  /// Signals a process group. The caller knows that its leader has not been waited for, or the
  /// number may mean strangers.
  public static void signalGroup(long group, Signal signal) {
    if (group <= 1) {
      throw new IllegalArgumentException("process group " + group + " is not a session's");
    }
    Libc.callInt("kill", -group, signal.number());
  }

  /// Signals a process by number.
  ///
  /// @return false if there is none, or it is not ours
  public static boolean signal(long pid, Signal signal) {
    if (pid <= 1) {
      throw new IllegalArgumentException("process " + pid + " is not a child");
    }
    return Libc.callInt("kill", pid, signal.number()) == 0;
  }

  /// Takes the status of a child that has ended, without waiting for one that has not.
  ///
  /// @return empty while it runs, or if it is not a child of ours
  public static Optional<WaitStatus> waitFor(long pid) {
    try (var arena = Arena.ofConfined()) {
      var status = CMemory.of(arena, Integer.BYTES);
      var usage = CMemory.of(arena, RUSAGE_BYTES);
      var ended = Libc.callInt("wait4", pid, status.address(), WNOHANG, usage.address());
      if (ended != pid) {
        return Optional.empty();
      }
      var cpu = timeval(usage, 0).plus(timeval(usage, 16));
      var peak = usage.getLong(RUSAGE_MAXRSS) * 1024;
      return Optional.of(new WaitStatus(status.getInt(0), cpu, peak));
    }
  }

  /// Waits for a child to end; blocks.
  ///
  /// @return how it ended, as a shell would report it; 255 if it is no child of ours
  public static int await(long pid) {
    try (var arena = Arena.ofConfined()) {
      var status = CMemory.of(arena, Integer.BYTES);
      int ended;
      do {
        ended = Libc.callInt("wait4", pid, status.address(), 0, 0);
      } while (ended == -Errno.EINTR);
      if (ended != pid) {
        return 255;
      }
      var it = new WaitStatus(status.getInt(0), Duration.ZERO, 0);
      return it.isSignalled() ? 128 + it.signal().number() : it.exitCode();
    }
  }

  /// The largest resident set this process has had, in bytes (`getrusage(2)`).
  public static long ownPeakMemoryBytes() {
    try (var arena = Arena.ofConfined()) {
      var usage = CMemory.of(arena, RUSAGE_BYTES);
      Libc.callInt("getrusage", RUSAGE_SELF, usage.address());
      return usage.getLong(RUSAGE_MAXRSS) * 1024;
    }
  }

  private static Duration timeval(CMemory usage, int offset) {
    return Duration.ofSeconds(usage.getLong(offset)).plusNanos(usage.getLong(offset + 8) * 1000);
  }

  /// Marks this process and everything it will start with a number that survives a cleared
  /// environment, closed descriptors and new sessions: a limit on realtime processor time that is
  /// far beyond reach (`RLIMIT_RTTIME`, `getrlimit(2)`), and inherited like all limits.
  ///
  /// @return the number, 2^60 or more; 0 if the system refused
  public static long markByLimit() {
    try (var arena = Arena.ofConfined()) {
      var limit = CMemory.of(arena, 2 * Long.BYTES);
      if (Libc.callInt("getrlimit", RLIMIT_RTTIME, limit.address()) != 0) {
        return 0;
      }
      var hard = limit.getLong(Long.BYTES);
      var most = hard < 0 ? Long.MAX_VALUE / 2 : hard; // Unlimited is -1, seen as a signed number.
      if (most <= SMALLEST_MARK) {
        return 0; // Somebody has set a real limit, which must stay what it is.
      }
      var random = ByteBuffer.wrap(random(Long.BYTES)).getLong();
      var mark = SMALLEST_MARK + Math.floorMod(random, most - SMALLEST_MARK);
      limit.setLong(0, mark);
      limit.setLong(Long.BYTES, mark);
      return Libc.callInt("setrlimit", RLIMIT_RTTIME, limit.address()) == 0 ? mark : 0;
    }
  }

  /// Random bytes that nobody can guess (`getrandom(2)`); quicker to begin with than Java's own.
  ///
  /// @param count 1 to 256
  public static byte[] random(int count) {
    try (var arena = Arena.ofConfined()) {
      var bytes = CMemory.of(arena, count);
      if (Libc.callLong("getrandom", bytes.address(), count, 0) != count) {
        throw new IllegalStateException("the system gives no random bytes");
      }
      return bytes.toArray();
    }
  }

  /// Whether this process has any child, ended or not.
  public static boolean hasChildren() {
    try (var arena = Arena.ofConfined()) {
      var info = CMemory.of(arena, SIGINFO_BYTES);
      var result = Libc.callInt("waitid", P_ALL, 0, info.address(), WEXITED | WNOHANG | WNOWAIT, 0);
      return result != -Errno.ECHILD;
    }
  }

  /// Makes orphaned descendants children of this process instead of init's, so that none is lost
  /// sight of (`PR_SET_CHILD_SUBREAPER`, Linux 3.4).
  ///
  /// @return whether the kernel agreed
  public static boolean adoptOrphans() {
    return Libc.callInt("prctl", PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0;
  }

  /// Has the kernel signal this process when its parent dies (`PR_SET_PDEATHSIG`, Linux 2.1.57).
  /// The kernel keeps that with the calling thread, so it must be one that lives as long as the
  /// process. Children do not inherit it. Does nothing where there is no such call.
  ///
  /// @param parent the process that is meant
  /// @return whether it is still the parent; if not, nobody will signal
  public static boolean signalAtEndOf(long parent, Signal signal) {
    if (!isSupported()) {
      return true;
    }
    Libc.callInt("prctl", PR_SET_PDEATHSIG, signal.number(), 0, 0, 0);
    return Libc.callInt("getppid") == parent;
  }

  /// Whether nobody can read any more what is written to a descriptor. Never blocks.
  public static boolean isReaderGone(int fd) {
    try (var arena = Arena.ofConfined()) {
      var entry = CMemory.of(arena, 8);
      entry.setInt(0, fd);
      // Errors and hang-ups are reported without being asked for (poll(2)).
      return Libc.callInt("poll", entry.address(), 1, 0) > 0;
    }
  }

  static int check(String what, int result) throws IOException {
    if (result < 0) {
      throw new IOException("cannot " + what + ": " + Errno.text(-result));
    }
    return result;
  }
}
