package dev.orchestrator.engine.thread;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One file of a thread, read line by line.
final class Rollout {
  /// A picture in a message is a few MiB, and a compaction may hold some.
  static final long LONGEST_LINE_BYTES = 64L * 1024 * 1024;

  /// Far more than a model can be told; the rest is for what compactions have left behind.
  static final long LARGEST_BYTES = 256L * 1024 * 1024;

  /// The first line, which is read of every thread that is looked at: it holds base instructions.
  static final int LONGEST_META_BYTES = 1024 * 1024;

  private Rollout() {}

  /// The first line.
  ///
  /// @param ordinal what the record is called, which is not 0 for a fork
  record Head(ThreadMeta meta, @Nullable Origin origin, long ordinal) {}

  /// What the records say, one after another.
  static final class Content {
    final List<ResponseItem> history = new ArrayList<>();
    Usage usage = Usage.NONE;
    @Nullable TurnContext last;
    long nextOrdinal;
  }

  /// Reads the first line only.
  ///
  /// @throws ThreadException if it is no beginning of a thread
  static Head head(Path file) throws IOException {
    try (var lines = new Lines(file, LONGEST_META_BYTES)) {
      return head(file, lines);
    }
  }

  private static Head head(Path file, Lines lines) throws IOException {
    var line = lines.next();
    if (line == null) {
      throw new ThreadException(file + " does not say what thread it holds; move it away");
    }
    try {
      var record = record(line);
      if (!record.text("type").equals(Records.META)) {
        throw new Fields.Bad("type is not " + Records.META);
      }
      var payload = record.child("payload");
      var origin = payload.origin();
      var ordinal = record.count("ordinal");
      if (ordinal != (origin == null ? 0 : origin.before())) {
        throw new Fields.Bad("ordinal " + ordinal + " is no beginning");
      }
      return new Head(payload.meta(), origin, ordinal);
    } catch (Fields.Bad e) {
      throw damaged(file, lines, e);
    }
  }

  /// What was asked first, as lists show it; empty if nothing was.
  static String preview(Path file) {
    try (var lines = new Lines(file, LONGEST_META_BYTES)) {
      lines.next();
      var line = lines.next();
      if (line == null) {
        return "";
      }
      // The record right after the beginning, because a turn is what comes first.
      var record = record(line);
      return record.text("type").equals(Records.EVENT)
              && record.child("payload").text("type").equals(Records.STARTED)
          ? Records.preview(record.child("payload").text("prompt_preview"))
          : "";
    } catch (IOException | Fields.Bad _) {
      return "";
    }
  }

  /// Adds what a file says.
  ///
  /// @param before the first ordinal that does not count
  /// @return bytes of the file's whole lines, as far as they were read
  static long read(Path file, long before, Content content) throws IOException {
    var size = Files.size(file);
    if (size > LARGEST_BYTES) {
      throw new ThreadException(
          "%s has %,d bytes, more than the %,d of which a thread may consist; begin a new thread"
              .formatted(file, size, LARGEST_BYTES));
    }
    try (var lines = new Lines(file, LONGEST_LINE_BYTES)) {
      content.nextOrdinal = head(file, lines).ordinal() + 1;
      for (byte[] line; content.nextOrdinal < before && (line = lines.next()) != null; ) {
        try {
          var record = record(line);
          var ordinal = record.count("ordinal");
          if (ordinal != content.nextOrdinal) {
            throw new Fields.Bad(
                "ordinal %d stands where %d belongs".formatted(ordinal, content.nextOrdinal));
          }
          add(record.text("type"), record.child("payload"), content);
        } catch (Fields.Bad e) {
          throw damaged(file, lines, e);
        }
        content.nextOrdinal++;
      }
      return lines.wholeBytes();
    }
  }

  private static void add(String type, Fields payload, Content content) throws Fields.Bad {
    switch (type) {
      case Records.ITEM -> content.history.add(payload.item());
      case Records.CONTEXT -> content.last = payload.context();
      case Records.COMPACTED -> {
        var items = payload.items("replacement_history");
        content.history.clear();
        content.history.addAll(items);
      }
      case Records.EVENT -> {
        if (payload.text("type").equals(Records.TOKENS)) {
          content.usage = payload.child("info").child("total_token_usage").usage();
        }
      }
      // Later versions may keep more.
      default -> {}
    }
  }

  private static Fields record(byte[] line) throws Fields.Bad {
    try {
      return new Fields(Json.readObject(line));
    } catch (IOException _) {
      // What the parser says may quote the line.
      throw new Fields.Bad("it is no JSON object");
    }
  }

  private static ThreadException damaged(Path file, Lines lines, Fields.Bad e) {
    return new ThreadException(
        "%s is damaged at line %d: %s; repair the line, or begin a new thread"
            .formatted(file, lines.number(), e.getMessage()));
  }
}
