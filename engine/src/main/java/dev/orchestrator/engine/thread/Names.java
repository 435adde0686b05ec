package dev.orchestrator.engine.thread;

import dev.orchestrator.engine.wire.Json;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// What threads are called now: a file that only grows, in which a thread's last line counts.
///
/// A broken line is skipped: it costs a name and no conversation.
///
/// Safe from any thread.
final class Names {
  private static final long LARGEST_BYTES = 16L * 1024 * 1024;

  private final Path file;

  Names(Path file) {
    this.file = file;
  }

  void add(UUID id, String name, Instant at) throws IOException {
    // A line that was cut off must not spoil this one. An empty line is a broken one.
    var line = new ByteArrayOutputStream();
    if (!endsWithBreak()) {
      line.write('\n');
    }
    line.writeBytes(
        Json.line(
            Records.of("id", id.toString(), "thread_name", name, "updated_at", at.toString())));
    line.write('\n');
    // Processes need no turns: a few hundred bytes are one write, which goes to the end as a whole.
    try (var out = new FileOutputStream(file.toFile(), true)) {
      out.write(line.toByteArray());
    }
  }

  private boolean endsWithBreak() throws IOException {
    if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      try {
        Folders.create(file);
      } catch (FileAlreadyExistsException _) {
        // Another process was first.
      }
    }
    try (var in = new RandomAccessFile(file.toFile(), "r")) {
      var size = in.length();
      if (size > LARGEST_BYTES) {
        throw new ThreadException(
            "%s is larger than %,d bytes, so no thread can be named; move it away"
                .formatted(file, LARGEST_BYTES));
      }
      if (size == 0) {
        return true;
      }
      in.seek(size - 1);
      return in.read() == '\n';
    }
  }

  /// Names by thread.
  Map<UUID, String> read() throws IOException {
    var names = new HashMap<UUID, String>();
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return names;
    }
    try (var lines = new Lines(file, LARGEST_BYTES)) {
      for (byte[] line; lines.wholeBytes() < LARGEST_BYTES && (line = lines.next()) != null; ) {
        add(line, names);
      }
    }
    return names;
  }

  private static void add(byte[] line, Map<UUID, String> names) {
    try {
      var fields = new Fields(Json.readObject(line));
      var name = fields.text("thread_name");
      if (ThreadMeta.isName(name)) {
        names.put(fields.uuid("id"), name);
      }
    } catch (IOException | Fields.Bad _) {
      // Skipped; see above.
    }
  }
}
