package dev.orchestrator.engine.posix;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Quotes words so that a shell reads them back as they are (POSIX.1-2024, XCU 2.2).
public final class Shell {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_@%+=:,./-]+");

  private Shell() {}

  /// The words as one line of shell.
  public static String quote(List<String> words) {
    return words.stream().map(Shell::quote).collect(Collectors.joining(" "));
  }

  private static String quote(String word) {
    return PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
