package dev.orchestrator.engine.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Finds the programs a sandbox is made with, where no command can have put them.
record Tools(Sandboxes.Surroundings where) {
  /// A program's file, from an absolute folder of `PATH` outside everything a command may write.
  Optional<Path> find(String name) {
    for (var folder : where.path().split(":", -1)) {
      var file = folder.startsWith("/") ? trusted(folder, name) : Optional.<Path>empty();
      if (file.isPresent()) {
        return file;
      }
    }
    return Optional.empty();
  }

  private Optional<Path> trusted(String folder, String name) {
    try {
      var named = Path.of(folder).normalize().resolve(name);
      var real = named.toRealPath();
      var isTrusted =
          where.distrusted().stream()
              .noneMatch(it -> named.startsWith(it) || real.startsWith(Confinements.real(it)));
      return isTrusted && Files.isRegularFile(real) && Files.isExecutable(real)
          ? Optional.of(real)
          : Optional.empty();
    } catch (IOException | InvalidPathException _) {
      return Optional.empty();
    }
  }
}
