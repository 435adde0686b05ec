package dev.orchestrator.engine.posix;

import java.lang.foreign.Arena;

/// Memory outside the heap that system calls read into and write from.
///
/// Confined to the thread that opened it; closing frees it.
public final class NativeBuffer implements AutoCloseable {
  private final Arena arena = Arena.ofConfined();
  private final CMemory memory;
  private final boolean isHandedOn;

  /// Allocates a buffer.
  ///
  /// @param bytes size; positive
  public NativeBuffer(int bytes) {
    this(bytes, false);
  }

  private NativeBuffer(int bytes, boolean isHandedOn) {
    this.isHandedOn = isHandedOn;
    memory = isHandedOn ? CMemory.handedOn(bytes) : CMemory.of(arena, bytes);
  }

  /// Allocates a buffer that threads may hand on to each other. It is freed when nobody refers to
  /// it any more, and closing it does nothing.
  ///
  /// @param bytes size; positive
  public static NativeBuffer handedOn(int bytes) {
    return new NativeBuffer(bytes, true);
  }

  long address() {
    return memory.address();
  }

  /// Size in bytes.
  public int size() {
    return memory.size();
  }

  /// Copies bytes to the same place in an array.
  ///
  /// @param offset of the first one, here and there
  public void copyTo(byte[] array, int offset, int bytes) {
    memory.get(offset, array, offset, bytes);
  }

  /// Fills the buffer's first bytes from a place in an array.
  public void copyFrom(byte[] array, int offset, int bytes) {
    memory.set(0, array, offset, bytes);
  }

  @Override
  public void close() {
    if (!isHandedOn) {
      arena.close();
    }
  }
}
