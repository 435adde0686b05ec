package dev.orchestrator.engine.posix;

import java.nio.file.Path;
import java.util.List;

/// What to start: the words of a command, its environment and its working directory.
///
/// @param arguments the program's name or path first, then its arguments; at least one, in the text
///   of [OsText]
/// @param environment `NAME=value` entries, in the text of [OsText]
/// @param directory absolute path of the working directory
public record Program(List<String> arguments, List<String> environment, Path directory) {
  public Program {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("a command has at least one word");
    }
    if (!directory.isAbsolute()) {
      throw new IllegalArgumentException("working directory " + directory + " is not absolute");
    }
  }

  /// The value of a variable in the program's environment, or the fallback.
  public String variable(String name, String fallback) {
    var prefix = name + "=";
    for (var entry : environment) {
      if (entry.startsWith(prefix)) {
        return entry.substring(prefix.length());
      }
    }
    return fallback;
  }
}
