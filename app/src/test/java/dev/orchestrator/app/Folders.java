package dev.orchestrator.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What is in a folder.
final class Folders {
  private Folders() {}

  /// Names of its entries.
  static List<String> list(Path folder) throws IOException {
    try (var entries = Files.list(folder)) {
      return entries.map(it -> it.getFileName().toString()).toList();
    }
  }

  /// Files at any depth; folders without any do not count.
  static List<Path> files(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (var all = Files.walk(folder)) {
      return all.filter(it -> !Files.isDirectory(it)).toList();
    }
  }
}
