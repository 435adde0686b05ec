package dev.orchestrator.engine.record;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Replaces files in one step (`rename(2)`), so that a reader never sees half of one.
public final class AtomicFile {
  private AtomicFile() {}

  /// Writes a file's whole content, making its folder first.
  ///
  /// @throws IOException if that is not possible; the file is then as it was
  public static void write(Path file, byte[] content) throws IOException {
    var folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " is a folder");
    }
    Files.createDirectories(folder);
    var draft = folder.resolve("." + file.getFileName() + "." + ProcessHandle.current().pid());
    try {
      Files.write(draft, content);
      Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      Files.deleteIfExists(draft);
      throw e;
    }
  }
}
