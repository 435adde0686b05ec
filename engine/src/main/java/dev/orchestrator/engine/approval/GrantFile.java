package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Grants on disk. The file only grows: a grant, a use of one and its end are a line each.
///
/// Processes take turns by a lock on the file, threads by [#TURN]: the lock is the process's own. A
/// file that has not changed since it was last read is not read again.
///
/// Safe from any thread.
final class GrantFile {
  private static final long LARGEST_BYTES = 16 * 1024 * 1024;
  private static final Object TURN = new Object();

  private final Path path;

  /// What was read last. Guarded by [#TURN].
  private Seen seen = new Seen(null, null, 0, Map.of());

  /// @param key names the file, whatever its path
  private record Seen(
      @Nullable Object key, @Nullable FileTime modified, long size, Map<String, Grant> grants) {
    boolean is(BasicFileAttributes now) {
      return size == now.size()
          && now.lastModifiedTime().equals(modified)
          && Objects.equals(key, now.fileKey());
    }
  }

  GrantFile(Path path) {
    this.path = path;
  }

  Path path() {
    return path;
  }

  /// All grants that were not ended, by their ids, the oldest first.
  Map<String, Grant> read() throws IOException {
    synchronized (TURN) {
      try (var in = FileChannel.open(path, StandardOpenOption.READ);
          var _ = in.lock(0, Long.MAX_VALUE, true)) {
        return grants();
      } catch (NoSuchFileException _) {
        return Map.of();
      }
    }
  }

  /// Adds a line, if one is wanted, while nobody else can change anything.
  ///
  /// @param line the fields of the line to add, for the grants that there are
  /// @return whether one was added
  boolean add(Function<Map<String, Grant>, Optional<Map<String, @Nullable Object>>> line)
      throws IOException {
    var folder = path.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    var options =
        Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    synchronized (TURN) {
      try (var out = FileChannel.open(path, options, mode);
          var _ = out.lock()) {
        var fields = line.apply(grants());
        if (fields.isPresent()) {
          var bytes = ByteBuffer.wrap(GrantLines.line(fields.get()));
          while (bytes.hasRemaining()) {
            out.write(bytes);
          }
        }
        return fields.isPresent();
      }
    }
  }

  private Map<String, Grant> grants() throws IOException {
    var now = Files.readAttributes(path, BasicFileAttributes.class);
    if (!seen.is(now)) {
      if (now.size() > LARGEST_BYTES) {
        throw new GrantsException(
            "%s is larger than %,d bytes, so no remembered answer counts; move it away"
                .formatted(path, LARGEST_BYTES));
      }
      seen = new Seen(now.fileKey(), now.lastModifiedTime(), now.size(), parse());
    }
    return seen.grants();
  }

  private Map<String, Grant> parse() throws IOException {
    var grants = new LinkedHashMap<String, Grant>();
    var bytes = Files.readAllBytes(path);
    var start = 0;
    var number = 0;
    for (var index = 0; index < bytes.length; index++) {
      if (bytes[index] == '\n') {
        number++;
        apply(Arrays.copyOfRange(bytes, start, index), number, grants);
        start = index + 1;
      }
    }
    if (start < bytes.length) {
      throw damaged(number + 1);
    }
    return grants;
  }

  private void apply(byte[] line, int number, Map<String, Grant> grants) throws IOException {
    try {
      var fields = Json.readObject(line);
      if (!GrantLines.isWhole(fields)) {
        throw damaged(number);
      }
      if (fields.get("revoked") instanceof String id) {
        grants.remove(id);
      } else if (fields.get("used") instanceof String id) {
        grants.computeIfPresent(id, (_, it) -> it.withUses(Math.max(0, it.uses() - 1)));
      } else {
        var grant = GrantLines.grant(fields);
        grants.put(grant.id(), grant);
      }
    } catch (GrantsException e) {
      throw e;
    } catch (IOException | RuntimeException _) {
      throw damaged(number);
    }
  }

  private GrantsException damaged(int line) {
    return new GrantsException(
        "%s is damaged at line %d, so no remembered answer counts; repair or remove it"
            .formatted(path, line));
  }
}
