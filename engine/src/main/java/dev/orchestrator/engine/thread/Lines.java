package dev.orchestrator.engine.thread;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The whole lines of a file, one after another. Confined to one thread.
final class Lines implements Closeable {
  private final Path file;
  private final long longest;
  // No channel: an interrupt would close it.
  private final InputStream in;
  private final byte[] buffer = new byte[64 * 1024];
  private int at;
  private int filled;
  private long wholeBytes;
  private int number;

  /// @param longest bytes of a line
  Lines(Path file, long longest) throws IOException {
    this.file = file;
    this.longest = longest;
    this.in = new FileInputStream(file.toFile());
  }

  /// The next line without its break; null if there is none. What follows the last break is no
  /// line.
  byte @Nullable [] next() throws IOException {
    var line = new ByteArrayOutputStream(256);
    while (true) {
      if (at == filled) {
        at = 0;
        filled = Math.max(0, in.read(buffer));
        if (filled == 0) {
          return null;
        }
      }
      var end = at;
      while (end < filled && buffer[end] != '\n') {
        end++;
      }
      line.write(buffer, at, end - at);
      if (line.size() > longest) {
        throw new ThreadException(
            "%s, line %d: longer than %,d bytes; this thread cannot be read"
                .formatted(file, number + 1, longest));
      }
      at = end;
      if (end < filled) {
        at++;
        number++;
        wholeBytes += line.size() + 1L;
        return line.toByteArray();
      }
    }
  }

  /// Bytes of all lines so far, with their breaks.
  long wholeBytes() {
    return wholeBytes;
  }

  /// The last line's number, from 1.
  int number() {
    return number;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
