package dev.orchestrator.engine.exec;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The first and the last bytes of a session's output, in order of arrival, in bounded memory.
///
/// At most 1 MiB is kept: 512 KiB of each end, with a line between them that says how much is
/// missing, as Codex does.
///
/// Confined to the session's thread until the session is over.
final class HeadAndTail {
  private static final int HALF_BYTES = 512 * 1024;
  private static final int FIRST_BYTES = 4 * 1024;

  private byte[] head = new byte[0];
  private int headSize;
  private byte[] tail = new byte[0];
  private long tailWritten;

  /// Takes the next bytes.
  void append(byte[] bytes, int length) {
    var intoHead = Math.min(length, HALF_BYTES - headSize);
    if (intoHead > 0) {
      head = withRoomFor(head, headSize, intoHead);
      System.arraycopy(bytes, 0, head, headSize, intoHead);
      headSize += intoHead;
    }
    appendToTail(bytes, Math.max(0, intoHead), length - Math.max(0, intoHead));
  }

  private static byte[] withRoomFor(byte[] array, int used, int more) {
    if (array.length >= used + more) {
      return array;
    }
    var size = Math.max(FIRST_BYTES, Math.max(array.length * 2, used + more));
    return Arrays.copyOf(array, Math.min(HALF_BYTES, size));
  }

  /// The tail is a ring: the byte at `tailWritten` modulo its size is the oldest one.
  private void appendToTail(byte[] bytes, int from, int length) {
    if (length <= 0) {
      return;
    }
    var skipped = Math.max(0, length - HALF_BYTES);
    var start = from + skipped;
    var left = length - skipped;
    tailWritten += skipped;
    while (left > 0) {
      var at = (int) (tailWritten % HALF_BYTES);
      tail =
          at + left > tail.length ? withRoomFor(tail, at, Math.min(left, HALF_BYTES - at)) : tail;
      var count = Math.min(left, Math.min(tail.length, HALF_BYTES) - at);
      System.arraycopy(bytes, start, tail, at, count);
      start += count;
      left -= count;
      tailWritten += count;
    }
  }

  /// How many bytes are left out of [#text].
  long omitted() {
    return Math.max(0, tailWritten - HALF_BYTES);
  }

  /// The kept output as text; what is not UTF-8 becomes U+FFFD.
  String text() {
    if (tailWritten == 0) {
      return new String(head, 0, headSize, StandardCharsets.UTF_8);
    }
    var at = tailWritten <= HALF_BYTES ? 0 : (int) (tailWritten % HALF_BYTES);
    var size = (int) Math.min(tailWritten, HALF_BYTES);
    var last = new byte[size];
    System.arraycopy(tail, at, last, 0, size - at);
    System.arraycopy(tail, 0, last, size - at, at);
    if (omitted() == 0) {
      var all = Arrays.copyOf(head, headSize + size);
      System.arraycopy(last, 0, all, headSize, size);
      return new String(all, StandardCharsets.UTF_8);
    }
    return new String(head, 0, headSize, StandardCharsets.UTF_8)
        + "\n... "
        + omitted()
        + " bytes omitted ...\n"
        + new String(last, StandardCharsets.UTF_8);
  }
}
