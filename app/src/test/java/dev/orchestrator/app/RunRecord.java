package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.testing.EventSchema;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What a run has left on disk.
record RunRecord(Path folder) {
  private static final EventSchema MANIFEST = EventSchema.of("manifest");

  /// The only run below a folder of runs.
  static RunRecord only(Path runs) throws IOException {
    var all = all(runs);
    assertThat(all).as("runs in " + runs).hasSize(1);
    return all.getFirst();
  }

  static List<RunRecord> all(Path runs) throws IOException {
    try (var files = Files.walk(runs, 3)) {
      return files
          .filter(it -> it.getParent().endsWith("cli") && Files.isDirectory(it))
          .map(RunRecord::new)
          .toList();
    }
  }

  JsonNode manifest() throws IOException {
    var text = Files.readString(folder.resolve("manifest.json"));
    MANIFEST.require(text);
    return Facts.document(text);
  }

  /// The facts up to the last whole line.
  Facts journal() throws IOException {
    var text = Files.readString(folder.resolve("events.jsonl"));
    return Facts.of(text.substring(0, text.lastIndexOf('\n') + 1));
  }

  /// Bytes of all files of a stream.
  long spooledBytes(String stream) throws IOException {
    var sum = 0L;
    for (var file : spool(stream)) {
      sum += Files.size(file);
    }
    return sum;
  }

  /// What is in the spool's files, read as `docs/events.md` says.
  byte[] spooled(String stream, long from, long to) throws IOException {
    var bytes = new ByteArrayOutputStream();
    while (from < to) {
      var at = from;
      var file =
          spool(stream).stream()
              .filter(it -> offset(it) <= at)
              .max(Comparator.comparingLong(RunRecord::offset))
              .orElseThrow();
      var content = Files.readAllBytes(file);
      var count = (int) Math.min(to - from, content.length - (from - offset(file)));
      assertThat(count).as("bytes of %s from %d", file, from).isPositive();
      bytes.write(content, (int) (from - offset(file)), count);
      from += count;
    }
    return bytes.toByteArray();
  }

  private List<Path> spool(String stream) throws IOException {
    try (var files = Files.list(folder.resolve("spool"))) {
      return files
          .filter(it -> it.getFileName().toString().matches("s1\\." + stream + "(\\.\\d+)?"))
          .toList();
    }
  }

  private static long offset(Path file) {
    var name = file.getFileName().toString().split("\\.", -1);
    return name.length < 3 ? 0 : Long.parseLong(name[2]);
  }
}
