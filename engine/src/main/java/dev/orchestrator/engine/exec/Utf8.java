package dev.orchestrator.engine.exec;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Where UTF-8 may be cut, and whether bytes are UTF-8 at all (Unicode 16.0, table 3-7).
final class Utf8 {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final long NOT_ASCII = 0x8080808080808080L;

  private Utf8() {}

  /// The length of the longest beginning that does not end inside a character.
  ///
  /// @return `to - from` if the bytes end with a whole character or with something that is no
  ///   UTF-8; up to three less otherwise
  static int wholeCharacters(byte[] bytes, int from, int to) {
    for (var back = 1; back <= 3 && to - back >= from; back++) {
      var it = bytes[to - back] & 0xff;
      if (it < 0x80) {
        return to - from;
      }
      if (it >= 0xc0) {
        var canGoOn = back < lengthOf(it) && (back == 1 || isValidSecond(it, bytes[to - back + 1]));
        return canGoOn ? to - back - from : to - from;
      }
    }
    return to - from;
  }

  /// How many bytes a character starting with this byte has; 1 for a byte that starts none.
  private static int lengthOf(int lead) {
    if (lead >= 0xc2 && lead < 0xe0) {
      return 2;
    }
    if (lead >= 0xe0 && lead < 0xf0) {
      return 3;
    }
    return lead >= 0xf0 && lead < 0xf5 ? 4 : 1;
  }

  /// Whether the bytes are valid UTF-8 from the first to the last.
  static boolean isValid(byte[] bytes, int from, int to) {
    var at = from;
    while (at < to) {
      if (to - at >= Long.BYTES && ((long) EIGHT.get(bytes, at) & NOT_ASCII) == 0) {
        at += Long.BYTES;
        continue;
      }
      if (bytes[at] >= 0) {
        at++;
        continue;
      }
      var length = lengthOf(bytes[at] & 0xff);
      if (length == 1 || at + length > to || !isValidSecond(bytes[at] & 0xff, bytes[at + 1])) {
        return false;
      }
      for (var next = 2; next < length; next++) {
        if (!isContinuation(bytes[at + next])) {
          return false;
        }
      }
      at += length;
    }
    return true;
  }

  /// The second byte rules out overlong forms, surrogates and what lies beyond U+10FFFF.
  private static boolean isValidSecond(int lead, byte second) {
    var it = second & 0xff;
    return switch (lead) {
      case 0xe0 -> it >= 0xa0 && it <= 0xbf;
      case 0xed -> it >= 0x80 && it <= 0x9f;
      case 0xf0 -> it >= 0x90 && it <= 0xbf;
      case 0xf4 -> it >= 0x80 && it <= 0x8f;
      default -> isContinuation(second);
    };
  }

  private static boolean isContinuation(byte it) {
    return (it & 0xc0) == 0x80;
  }
}
