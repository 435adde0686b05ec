package dev.orchestrator.engine.plan;

import java.util.List;
import java.util.stream.Collectors;

/// Words as a line that a shell reads back as the same words.
final class Quoting {
  private Quoting() {}

  static String line(List<String> words) {
    return words.stream().map(Quoting::word).collect(Collectors.joining(" "));
  }

  private static String word(String it) {
    return it.matches("[A-Za-z0-9_@%+:,./-][A-Za-z0-9_@%+=:,./-]*")
        ? it
        : "'" + it.replace("'", "'\\''") + "'";
  }
}
