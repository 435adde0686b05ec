package dev.orchestrator.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Memory outside the heap that system calls read into and write from.
///
/// Confined to the thread that opened it; closing frees it.
public final class NativeBuffer implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final MemorySegment memory;

  /// Allocates a buffer.
  ///
  /// @param bytes size; positive
  public NativeBuffer(int bytes) {
    memory = arena.allocate(bytes, Long.BYTES);
  }

  long address() {
    return memory.address();
  }

  /// Size in bytes.
  public int size() {
    return (int) memory.byteSize();
  }

  /// Copies the buffer's first bytes to a place in an array.
  public void copyTo(byte[] array, int offset, int bytes) {
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, 0, array, offset, bytes);
  }

  /// Fills the buffer's first bytes from a place in an array.
  public void copyFrom(byte[] array, int offset, int bytes) {
    MemorySegment.copy(array, offset, memory, ValueLayout.JAVA_BYTE, 0, bytes);
  }

  @Override
  public void close() {
    arena.close();
  }
}
