package dev.orchestrator.engine.posix;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Text of the operating system: bytes that are usually UTF-8 and may be anything but NUL.
///
/// A byte that is not part of valid UTF-8 becomes the lone surrogate `U+DC00 + byte` and back, so
/// that arguments and environment values survive the way through Java unchanged (the scheme of
/// Python's PEP 383).
public final class OsText {
  private static final char ESCAPE = '\uDC00';
  private static final char REPLACEMENT = '\uFFFD';

  private OsText() {}

  /// Decodes bytes; never fails.
  public static String decode(byte[] bytes) {
    var text = new String(bytes, StandardCharsets.UTF_8);
    // What is not UTF-8 has become U+FFFD by now; so may be what is.
    return text.indexOf(REPLACEMENT) < 0 ? text : decodeEscaping(bytes);
  }

  private static String decodeEscaping(byte[] bytes) {
    var decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(CodingErrorAction.REPORT);
    var in = ByteBuffer.wrap(bytes);
    var out = CharBuffer.allocate(bytes.length);
    var result = decoder.decode(in, out, true);
    while (result.isMalformed()) {
      for (var i = 0; i < result.length(); i++) {
        out.put((char) (ESCAPE + (in.get() & 0xff)));
      }
      decoder.reset();
      result = decoder.decode(in, out, true);
    }
    return out.flip().toString();
  }

  /// Encodes text, turning escaped bytes back into themselves.
  public static byte[] encode(String text) {
    if (!hasSurrogate(text)) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
    var out = ByteBuffer.allocate(text.length() * 3);
    for (var i = 0; i < text.length(); i++) {
      var it = text.charAt(i);
      if (Character.isHighSurrogate(it)
          && i + 1 < text.length()
          && Character.isLowSurrogate(text.charAt(i + 1))) {
        out.put(text.substring(i, i + 2).getBytes(StandardCharsets.UTF_8));
        i++;
      } else if (isEscape(it)) {
        out.put((byte) (it - ESCAPE));
      } else {
        out.put(String.valueOf(it).getBytes(StandardCharsets.UTF_8));
      }
    }
    var bytes = new byte[out.position()];
    out.flip().get(bytes);
    return bytes;
  }

  /// A loop, as a stream for every variable of every command's environment would cost more.
  private static boolean hasSurrogate(String text) {
    for (var i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  /// The text as people and JSON may see it: escaped bytes and other lone surrogates become U+FFFD.
  public static String printable(String text) {
    if (!hasSurrogate(text)) {
      return text;
    }
    var shown = new StringBuilder(text);
    for (var i = 0; i < shown.length(); i++) {
      if (Character.isHighSurrogate(shown.charAt(i))
          && i + 1 < shown.length()
          && Character.isLowSurrogate(shown.charAt(i + 1))) {
        i++;
      } else if (Character.isSurrogate(shown.charAt(i))) {
        shown.setCharAt(i, REPLACEMENT);
      }
    }
    return shown.toString();
  }

  /// Bytes below 0x80 are always valid UTF-8, so only 0x80 to 0xFF are ever escaped.
  private static boolean isEscape(char it) {
    return it >= ESCAPE + 0x80 && it <= ESCAPE + 0xff;
  }
}
