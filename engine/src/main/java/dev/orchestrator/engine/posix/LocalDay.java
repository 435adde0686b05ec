package dev.orchestrator.engine.posix;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// Which day it is where this machine is, as the C library says (`localtime_r(3)`, `tzset(3)`).
///
/// Java's own calendar reads every zone of the world, and every jar for more of them, to say it.
///
/// @param zone name of the zone in the IANA database, such as `Europe/Berlin`; `UTC` if the machine
///   does not say
public record LocalDay(LocalDate date, String zone) {
  private static final Path LINK = Path.of("/etc/localtime");
  private static final Path NAME = Path.of("/etc/timezone");
  private static final String DATABASE = "zoneinfo/";

  /// `struct tm` of glibc: nine numbers, the offset and the name of the zone.
  private static final int TM_BYTES = 56;

  private static final int TM_MDAY = 12;
  private static final int TM_MON = 16;
  private static final int TM_YEAR = 20;
  private static final int FIRST_YEAR = 1900;

  /// The day of a moment.
  ///
  /// @param tz the variable `TZ` of this process; null if it has none
  public static LocalDay of(Instant moment, @Nullable String tz) {
    try (var arena = Arena.ofConfined()) {
      var time = CMemory.of(arena, Long.BYTES);
      time.setLong(0, moment.getEpochSecond());
      var day = CMemory.of(arena, TM_BYTES);
      Libc.callPointer("localtime_r", time.address(), day.address());
      return new LocalDay(
          LocalDate.of(
              day.getInt(TM_YEAR) + FIRST_YEAR, day.getInt(TM_MON) + 1, day.getInt(TM_MDAY)),
          zone(tz));
    }
  }

  private static String zone(@Nullable String tz) {
    if (tz != null && !tz.isEmpty()) {
      return afterDatabase(tz.startsWith(":") ? tz.substring(1) : tz);
    }
    try {
      var link = LINK.toRealPath().toString();
      if (link.contains(DATABASE)) {
        return afterDatabase(link);
      }
      var name = Files.readString(NAME).strip();
      return name.isEmpty() ? "UTC" : name;
    } catch (IOException _) {
      return "UTC";
    }
  }

  private static String afterDatabase(String path) {
    var at = path.indexOf(DATABASE);
    return at < 0 ? path : path.substring(at + DATABASE.length());
  }
}
