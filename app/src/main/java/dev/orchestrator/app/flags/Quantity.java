package dev.orchestrator.app.flags;

import dev.orchestrator.engine.event.WindowSize;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/// Durations, sizes, window sizes and paths as people write them.
final class Quantity {
  private static final Pattern DURATION =
      Pattern.compile("(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9}(?:\\.\\d{1,3})?)s?)?");
  private static final Pattern MILLIS = Pattern.compile("(\\d{1,12})ms");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,15})([kmgt]?)(?:i?b)?");
  private static final Pattern WINDOW = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

  private Quantity() {}

  /// `90`, `90s`, `1.5s`, `200ms`, `5m`, `1h30m`; seconds if no unit is given.
  ///
  /// @throws UsageError if it is none of these, or zero
  static Duration duration(String flag, String text) throws UsageError {
    var millis = MILLIS.matcher(text);
    var parts = DURATION.matcher(text);
    var result = Duration.ZERO;
    if (millis.matches()) {
      result = Duration.ofMillis(Long.parseLong(millis.group(1)));
    } else if (!text.isEmpty() && parts.matches()) {
      var seconds = parts.group(3) == null ? 0 : Double.parseDouble(parts.group(3));
      result =
          Duration.ofHours(number(parts.group(1)))
              .plusMinutes(number(parts.group(2)))
              .plusMillis(Math.round(seconds * 1000));
    }
    if (result.isZero()) {
      throw new UsageError(
          "%s: '%s' is not a duration; write for example 90s, 200ms or 1h30m"
              .formatted(flag, text));
    }
    return result;
  }

  /// `4096`, `64k`, `10M`, `2GiB`: bytes, in powers of 1,024.
  ///
  /// @throws UsageError if it is none of these, or too large for a number
  static long bytes(String flag, String text) throws UsageError {
    var parts = SIZE.matcher(text.toLowerCase(Locale.ROOT));
    if (parts.matches()) {
      var shift = 10 * " kmgt".indexOf(parts.group(2).isEmpty() ? ' ' : parts.group(2).charAt(0));
      var number = Long.parseLong(parts.group(1));
      if (number <= Long.MAX_VALUE >> shift) {
        return number << shift;
      }
    }
    throw new UsageError(
        "%s: '%s' is not a size; write for example 4096, 64k, 10m or 1g".formatted(flag, text));
  }

  /// `120x36`: columns and rows.
  ///
  /// @throws UsageError if it is not of that form, or outside 1 to 65535
  static WindowSize window(String flag, String text) throws UsageError {
    var parts = WINDOW.matcher(text);
    try {
      if (parts.matches()) {
        return new WindowSize(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2)));
      }
    } catch (IllegalArgumentException _) {
      // Said below.
    }
    throw new UsageError(
        "%s: '%s' is not a size of a terminal; write columns and rows, for example 120x36"
            .formatted(flag, text));
  }

  private static long number(String digits) {
    return digits == null ? 0 : Long.parseLong(digits);
  }

  /// A file or folder.
  ///
  /// @throws UsageError if the text is empty or no path
  static Path path(String option, String text) throws UsageError {
    if (text.isEmpty()) {
      throw new UsageError(option + ": the path is empty; name a file or folder");
    }
    try {
      return Path.of(text);
    } catch (InvalidPathException _) {
      throw new UsageError("%s: '%s' is not a valid path; name another".formatted(option, text));
    }
  }
}
