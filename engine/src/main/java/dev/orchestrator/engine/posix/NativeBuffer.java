package dev.orchestrator.engine.posix;

import java.lang.foreign.Arena;

/// Memory outside the heap that system calls read into and write from.
///
/// Confined to the thread that opened it; closing frees it.
public final class NativeBuffer implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final CMemory memory;

  /// Allocates a buffer.
  ///
  /// @param bytes size; positive
  public NativeBuffer(int bytes) {
    memory = CMemory.of(arena, bytes);
  }

  long address() {
    return memory.address();
  }

  /// Size in bytes.
  public int size() {
    return memory.size();
  }

  /// Copies the buffer's first bytes to a place in an array.
  public void copyTo(byte[] array, int offset, int bytes) {
    memory.get(0, array, offset, bytes);
  }

  /// Fills the buffer's first bytes from a place in an array.
  public void copyFrom(byte[] array, int offset, int bytes) {
    memory.set(0, array, offset, bytes);
  }

  @Override
  public void close() {
    arena.close();
  }
}
