package dev.orchestrator.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The system's processes, as `/proc` shows them.
final class ProcTable {
  private static final Path PROC = Path.of("/proc");

  private ProcTable() {}

  /// Those that have a text in their command line, each as `pid command line`.
  static List<String> with(String text) throws IOException {
    return pids().stream()
        .map(it -> it + " " + commandLine(it))
        .filter(it -> it.contains(text))
        .toList();
  }

  static List<Long> children(long parent) throws IOException {
    return pids().stream().filter(it -> parent(it) == parent).toList();
  }

  static String name(long pid) {
    return read(pid, "comm").strip();
  }

  /// A number of kilobytes from `status`, such as `VmHWM`; -1 if the process is gone.
  static long kilobytes(long pid, String field) {
    return read(pid, "status")
        .lines()
        .filter(it -> it.startsWith(field + ":"))
        .map(it -> it.replaceAll("\\D", ""))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElse(-1);
  }

  private static List<Long> pids() throws IOException {
    try (var entries = Files.list(PROC)) {
      return entries
          .map(it -> it.getFileName().toString())
          .filter(it -> it.chars().allMatch(Character::isDigit))
          .map(Long::valueOf)
          .toList();
    }
  }

  /// Empty for a process that has ended and only waits to be waited for.
  private static String commandLine(long pid) {
    return read(pid, "cmdline").replace('\0', ' ').strip();
  }

  private static long parent(long pid) {
    var stat = read(pid, "stat");
    return stat.isEmpty()
        ? -1
        : Long.parseLong(stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1)[1]);
  }

  private static String read(long pid, String file) {
    try {
      return new String(
          Files.readAllBytes(PROC.resolve(Long.toString(pid)).resolve(file)),
          StandardCharsets.ISO_8859_1);
    } catch (IOException _) {
      return ""; // It has ended meanwhile.
    }
  }
}
