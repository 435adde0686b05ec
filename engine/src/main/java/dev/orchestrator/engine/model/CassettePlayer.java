package dev.orchestrator.engine.model;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ModelFailure.Kind;
import dev.orchestrator.engine.model.Transcript.Entry;
import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.wire.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Says what a cassette holds, a line for each request. Confined to one thread at a time.
final class CassettePlayer implements ModelClient {
  private final Path file;
  private final Placeholders placeholders;
  private final Redaction redaction;
  private final InputStream in;

  /// How many lines were read, the header included.
  private int lines;

  /// What the last recorded request held.
  private List<Entry> expected = List.of();

  CassettePlayer(Path file, Placeholders placeholders, Redaction redaction) throws ModelFailure {
    this.file = file;
    this.placeholders = placeholders;
    this.redaction = redaction;
    try {
      this.in = new BufferedInputStream(Files.newInputStream(file));
    } catch (NoSuchFileException _) {
      throw failure("there is no cassette %s".formatted(file), "record it first");
    } catch (IOException e) {
      throw unreadable(e);
    }
    var header = next();
    if (header == null || !header.containsKey("cassette")) {
      throw failure("%s is no cassette".formatted(file), "name a file that was recorded");
    }
    var version = Values.number(header, "cassette");
    if (version != Cassette.VERSION) {
      throw failure(
          "the cassette %s has version %d, and only %d is known"
              .formatted(file, version, Cassette.VERSION),
          "record it again");
    }
  }

  @Override
  public Reply ask(ModelRequest request, Listener listener)
      throws ModelFailure, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    placeholders.learn(request.input());
    var came = Transcript.of(request.input(), placeholders, redaction);
    var line = next();
    var number = lines - 1;
    if (line == null) {
      throw failure(
          "the cassette %s holds %d requests, and this is request %d"
              .formatted(file, number, number + 1),
          "record it again");
    }
    var recorded = Values.child(line, "request");
    expected = entries(recorded);
    if (!Transcript.digest(came).equals(Values.text(recorded, "digest"))) {
      throw failure(
          "request %d differs from the cassette %s: %s"
              .formatted(number, file, difference(expected, came)),
          "replay in the state in which it was recorded, or record it again");
    }
    var failed = Values.child(line, "failure");
    if (!failed.isEmpty()) {
      throw ModelFailure.fatal(
          kind(Values.text(failed, "kind")),
          placeholders.show(Values.text(failed, "message")),
          placeholders.show(Values.text(failed, "advice")));
    }
    var items = new ArrayList<ResponseItem>();
    for (var it : Values.children(line, "items")) {
      var item = new ResponseItem(Values.object(it, placeholders::show));
      items.add(item);
      listener.completed(item);
    }
    return new Reply(items, usage(line));
  }

  private static Usage usage(Map<String, @Nullable Object> line) {
    return Cassette.usage(Values.child(line, "usage"));
  }

  private static Kind kind(String name) {
    for (var it : Kind.values()) {
      if (it.name().toLowerCase(Locale.ROOT).equals(name)) {
        return it;
      }
    }
    return Kind.STREAM;
  }

  private List<Entry> entries(Map<String, @Nullable Object> request) throws ModelFailure {
    var same = Values.number(request, "same");
    if (same < 0 || same > expected.size()) {
      throw damaged();
    }
    var entries = new ArrayList<>(expected.subList(0, (int) same));
    for (var it : Values.children(request, "more")) {
      entries.add(
          new Entry(Values.text(it, "type"), Values.text(it, "digest"), Values.text(it, "text")));
    }
    return entries;
  }

  /// The first entry that is not as recorded, and the first line of it.
  private static String difference(List<Entry> expected, List<Entry> came) {
    var both = Math.min(expected.size(), came.size());
    for (var at = 0; at < both; at++) {
      var was = expected.get(at);
      var is = came.get(at);
      if (!was.digest().equals(is.digest())) {
        return "item %d: %s".formatted(at + 1, difference(was, is));
      }
    }
    if (expected.size() > both) {
      return "item %d: expected %s, and the conversation ends"
          .formatted(both + 1, shown(expected.get(both)));
    }
    return came.size() > both
        ? "item %d: expected the end, and there came %s".formatted(both + 1, shown(came.get(both)))
        : "its digest was changed";
  }

  private static String difference(Entry was, Entry is) {
    if (!was.type().equals(is.type())) {
      return "expected %s, and there came %s".formatted(shown(was), shown(is));
    }
    var expected = was.text().lines().toList();
    var came = is.text().lines().toList();
    for (var at = 0; at < Math.max(expected.size(), came.size()); at++) {
      var wanted = at < expected.size() ? quoted(expected.get(at)) : "its end";
      var found = at < came.size() ? quoted(came.get(at)) : "its end";
      if (!wanted.equals(found)) {
        return "%s, line %d: expected %s, and there came %s"
            .formatted(is.type(), at + 1, wanted, found);
      }
    }
    return "%s, after its first %,d characters".formatted(is.type(), was.text().length());
  }

  private static String shown(Entry it) {
    var first = it.text().lines().findFirst().orElse("");
    return first.isEmpty() ? it.type() : it.type() + " " + quoted(first);
  }

  private static String quoted(String line) {
    return "`" + (line.length() <= 200 ? line : line.substring(0, 200) + "...") + "`";
  }

  /// The next line; null after the last.
  private @Nullable Map<String, @Nullable Object> next() throws ModelFailure {
    var line = new ByteArrayOutputStream();
    try {
      int it;
      while ((it = in.read()) >= 0 && it != '\n') {
        line.write(it);
        if (line.size() >= Cassette.MOST_LINE_BYTES) {
          throw failure(
              "the cassette %s has a line of more than %,d bytes"
                  .formatted(file, Cassette.MOST_LINE_BYTES),
              "record it again");
        }
      }
      if (it < 0 && line.size() == 0) {
        return null;
      }
      lines++;
      if (it < 0) {
        throw damaged();
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
    try {
      return Json.readObject(line.toByteArray(), line.size(), Set.of());
    } catch (IOException _) {
      throw damaged();
    }
  }

  private ModelFailure damaged() {
    return failure(
        "the cassette %s is damaged at line %d".formatted(file, lines), "record it again");
  }

  private ModelFailure unreadable(IOException e) {
    return failure(
        "the cassette %s cannot be read: %s".formatted(file, e.getMessage()),
        "name a file that can be read");
  }

  private static ModelFailure failure(String message, String advice) {
    return Cassette.failure(message, advice);
  }

  @Override
  public void close() {
    try {
      in.close();
    } catch (IOException _) {
      // Nothing more is read.
    }
  }
}
