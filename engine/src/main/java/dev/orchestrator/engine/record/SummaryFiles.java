package dev.orchestrator.engine.record;

import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Subscriber;
import dev.orchestrator.engine.wire.JsonlEncoder;
import dev.orchestrator.engine.wire.JsonlEncoder.Dialect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Writes a run's summary, the line of its last fact, to files of its own.
public final class SummaryFiles implements Subscriber {
  private final List<Path> files;
  private final JsonlEncoder encoder = new JsonlEncoder(Dialect.FULL);

  public SummaryFiles(List<Path> files) {
    this.files = List.copyOf(files);
  }

  @Override
  public void accept(Envelope envelope, boolean last) throws IOException {
    if (envelope.event() instanceof Event.RunEnded) {
      var line = new ByteArrayOutputStream();
      encoder.encode(envelope, line);
      for (var file : files) {
        AtomicFile.write(file, line.toByteArray());
      }
    }
  }
}
