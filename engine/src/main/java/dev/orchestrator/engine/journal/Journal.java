package dev.orchestrator.engine.journal;

import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Subscriber;
import dev.orchestrator.engine.wire.Json;
import dev.orchestrator.engine.wire.JsonlEncoder;
import dev.orchestrator.engine.wire.JsonlEncoder.Dialect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// The file that holds every fact of a run, one line each, without the bytes of output.
///
/// A fact is in the file, as far as other processes can see, before any other subscriber hears of
/// it; it survives the end of this process, though not a power failure.
///
/// Confined to its thread of the bus.
public final class Journal implements Subscriber, AutoCloseable {
  private static final int FLUSH_BYTES = 32 * 1024;
  private static final int PATIENCE_LOOKS = 10;
  private static final long PATIENCE_NANOS = 20_000_000;

  private final Path file;
  private final FileChannel out;
  private final JsonlEncoder encoder = new JsonlEncoder(Dialect.JOURNAL);
  private final ByteArrayOutputStream lines = new ByteArrayOutputStream(FLUSH_BYTES);

  private Journal(Path file, FileChannel out) {
    this.file = file;
    this.out = out;
  }

  /// Opens a new journal.
  ///
  /// @throws IOException if the file cannot be created, or exists
  public static Journal open(Path file) throws IOException {
    return new Journal(
        file,
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.APPEND));
  }

  /// Nothing is kept; for ephemeral runs.
  public static Subscriber none() {
    return (_, _) -> {};
  }

  @Override
  public void accept(Envelope envelope, boolean last) throws IOException {
    encoder.encode(envelope, lines);
    if (last || lines.size() >= FLUSH_BYTES) {
      flush();
    }
  }

  private void flush() throws IOException {
    var buffer = ByteBuffer.wrap(lines.toByteArray());
    lines.reset();
    for (var refusals = 0; buffer.hasRemaining(); ) {
      try {
        out.write(buffer);
      } catch (IOException e) {
        // When the disk has just become full, the spool is about to give room back.
        if (++refusals > PATIENCE_LOOKS || !out.isOpen()) {
          throw new IOException("the journal cannot be written: " + file + ": " + why(e), e);
        }
        LockSupport.parkNanos(PATIENCE_NANOS);
      }
    }
  }

  private static String why(IOException e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Reads a journal up to its last whole line.
  ///
  /// @throws IOException if it cannot be read, or a whole line is no JSON object
  public static List<Map<String, @Nullable Object>> read(Path file) throws IOException {
    var bytes = Files.readAllBytes(file);
    var facts = new ArrayList<Map<String, @Nullable Object>>();
    var start = 0;
    for (var index = 0; index < bytes.length; index++) {
      if (bytes[index] == '\n') {
        facts.add(Json.readObject(Arrays.copyOfRange(bytes, start, index)));
        start = index + 1;
      }
    }
    return facts;
  }
}
