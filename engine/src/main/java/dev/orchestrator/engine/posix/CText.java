package dev.orchestrator.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Text as C takes it: bytes and a NUL.
final class CText {
  private CText() {}

  static MemorySegment of(Arena arena, String text) {
    var bytes = OsText.encode(text);
    var memory = arena.allocate(bytes.length + 1L);
    MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
    return memory;
  }
}
