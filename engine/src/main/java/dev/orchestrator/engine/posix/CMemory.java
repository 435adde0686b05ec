package dev.orchestrator.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/// Memory that the C library reads and writes: structures and arrays, addressed by offsets in
/// bytes, numbers in the machine's order.
///
/// Fields go through a [ByteBuffer], because every layout that a [MemorySegment] is asked for makes
/// the JVM generate code when it is first used, which costs milliseconds at start-up.
///
/// Confined to the arena's thread; freed with the arena.
final class CMemory {
  /// What the strictest structure wants.
  private static final int ALIGNMENT = 16;

  private final MemorySegment memory;
  private final ByteBuffer fields;

  private CMemory(MemorySegment memory) {
    this.memory = memory;
    fields = memory.asByteBuffer().order(ByteOrder.nativeOrder());
  }

  /// Memory full of zeros.
  static CMemory of(Arena arena, int bytes) {
    return new CMemory(arena.allocate(bytes, ALIGNMENT));
  }

  /// Memory full of zeros for one thread after the other, freed when nobody refers to it any more.
  static CMemory handedOn(int bytes) {
    return of(Arena.ofAuto(), bytes);
  }

  /// A text as C takes it: bytes and a NUL.
  static CMemory text(Arena arena, String text) {
    var bytes = OsText.encode(text);
    var memory = of(arena, bytes.length + 1);
    memory.fields.put(0, bytes);
    return memory;
  }

  /// An array of texts, and a null behind them; the texts stand behind that, because one piece of
  /// memory is made quicker than fifty.
  static CMemory texts(Arena arena, List<String> texts) {
    var encoded = texts.stream().map(OsText::encode).toList();
    var size = (texts.size() + 1) * Long.BYTES;
    for (var bytes : encoded) {
      size += bytes.length + 1;
    }
    var array = of(arena, size);
    var place = (texts.size() + 1) * Long.BYTES;
    for (var index = 0; index < encoded.size(); index++) {
      var bytes = encoded.get(index);
      array.setLong(index * Long.BYTES, array.address() + place);
      array.set(place, bytes, 0, bytes.length);
      place += bytes.length + 1;
    }
    return array;
  }

  MemorySegment segment() {
    return memory;
  }

  long address() {
    return memory.address();
  }

  int size() {
    return fields.capacity();
  }

  short getShort(int offset) {
    return fields.getShort(offset);
  }

  int getInt(int offset) {
    return fields.getInt(offset);
  }

  long getLong(int offset) {
    return fields.getLong(offset);
  }

  void setShort(int offset, short value) {
    fields.putShort(offset, value);
  }

  void setInt(int offset, int value) {
    fields.putInt(offset, value);
  }

  void setLong(int offset, long value) {
    fields.putLong(offset, value);
  }

  /// Copies bytes out, from an offset on.
  void get(int offset, byte[] into, int at, int bytes) {
    fields.get(offset, into, at, bytes);
  }

  /// Copies bytes in, from an offset on.
  void set(int offset, byte[] from, int at, int bytes) {
    fields.put(offset, from, at, bytes);
  }

  byte[] toArray() {
    var bytes = new byte[size()];
    fields.get(0, bytes);
    return bytes;
  }

  /// The text up to the first NUL.
  String toText() {
    var end = 0;
    while (end < size() && fields.get(end) != 0) {
      end++;
    }
    var bytes = new byte[end];
    fields.get(0, bytes);
    return OsText.decode(bytes);
  }
}
