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

  /// The bytes of the last result, from the first on.
  byte[] bytes() {
    return escaped;
  }

  /// Escapes valid UTF-8.
  ///
  /// @return how many bytes the result has
  int escape(byte[] text) {
    reserve(text.length * LONGEST_ESCAPE + Long.BYTES);
    var out = escaped; // Fields would be written at each step: 80 % slower.
    var size = 0;
    var lastEight = text.length - Long.BYTES;
    var at = 0;
    while (at <= lastEight) {
      var eight = (long) EIGHT.get(text, at);
      EIGHT.set(out, size, eight);
      // The highest bit marks a byte that needs an escape: one below 0x20, or one that becomes 0
      // when XORed with `"` or `\`, and none of 0x80 or more. Behind the first mark others may be
      // wrong.
      var needy =
          ((eight - SPACES) | ((eight ^ QUOTES) - ONES) | ((eight ^ BACKSLASHES) - ONES))
              & ~eight
              & HIGHS;
      if (needy == 0) {
        at += Long.BYTES;
        size += Long.BYTES;
        continue;
      }
      var plain = Long.numberOfTrailingZeros(needy) / Byte.SIZE;
      at += plain;
      size = append(out, size + plain, text[at++]);
    }
    for (; at < text.length; at++) {
      size = append(out, size, text[at]);
    }
    return size;
  }

  /// Puts one byte of the text at a place of the result.
  ///
  /// @return the place behind it
  private static int append(byte[] out, int place, byte it) {
    var size = place;
    if (it < 0 || (it >= ' ' && it != '"' && it != '\\')) {
      out[size++] = it;
      return size;
    }
    out[size++] = '\\';
    switch (it) {
      case '"', '\\' -> out[size++] = it;
      case '\n' -> out[size++] = 'n';
      case '\r' -> out[size++] = 'r';
      case '\t' -> out[size++] = 't';
      case '\b' -> out[size++] = 'b';
      case '\f' -> out[size++] = 'f';
      default -> {
        out[size++] = 'u';
        out[size++] = '0';
        out[size++] = '0';
        out[size++] = HEX[it >> 4];
        out[size++] = HEX[it & 0xf];
      }
    }
    return size;
  }

  private void reserve(int most) {
    if (escaped.length < most) {
      escaped = new byte[most];
    }
  }
}
