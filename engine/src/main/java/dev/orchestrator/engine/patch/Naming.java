package dev.orchestrator.engine.patch;

import java.nio.file.Path;

/// What files are called when something goes wrong with them.
enum Naming {
  /// To the one who runs the program, as the patch calls them.
  AS_WRITTEN,
  /// To a model, with the whole path.
  ABSOLUTE;

  String name(String written, Path path) {
    return switch (this) {
      case AS_WRITTEN -> written;
      case ABSOLUTE -> path.toString();
    };
  }
}
