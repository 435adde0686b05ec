package dev.orchestrator.engine.settings;

import java.nio.file.Path;

/// Where a value comes from. Immutable.
public sealed interface Origin {
  /// An option of the command line.
  ///
  /// @param option as it is typed, such as `--sandbox`
  record Flag(String option) implements Origin {}

  /// `-c KEY=VALUE`.
  record KeyValue() implements Origin {}

  /// A variable of the environment.
  record Environment(String variable) implements Origin {}

  /// A file.
  ///
  /// @param line from 1 on
  record File(Path path, int line) implements Origin {}

  /// Nobody has said anything.
  record Default() implements Origin {}

  /// For people: `flag --sandbox`, `-c`, `environment NAME`, `FILE:LINE` or `default`.
  default String text() {
    return switch (this) {
      case Flag it -> "flag " + it.option();
      case KeyValue _ -> "-c";
      case Environment it -> "environment " + it.variable();
      case File it -> "%s:%d".formatted(it.path(), it.line());
      case Default _ -> "default";
    };
  }
}
