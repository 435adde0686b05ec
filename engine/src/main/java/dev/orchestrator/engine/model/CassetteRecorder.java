package dev.orchestrator.engine.model;

import dev.orchestrator.engine.model.Transcript.Entry;
import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Asks another client and writes down what it says. Confined to one thread at a time.
final class CassetteRecorder implements ModelClient {
  private final ModelClient client;
  private final Path file;
  private final Placeholders placeholders;
  private final Redaction redaction;
  private final FileChannel out;
  private List<Entry> last = List.of();

  /// Makes the file.
  static CassetteRecorder create(
      ModelClient client, Path file, Placeholders placeholders, Redaction redaction)
      throws ModelFailure {
    var options = Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    FileChannel out;
    try {
      out = FileChannel.open(file, options, ownerOnly(file));
    } catch (FileAlreadyExistsException _) {
      throw Cassette.failure(
          "the cassette %s cannot be recorded: the file exists".formatted(file),
          "remove %s, or name another file".formatted(file));
    } catch (IOException e) {
      throw unwritable(file, e);
    }
    var recorder = new CassetteRecorder(client, file, out, placeholders, redaction);
    recorder.write(Values.of("cassette", Cassette.VERSION));
    return recorder;
  }

  /// @param out the file, which has its header
  CassetteRecorder(
      ModelClient client,
      Path file,
      FileChannel out,
      Placeholders placeholders,
      Redaction redaction) {
    this.client = client;
    this.file = file;
    this.out = out;
    this.placeholders = placeholders;
    this.redaction = redaction;
  }

  /// A conversation is for its owner to read, where the file system knows owners.
  private static FileAttribute<?>[] ownerOnly(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }

  @Override
  public Reply ask(ModelRequest request, Listener listener)
      throws ModelFailure, InterruptedException {
    placeholders.learn(request.input());
    var entries = Transcript.of(request.input(), placeholders, redaction);
    var line = Values.of("request", describe(request, entries));
    var begun = System.nanoTime();
    Reply reply;
    try {
      reply = client.ask(request, listener);
    } catch (ModelFailure failure) {
      line.put(
          "failure",
          Values.of(
              "kind",
              failure.kind().name().toLowerCase(Locale.ROOT),
              "message",
              hidden(String.valueOf(failure.getMessage())),
              "advice",
              hidden(failure.advice())));
      line.put("elapsed_ms", sinceMillis(begun));
      write(line);
      last = entries;
      throw failure;
    }
    line.put(
        "items", reply.items().stream().map(it -> Values.object(it.json(), this::hidden)).toList());
    line.put("usage", Cassette.json(reply.usage()));
    line.put("elapsed_ms", sinceMillis(begun));
    write(line);
    last = entries;
    return reply;
  }

  private static long sinceMillis(long begunNanos) {
    return Duration.ofNanos(System.nanoTime() - begunNanos).toMillis();
  }

  private Map<String, @Nullable Object> describe(ModelRequest request, List<Entry> entries) {
    var same = 0;
    while (same < Math.min(last.size(), entries.size())
        && last.get(same).digest().equals(entries.get(same).digest())) {
      same++;
    }
    return Values.of(
        "digest",
        Transcript.digest(entries),
        "model",
        request.model(),
        "same",
        same,
        "more",
        entries.subList(same, entries.size()).stream()
            .map(it -> Values.of("type", it.type(), "digest", it.digest(), "text", it.text()))
            .toList());
  }

  private String hidden(String text) {
    return placeholders.hide(redaction.mask(text));
  }

  private void write(Map<String, @Nullable Object> line) throws ModelFailure {
    var bytes = Json.line(line);
    if (bytes.length >= Cassette.MOST_LINE_BYTES) {
      throw Cassette.failure(
          "the cassette %s cannot hold a line of %,d bytes; %,d are the most"
              .formatted(file, bytes.length, Cassette.MOST_LINE_BYTES),
          "run without recording");
    }
    try {
      for (var it : List.of(ByteBuffer.wrap(bytes), ByteBuffer.wrap(new byte[] {'\n'}))) {
        while (it.hasRemaining()) {
          out.write(it);
        }
      }
    } catch (IOException e) {
      throw unwritable(file, e);
    }
  }

  private static ModelFailure unwritable(Path file, IOException e) {
    return Cassette.failure(
        "the cassette %s cannot be written: %s".formatted(file, e.getMessage()),
        "make room or name another file, and record again");
  }

  @Override
  public void close() {
    client.close();
    try {
      out.close();
    } catch (IOException _) {
      // Every line was written when its request ended; nothing is held back.
    }
  }
}
