package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Answers that are remembered: those of this run in memory, all others in a file of the
/// orchestrator's home.
///
/// The file only grows: a grant, a use of one and its end are a line each, with the hash of its
/// content. Processes take turns by a lock on the file. A line that is damaged makes the whole file
/// count for nothing, and says so.
///
/// Safe from any thread.
public final class Grants {
  private static final int ID_BYTES = 4;
  private static final long LARGEST_BYTES = 16 * 1024 * 1024;

  private final Path file;

  /// Guarded by itself.
  private final List<Grant> session = new ArrayList<>();

  /// Remembers in a file, which need not exist.
  public Grants(Path file) {
    this.file = file;
  }

  /// Where the answers are kept.
  public Path file() {
    return file;
  }

  /// A new name for a grant.
  public static String newId() {
    return HexFormat.of().formatHex(Posix.random(ID_BYTES));
  }

  /// Remembers an answer, for this run in memory only.
  ///
  /// @throws IOException if it cannot be kept
  public void add(Grant grant) throws IOException {
    if (grant.scope() == Scope.RUN) {
      synchronized (session) {
        session.add(grant);
      }
      return;
    }
    append(GrantLines.fields(grant));
  }

  /// Answers of this run, the newest first.
  public List<Grant> ofThisRun() {
    synchronized (session) {
      return List.copyOf(session).reversed();
    }
  }

  /// Answers kept in the file that still count, the newest first.
  ///
  /// @throws GrantsException if the file is damaged
  /// @throws IOException if it cannot be read
  public List<Grant> kept() throws IOException {
    return read().values().stream()
        .filter(it -> it.uses() != 0)
        .filter(it -> it.expires() == null || Instant.now().isBefore(it.expires()))
        .toList()
        .reversed();
  }

  /// Notes that a grant was used, if its uses are counted.
  ///
  /// @throws IOException if that cannot be kept; the grant must not be used then
  public void use(Grant grant) throws IOException {
    if (grant.uses() < 0) {
      return;
    }
    if (grant.scope() == Scope.RUN) {
      synchronized (session) {
        session.remove(grant);
        if (grant.uses() > 1) {
          session.add(grant.withUses(grant.uses() - 1));
        }
      }
      return;
    }
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("used", grant.id());
    fields.put("at", Instant.now().toString());
    append(fields);
  }

  /// Ends a grant.
  ///
  /// @return the grant; empty if there is none by that name
  /// @throws IOException if the file cannot be read or written
  public Optional<Grant> revoke(String id) throws IOException {
    var found = Optional.ofNullable(read().get(id));
    if (found.isPresent()) {
      var fields = new LinkedHashMap<String, @Nullable Object>();
      fields.put("revoked", id);
      fields.put("at", Instant.now().toString());
      append(fields);
    }
    return found;
  }

  private Map<String, Grant> read() throws IOException {
    var grants = new LinkedHashMap<String, Grant>();
    if (!Files.exists(file)) {
      return grants;
    }
    if (Files.size(file) > LARGEST_BYTES) {
      throw new GrantsException(
          "%s is larger than %,d bytes; move it away".formatted(file, LARGEST_BYTES));
    }
    var bytes = Files.readAllBytes(file);
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
            .formatted(file, line));
  }

  private void append(Map<String, @Nullable Object> fields) throws IOException {
    var folder = file.getParent();
    if (folder != null) {
      Files.createDirectories(folder);
    }
    var mode = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    synchronized (session) {
      try (var out =
              FileChannel.open(
                  file,
                  java.util.Set.of(
                      StandardOpenOption.CREATE,
                      StandardOpenOption.WRITE,
                      StandardOpenOption.APPEND),
                  mode);
          var _ = out.lock()) {
        var line = ByteBuffer.wrap(GrantLines.line(fields));
        while (line.hasRemaining()) {
          out.write(line);
        }
      }
    }
  }
}
