package dev.orchestrator.engine.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/// Pictures as a model is given them.
public final class Pictures {
  /// Of one picture, in bytes; providers take less.
  public static final int MOST_BYTES = 20 * 1024 * 1024;

  private static final int LONGEST_SIGNATURE = 12;

  private Pictures() {}

  /// A picture as `data:` URL.
  ///
  /// @throws IOException if there is none, it is too large, or of a kind that no model takes
  public static String url(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new IOException("no such file");
    }
    if (Files.size(file) > MOST_BYTES) {
      throw new IOException("more than %,d bytes".formatted(MOST_BYTES));
    }
    var bytes = Files.readAllBytes(file);
    var type = type(bytes).orElseThrow(() -> new IOException("no PNG, JPEG, GIF or WebP picture"));
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }

  /// By how it begins: a file's name may say anything.
  private static Optional<String> type(byte[] bytes) {
    if (bytes.length < LONGEST_SIGNATURE) {
      return Optional.empty();
    }
    if (begins(bytes, 0, 0x89, 'P', 'N', 'G')) {
      return Optional.of("image/png");
    }
    if (begins(bytes, 0, 0xff, 0xd8, 0xff)) {
      return Optional.of("image/jpeg");
    }
    if (begins(bytes, 0, 'G', 'I', 'F', '8')) {
      return Optional.of("image/gif");
    }
    return begins(bytes, 0, 'R', 'I', 'F', 'F') && begins(bytes, 8, 'W', 'E', 'B', 'P')
        ? Optional.of("image/webp")
        : Optional.empty();
  }

  private static boolean begins(byte[] bytes, int from, int... with) {
    for (var at = 0; at < with.length; at++) {
      if ((bytes[from + at] & 0xff) != with[at]) {
        return false;
      }
    }
    return true;
  }
}
