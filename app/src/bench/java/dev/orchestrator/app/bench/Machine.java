package dev.orchestrator.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the numbers were taken on.
final class Machine {
  private Machine() {}

  /// Processors, memory, kernel, Java and how busy it was, in one line.
  static String describe() throws IOException {
    return "%s × %d, %d GiB, %s %s, Java %s, load %s"
        .formatted(
            field("/proc/cpuinfo", "model name", "unknown processor"),
            Runtime.getRuntime().availableProcessors(),
            kibibytes(field("/proc/meminfo", "MemTotal", "0 kB")) >> 20,
            System.getProperty("os.name"),
            System.getProperty("os.version"),
            Runtime.version(),
            load());
  }

  /// How many processes wanted to run, on average over the last minute.
  static String load() throws IOException {
    return Files.readString(Path.of("/proc/loadavg")).split(" ", 2)[0];
  }

  /// A value of a file in `/proc` that has one `name: value` to a line.
  private static String field(String file, String name, String fallback) throws IOException {
    try (var lines = Files.lines(Path.of(file))) {
      return lines
          .filter(it -> it.startsWith(name))
          .map(it -> it.substring(it.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(fallback);
    }
  }

  /// The number of a value such as `123 kB`.
  static long kibibytes(String text) {
    return Long.parseLong(text.substring(0, text.indexOf(' ')));
  }
}
