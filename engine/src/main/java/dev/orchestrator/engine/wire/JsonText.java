package dev.orchestrator.engine.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// UTF-8 as it stands inside a JSON string (RFC 8259, section 7), for what comes by the megabyte:
/// for a flood of output a library's speed is not enough.
///
/// Looks at eight bytes at a time; bytes that need no escape are the rule.
///
/// Confined to one thread: the result is kept between calls.
final class JsonText {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long SPACES = ONES * ' ';
  private static final long QUOTES = ONES * '"';
  private static final long BACKSLASHES = ONES * '\\';
  private static final long HIGHS = 0x8080808080808080L;
  private static final int LONGEST_ESCAPE = 6;
  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private byte[] escaped = new byte[0];
  private int size;

  /// The bytes of the last result; the first [#size] of them count.
  byte[] bytes() {
    return escaped;
  }

  /// Escapes valid UTF-8.
  ///
  /// @return how many bytes the result has
  int escape(byte[] text) {
    reserve(text.length * LONGEST_ESCAPE + Long.BYTES);
    size = 0;
    var lastEight = text.length - Long.BYTES;
    var at = 0;
    while (at <= lastEight) {
      var eight = (long) EIGHT.get(text, at);
      EIGHT.set(escaped, size, eight);
      // The highest bit marks a byte that needs an escape: one below 0x20, or one that becomes 0
      // when XORed with `"` or `\`, and none of 0x80 or more. Behind the first mark others may be
      // wrong.
      var needy =
          ((eight - SPACES) | ((eight ^ QUOTES) - ONES) | ((eight ^ BACKSLASHES) - ONES))
              & ~eight
              & HIGHS;
      var plain = needy == 0 ? Long.BYTES : Long.numberOfTrailingZeros(needy) / Byte.SIZE;
      size += plain;
      at += plain;
      if (needy != 0) {
        append(text[at++]);
      }
    }
    for (; at < text.length; at++) {
      append(text[at]);
    }
    return size;
  }

  private void append(byte it) {
    if (it < 0 || (it >= ' ' && it != '"' && it != '\\')) {
      escaped[size++] = it;
      return;
    }
    escaped[size++] = '\\';
    switch (it) {
      case '"', '\\' -> escaped[size++] = it;
      case '\n' -> escaped[size++] = 'n';
      case '\r' -> escaped[size++] = 'r';
      case '\t' -> escaped[size++] = 't';
      case '\b' -> escaped[size++] = 'b';
      case '\f' -> escaped[size++] = 'f';
      default -> {
        escaped[size++] = 'u';
        escaped[size++] = '0';
        escaped[size++] = '0';
        escaped[size++] = HEX[it >> 4];
        escaped[size++] = HEX[it & 0xf];
      }
    }
  }

  private void reserve(int most) {
    if (escaped.length < most) {
      escaped = new byte[most];
    }
  }
}
