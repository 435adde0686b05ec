package dev.orchestrator.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;

/// Calls functions of the C library by name, all through one linked shape.
///
/// Linking a shape costs milliseconds at start-up, so there is one: six integer or pointer
/// arguments, each passed as 64 bits in a register, and a 64-bit result. Under the System V x86-64
/// and the AAPCS64 calling conventions (Linux) a function that takes fewer or narrower arguments
/// ignores the rest, variadic functions included, because none used here takes a floating-point
/// argument. A function returning `int` leaves the upper half of the result undefined: use
/// [#callInt].
///
/// Safe from any thread.
final class Libc {
  private static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();
  private static final ConcurrentMap<String, MemorySegment> ADDRESSES = new ConcurrentHashMap<>();

  /// `errno` is the only captured value, an `int` at offset 0.
  private static final int ERRNO_BYTES = (int) Linker.Option.captureStateLayout().byteSize();

  /// Places for `errno`, one per call under way; allocating one per call would cost as much as a
  /// short system call.
  private static final Queue<CMemory> ERRNOS = new ConcurrentLinkedQueue<>();

  private static final MethodHandle CALL =
      LINKER.downcallHandle(
          FunctionDescriptor.of(
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG),
          CAPTURE_ERRNO);

  private Libc() {}

  /// Whether the C library has this function.
  static boolean has(String function) {
    return SYMBOLS.find(function).isPresent();
  }

  /// Calls a function whose result is an `int`, negative on failure.
  ///
  /// @return the result, or `-errno` if it was negative
  static int callInt(String function, long... arguments) {
    var errno = borrowErrno();
    try {
      var result = (int) invoke(errno, function, arguments);
      return result < 0 ? -errno.getInt(0) : result;
    } finally {
      ERRNOS.add(errno);
    }
  }

  /// Calls a function whose result is a `long` or `ssize_t`, negative on failure.
  ///
  /// @return the result, or `-errno` if it was negative
  static long callLong(String function, long... arguments) {
    var errno = borrowErrno();
    try {
      var result = invoke(errno, function, arguments);
      return result < 0 ? -errno.getInt(0) : result;
    } finally {
      ERRNOS.add(errno);
    }
  }

  /// Calls a function whose result is an address.
  ///
  /// @return the result, 0 for none
  static long callPointer(String function, long... arguments) {
    var errno = borrowErrno();
    try {
      return invoke(errno, function, arguments);
    } finally {
      ERRNOS.add(errno);
    }
  }

  private static CMemory borrowErrno() {
    var free = ERRNOS.poll();
    return free == null ? CMemory.of(Arena.global(), ERRNO_BYTES) : free;
  }

  private static long invoke(CMemory errno, String function, long... arguments) {
    var address = ADDRESSES.get(function);
    if (address == null) {
      address =
          SYMBOLS
              .find(function)
              .orElseThrow(
                  () -> new UnsupportedOperationException("the C library lacks " + function));
      ADDRESSES.put(function, address);
    }
    try {
      return (long)
          CALL.invokeExact(
              address,
              errno.segment(),
              argument(arguments, 0),
              argument(arguments, 1),
              argument(arguments, 2),
              argument(arguments, 3),
              argument(arguments, 4),
              argument(arguments, 5));
    } catch (Throwable impossible) {
      throw new AssertionError("a downcall throws nothing", impossible);
    }
  }

  private static long argument(long[] arguments, int index) {
    return index < arguments.length ? arguments[index] : 0;
  }
}
