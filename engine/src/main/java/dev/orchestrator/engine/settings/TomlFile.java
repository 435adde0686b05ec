package dev.orchestrator.engine.settings;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Reads a file of settings of at most 1 MiB.
final class TomlFile {
  static final int MOST_BYTES = 1024 * 1024;

  private TomlFile() {}

  /// What a file says.
  ///
  /// @return empty if there is no such file
  /// @throws SettingsException if it cannot be read or is not TOML; names every place
  static Optional<Node.Table> read(Path file) throws SettingsException {
    if (!Files.exists(file)) {
      if (Files.isSymbolicLink(file)) {
        throw problem(file, "cannot be read: the link leads nowhere");
      }
      return Optional.empty();
    }
    if (!Files.isRegularFile(file)) {
      throw problem(file, "is no file; remove it or put a file of TOML there");
    }
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw problem(file, "larger than %d bytes".formatted(MOST_BYTES));
      }
      return Optional.of(TomlReader.parse(file, decoded(bytes)));
    } catch (CharacterCodingException _) {
      throw problem(file, "not UTF-8");
    } catch (NoSuchFileException _) {
      return Optional.empty();
    } catch (IOException e) {
      throw problem(file, "cannot be read: " + e.getMessage());
    }
  }

  private static String decoded(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static SettingsException problem(Path file, String what) {
    return new SettingsException(List.of("%s: %s".formatted(file, what)));
  }
}
