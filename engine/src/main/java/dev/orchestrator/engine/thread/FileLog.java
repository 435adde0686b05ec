package dev.orchestrator.engine.thread;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.posix.PathLock;
import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Appends to a rollout.
///
/// Safe from any thread.
final class FileLog implements ThreadLog {
  private static final DateTimeFormatter MILLIS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);
  private static final int PATIENCE_LOOKS = 10;
  private static final long PATIENCE_NANOS = 20_000_000;

  /// As deep as JSON is read here.
  private static final int DEEPEST = 64;

  /// A compaction holds items deeper by this than where they stood first.
  private static final int ROOM_FOR_COMPACTION = 2;

  private final UUID id;
  private final Path file;
  private final InstantSource clock;
  private final Redaction redaction;
  private final Names names;
  private final PathLock lock;
  private final ReentrantLock one = new ReentrantLock();

  /// Guarded by `one`, as all that follows. Not a channel: an interrupt would close it.
  private final RandomAccessFile out;

  /// Where the whole records end.
  private long end;

  private long ordinal;
  private String turnId = "";
  private boolean closed;

  /// @param lock of the file; closed with the log
  FileLog(
      UUID id,
      Path file,
      RandomAccessFile out,
      PathLock lock,
      long end,
      long ordinal,
      InstantSource clock,
      Redaction redaction,
      Names names) {
    this.id = id;
    this.file = file;
    this.out = out;
    this.lock = lock;
    this.end = end;
    this.ordinal = ordinal;
    this.clock = clock;
    this.redaction = redaction;
    this.names = names;
  }

  void begin(ThreadMeta meta, @Nullable Origin origin) throws IOException {
    add(Records.META, Records.meta(meta, origin), Rollout.LONGEST_META_BYTES);
    if (meta.name() != null) {
      names.add(id, redaction.mask(meta.name()), clock.instant());
    }
  }

  @Override
  public void turn(TurnContext context, String prompt) throws IOException {
    one.lock();
    try {
      turnId = context.turnId();
      // Masked before it is cut, so that no half of a secret remains.
      event(Records.started(turnId, redaction.mask(prompt)));
      add(Records.CONTEXT, Records.context(context));
    } finally {
      one.unlock();
    }
  }

  @Override
  public void append(ResponseItem item) throws IOException {
    add(Records.ITEM, item.json());
  }

  @Override
  public void usage(Usage total, Usage last) throws IOException {
    event(Records.tokens(total, last));
  }

  @Override
  public void compacted(List<ResponseItem> history) throws IOException {
    add(Records.COMPACTED, Records.compacted(history));
  }

  @Override
  public void completed(@Nullable String lastMessage) throws IOException {
    event(Records.completed(turn(), lastMessage));
  }

  @Override
  public void failed(String message) throws IOException {
    event(Records.failed(turn(), message));
  }

  @Override
  public void aborted(String reason) throws IOException {
    event(Records.aborted(turn(), reason));
  }

  @Override
  public void rename(String name) throws IOException {
    if (!ThreadMeta.isName(name)) {
      throw new ThreadException(
          "a thread's name has 1 to 200 characters and no control characters; choose another one");
    }
    event(Records.of("type", "thread_name_updated", "thread_name", name));
    names.add(id, redaction.mask(name), clock.instant());
  }

  private String turn() {
    one.lock();
    try {
      return turnId;
    } finally {
      one.unlock();
    }
  }

  private void event(Map<String, @Nullable Object> payload) throws IOException {
    add(Records.EVENT, payload);
  }

  private void add(String type, Map<String, @Nullable Object> payload) throws IOException {
    add(type, payload, Rollout.LONGEST_LINE_BYTES);
  }

  private void add(String type, Map<String, @Nullable Object> payload, long longest)
      throws IOException {
    // What is kept can be read again: the same limits as for reading.
    var deepest = type.equals(Records.COMPACTED) ? DEEPEST : DEEPEST - ROOM_FOR_COMPACTION;
    if (Records.depth(payload) >= deepest) {
      throw refused("a record is nested deeper than %d levels".formatted(deepest));
    }
    var masked = masked(payload);
    one.lock();
    try {
      if (closed) {
        throw refused("it is closed");
      }
      var json =
          Json.line(
              Records.of(
                  "timestamp",
                  MILLIS.format(clock.instant()),
                  "ordinal",
                  ordinal,
                  "type",
                  type,
                  "payload",
                  masked));
      if (json.length > longest) {
        throw refused("a record has %,d bytes, more than %,d".formatted(json.length, longest));
      }
      if (end + json.length + 1 > Rollout.LARGEST_BYTES) {
        throw refused(
            "it has reached %,d bytes; begin a new thread".formatted(Rollout.LARGEST_BYTES));
      }
      var line = Arrays.copyOf(json, json.length + 1);
      line[json.length] = '\n';
      write(line);
      end += line.length;
      ordinal++;
    } finally {
      one.unlock();
    }
  }

  private void write(byte[] line) throws IOException {
    for (var refusals = 0; ; ) {
      try {
        cut();
        out.seek(end);
        out.write(line);
        return;
      } catch (IOException e) {
        // When the disk has just become full, the spool is about to give room back.
        if (++refusals > PATIENCE_LOOKS) {
          throw unwritable(e);
        }
        LockSupport.parkNanos(PATIENCE_NANOS);
      }
    }
  }

  /// Removes half a line that a failed write has left: behind another line it would be damage.
  private void cut() throws IOException {
    if (out.length() != end) {
      out.setLength(end);
    }
  }

  private ThreadException unwritable(IOException e) {
    try {
      cut();
    } catch (IOException more) {
      e.addSuppressed(more);
    }
    return new ThreadException(
        "the thread cannot be kept in %s: %s; free space, or run with --ephemeral"
            .formatted(file, e.getMessage()),
        e);
  }

  private ThreadException refused(String why) {
    return new ThreadException("thread %s cannot be kept any further: %s".formatted(id, why));
  }

  private Map<String, @Nullable Object> masked(Map<?, ?> object) {
    var copy = new LinkedHashMap<String, @Nullable Object>();
    object.forEach((name, it) -> copy.put(redaction.mask(String.valueOf(name)), masked(it)));
    return copy;
  }

  private @Nullable Object masked(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> it -> masked(it);
      case Collection<?> list -> {
        var copy = new ArrayList<@Nullable Object>(list.size());
        list.forEach(it -> copy.add(masked(it)));
        yield copy;
      }
      case String it -> redaction.mask(it);
      case Path it -> redaction.mask(it.toString());
      case null -> null;
      default -> value;
    };
  }

  @Override
  public void close() {
    one.lock();
    try {
      if (!closed) {
        closed = true;
        // Closed last, and whatever happens before.
        try (lock) {
          out.close();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      one.unlock();
    }
  }
}
