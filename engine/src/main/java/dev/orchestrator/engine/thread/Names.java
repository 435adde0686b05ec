package dev.orchestrator.engine.thread;

import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/// What threads are called now: a file that only grows, in which a thread's last line counts.
///
/// A broken line is skipped: it costs a name and no conversation.
///
/// Safe from any thread.
final class Names {
  private static final long LONGEST_LINE_BYTES = 4 * 1024;
  private static final long LARGEST_BYTES = 16L * 1024 * 1024;
  private static final Object TURN = new Object();

  private final Path file;

  Names(Path file) {
    this.file = file;
  }

  void add(UUID id, String name, Instant at) throws IOException {
    var json =
        Json.line(
            Records.of("id", id.toString(), "thread_name", name, "updated_at", at.toString()));
    synchronized (TURN) {
      if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
        Folders.create(file);
      }
      try (var out = new RandomAccessFile(file.toFile(), "rw");
          var _ = out.getChannel().lock()) {
        var size = out.length();
        // A line that was cut off must not spoil this one.
        var isCut = false;
        if (size > 0) {
          out.seek(size - 1);
          isCut = out.read() != '\n';
        }
        if (size + json.length + 2 > LARGEST_BYTES) {
          throw new ThreadException(
              "%s is larger than %,d bytes, so no thread can be named; move it away"
                  .formatted(file, LARGEST_BYTES));
        }
        var line = Arrays.copyOf(json, json.length + 1);
        line[json.length] = '\n';
        out.seek(size);
        if (isCut) {
          out.write('\n');
        }
        out.write(line);
      }
    }
  }

  /// Names by thread.
  Map<UUID, String> read() throws IOException {
    var names = new HashMap<UUID, String>();
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return names;
    }
    // A lock is the process's own, and closing the file here would end it.
    synchronized (TURN) {
      try (var lines = new Lines(file, LONGEST_LINE_BYTES)) {
        for (byte[] line; lines.wholeBytes() < LARGEST_BYTES && (line = lines.next()) != null; ) {
          add(line, names);
        }
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
