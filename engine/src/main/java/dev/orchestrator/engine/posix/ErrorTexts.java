package dev.orchestrator.engine.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// What the C library calls an error in some language (`strerror_l(3)`).
public final class ErrorTexts {
  private static final int LC_ALL_MASK = 0x1fbf;
  private static final int MOST_BYTES = 512;

  private ErrorTexts() {}

  /// The words for an error.
  ///
  /// @param locale name such as `de_DE.UTF-8`
  /// @param errno number of the error on this system
  /// @return empty if the system does not have the locale
  public static Optional<String> of(String locale, int errno) {
    try (var arena = Arena.ofConfined()) {
      var handle =
          Libc.callPointer("newlocale", LC_ALL_MASK, CMemory.text(arena, locale).address(), 0);
      if (handle == 0) {
        return Optional.empty();
      }
      try {
        var text = Libc.callPointer("strerror_l", errno, handle);
        var bytes = MemorySegment.ofAddress(text).reinterpret(MOST_BYTES);
        return text == 0
            ? Optional.empty()
            : Optional.of(bytes.getString(0, StandardCharsets.UTF_8));
      } finally {
        Libc.callPointer("freelocale", handle);
      }
    }
  }
}
