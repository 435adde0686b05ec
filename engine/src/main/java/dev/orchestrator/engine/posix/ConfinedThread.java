package dev.orchestrator.engine.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// A thread that gives up rights for good, does one thing, and ends.
///
/// What it starts inherits what it has given up; the other threads of this process stay as they
/// are. So it must not start threads, and nothing may run on it that starts some behind the scenes
/// (`ProcessBuilder` does: its reaper).
public final class ConfinedThread {
  private static final int PR_SET_NO_NEW_PRIVS = 38;
  private static final int PR_SET_SECCOMP = 22;
  private static final int SECCOMP_MODE_FILTER = 2;
  private static final int CAPABILITY_VERSION_3 = 0x20080522;

  private ConfinedThread() {}

  /// What a thread gives up. New privileges through set-user-id programs are given up always.
  ///
  /// @param filter system calls
  /// @param landlock writing
  /// @param capabilities whether root's privileges are given up as well
  public record Restriction(
      Optional<SyscallFilter> filter, Optional<Landlock> landlock, boolean capabilities) {}

  /// Does something on a new thread after it has given up rights; blocks until it is done.
  ///
  /// @throws IOException if the kernel does not hold the thread as asked, in which case the task
  ///   has not run, or whatever the task throws
  public static <T> T call(Restriction restriction, Task<T> task) throws IOException {
    var future =
        new FutureTask<>(() -> {
          restrict(restriction);
          return task.run();
        });
    var thread = Thread.ofPlatform().name("confined").daemon().start(future);
    var interrupted = false;
    try {
      while (true) {
        try {
          return future.get();
        } catch (InterruptedException _) {
          // The task is short, and leaving it alone might lose a process it has started.
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException it -> throw it;
        case RuntimeException it -> throw it;
        case Error it -> throw it;
        case null, default -> throw new IllegalStateException("a confined task broke", e);
      }
    } finally {
      join(thread, interrupted);
    }
  }

  /// Something done without rights.
  public interface Task<T> {
    T run() throws IOException;
  }

  private static void join(Thread thread, boolean interruptedBefore) {
    var interrupted = interruptedBefore;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static void restrict(Restriction restriction) throws IOException {
    check("PR_SET_NO_NEW_PRIVS", Libc.callInt("prctl", PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
    if (restriction.landlock().isPresent()) {
      restriction.landlock().get().restrictThisThread();
    }
    try (var arena = Arena.ofConfined()) {
      if (restriction.capabilities()) {
        dropCapabilities(arena);
      }
      if (restriction.filter().isPresent()) {
        install(arena, restriction.filter().get().program(Architecture.current()));
      }
    }
  }

  private static void dropCapabilities(Arena arena) throws IOException {
    var header = CMemory.of(arena, 2 * Integer.BYTES);
    header.setInt(0, CAPABILITY_VERSION_3);
    // Effective, permitted and inheritable, in two halves: none of them.
    var none = CMemory.of(arena, 6 * Integer.BYTES);
    check("capset", Libc.callInt("capset", header.address(), none.address()));
  }

  private static void install(Arena arena, byte[] program) throws IOException {
    var instructions = CMemory.of(arena, program.length);
    instructions.set(0, program, 0, program.length);
    // struct sock_fprog: the number of instructions, padding, their address.
    var descriptor = CMemory.of(arena, 2 * Long.BYTES);
    descriptor.setShort(0, (short) (program.length / Long.BYTES));
    descriptor.setLong(Long.BYTES, instructions.address());
    check(
        "PR_SET_SECCOMP",
        Libc.callInt("prctl", PR_SET_SECCOMP, SECCOMP_MODE_FILTER, descriptor.address(), 0, 0));
  }

  private static void check(String what, int result) throws IOException {
    if (result < 0) {
      throw new IOException(what + ": " + Errno.text(-result));
    }
  }
}
