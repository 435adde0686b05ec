package dev.orchestrator.engine.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// UTF-8 as it stands inside a JSON string (RFC 8259, section 7), for the one place where a
/// library's speed is not enough: a flood of output.
///
/// Looks at eight bytes at a time; bytes that need no escape are the rule.
///
/// Confined to one thread: the result is kept between calls.
final class JsonText {
  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGHS = 0x8080808080808080L;
  private static final int LONGEST_ESCAPE = 6;
  private static final byte[] HEX =
      "0123456789abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII);

  private byte[] escaped = new byte[16 * 1024];
  private int size;

  /// The bytes of the last result; the first [#size] of them count.
  byte[] bytes() {
    return escaped;
  }

  /// Escapes valid UTF-8.
  ///
  /// @return how many bytes the result has
  int escape(byte[] text) {
    size = 0;
    var at = 0;
    while (text.length - at >= Long.BYTES) {
      reserve(Long.BYTES * LONGEST_ESCAPE);
      var eight = (long) EIGHT.get(text, at);
      if (isPlain(eight)) {
        EIGHT.set(escaped, size, eight);
        size += Long.BYTES;
        at += Long.BYTES;
      } else {
        for (var end = at + Long.BYTES; at < end; at++) {
          append(text[at]);
        }
      }
    }
    reserve(Long.BYTES * LONGEST_ESCAPE);
    for (; at < text.length; at++) {
      append(text[at]);
    }
    return size;
  }

  /// Whether none of eight bytes needs an escape. For each byte: bytes of 0x80 and more never do;
  /// of the others, those below 0x20, and those that become 0 when XORed with `"` or `\`.
  private static boolean isPlain(long eight) {
    var quotes = eight ^ (ONES * '"');
    var backslashes = eight ^ (ONES * '\\');
    var needy = ((eight - ONES * ' ') | (quotes - ONES) | (backslashes - ONES)) & ~eight & HIGHS;
    return needy == 0;
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

  private void reserve(int more) {
    if (size + more > escaped.length) {
      escaped = Arrays.copyOf(escaped, Math.max(size + more, escaped.length * 2));
    }
  }
}
