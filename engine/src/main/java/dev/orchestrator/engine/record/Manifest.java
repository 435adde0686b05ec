package dev.orchestrator.engine.record;

import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.ProcessName;
import dev.orchestrator.engine.event.Subscriber;
import dev.orchestrator.engine.wire.Json;
import dev.orchestrator.engine.wire.JsonlEncoder;
import dev.orchestrator.engine.wire.JsonlEncoder.Dialect;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The document that says what ran, how confined, how it ended and what is still running.
///
/// Built from facts and rewritten whenever a command begins or ends, so that whatever happens to
/// this process, the manifest is right up to that moment; facts that are there together are written
/// together. Its `status` is `running` until the run's last fact.
///
/// Confined to its thread of the bus.
public final class Manifest implements Subscriber {
  private final Path file;
  private final JsonlEncoder encoder = new JsonlEncoder(Dialect.JOURNAL);
  private final Map<String, @Nullable Object> document = new LinkedHashMap<>();
  private final Map<String, Entry> sessions = new LinkedHashMap<>();
  private final Map<String, Entry> calls = new LinkedHashMap<>();

  /// Of each call's last attempt.
  private final Map<CallId, String> confinements = new HashMap<>();

  /// Of the last attempt there was.
  private String confinement = "none";

  /// Whether the file lags behind.
  private boolean changed;

  public Manifest(Path file) {
    this.file = file;
  }

  @Override
  public void accept(Envelope envelope, boolean last) throws IOException {
    if (!(envelope.event() instanceof Event.OutputAppended)) { // Comes by the thousand.
      note(envelope);
    }
    if (changed && (last || envelope.event() instanceof Event.RunEnded)) {
      document.put("toolRuns", calls.values().stream().map(Entry::written).toList());
      document.put("sessions", sessions.values().stream().map(Entry::written).toList());
      AtomicFile.write(file, Json.line(document));
      changed = false;
    }
  }

  /// What the thread is called and a turn has used is saved with the next step.
  private void note(Envelope envelope) throws IOException {
    switch (envelope.event()) {
      case Event.RunStarted _ -> {
        document.put("schema", 1);
        document.put("status", "running");
        document.put("started_at", envelope.at().toString());
        document.putAll(fields(envelope));
      }
      case Event.ThreadStarted it -> {
        document.put("thread_id", it.thread());
        return;
      }
      case Event.ExecBegan it -> {
        var session = new Entry();
        session.put("status", "running");
        session.put(
            "confinement",
            it.call() == null ? confinement : confinements.getOrDefault(it.call(), "none"));
        session.put("started_at", envelope.at().toString());
        session.putAll(fields(envelope));
        sessions.put(it.session().value(), session);
      }
      case Event.ExecEnded it -> {
        var session = sessions.computeIfAbsent(it.session().value(), _ -> new Entry());
        session.putAll(fields(envelope));
        session.put("status", "ended");
      }
      case Event.RunEnded _ -> {
        document.put("status", "ended");
        document.put("ended_at", envelope.at().toString());
        document.put("summary", fields(envelope));
      }
      case Event.InstructionsLoaded _ ->
          document.put("instructions", fields(envelope).get("sources"));
      case Event.TurnCompleted _ -> {
        document.putAll(fields(envelope));
        return;
      }
      case Event.SandboxProbed _ -> document.put("sandbox", fields(envelope));
      case Event.ToolRequested it -> {
        var call = new Entry();
        call.put("status", "requested");
        call.put("requested_at", envelope.at().toString());
        call.putAll(fields(envelope));
        calls.put(it.call().value(), call);
      }
      case Event.ApprovalRequested it -> of(it.question().call()).put("status", "asked");
      case Event.ToolStarted it -> {
        var call = of(it.call());
        call.put("status", "running");
        var started = fields(envelope);
        confinement = it.held().toString();
        confinements.put(it.call(), confinement);
        call.put("approvalSource", started.get("approval_source"));
        call.put("retryCount", it.attempt() - 1);
        call.put("sandboxState", started.get("sandbox"));
      }
      case Event.ToolCompleted it -> {
        var call = of(it.call());
        var completed = fields(envelope);
        call.put("status", it.outcome());
        call.put("approvalSource", completed.get("approval_source"));
        call.put("retryCount", it.retries());
        call.put("sandboxState", completed.get("sandbox"));
        call.put("evidence", completed.get("evidence"));
        call.put("reason", it.reason());
      }
      case Event.ApprovalResolved _,
          Event.AnswerIgnored _,
          Event.SandboxDenied _,
          Event.ToolRetried _,
          Event.TurnStarted _,
          Event.ItemStarted _,
          Event.ItemUpdated _,
          Event.ItemCompleted _,
          Event.ModelReplied _,
          Event.ThreadCompacted _,
          Event.TurnFailed _,
          Event.ErrorReported _,
          Event.OutputAppended _,
          Event.OutputSkipped _,
          Event.InputRequested _,
          Event.ProcessesReaped _,
          Event.Heartbeat _ -> {
        return;
      }
    }
    changed = true;
  }

  private Entry of(CallId call) {
    return calls.computeIfAbsent(call.value(), _ -> new Entry());
  }

  /// The fact's own fields, under their wire names.
  private Map<String, @Nullable Object> fields(Envelope envelope) throws IOException {
    var line = new ByteArrayOutputStream();
    encoder.encode(envelope, line);
    var fields = Json.readObject(line.toByteArray());
    fields.keySet().removeAll(List.of("type", "seq", "at"));
    return fields;
  }

  /// Notes in the manifest of a run whose orchestrator was killed that it is over, and what of it
  /// had to be ended.
  ///
  /// @throws IOException if there is no manifest, or it cannot be replaced
  public static void closeDead(Path file, List<ProcessName> killed, List<ProcessName> survivors)
      throws IOException {
    var document = Json.readObject(Files.readAllBytes(file));
    if (!"running".equals(document.get("status"))) {
      return;
    }
    document.put("status", "killed");
    if (document.get("sessions") instanceof List<?> list) {
      document.put("sessions", list.stream().map(Manifest::closed).toList());
    }
    if (document.get("toolRuns") instanceof List<?> list) {
      document.put("toolRuns", list.stream().map(Manifest::closed).toList());
    }
    document.put("reaped", killed.stream().map(Manifest::named).toList());
    document.put("survivors", survivors.stream().map(Manifest::named).toList());
    AtomicFile.write(file, Json.line(document));
  }

  /// A session or call that was open when its orchestrator was killed is over too.
  private static Map<String, @Nullable Object> closed(Object session) {
    var closed = new LinkedHashMap<String, @Nullable Object>();
    if (session instanceof Map<?, ?> map) {
      map.forEach((name, value) -> closed.put(String.valueOf(name), value));
    }
    for (var open : List.of("requested", "asked", "running")) {
      closed.replace("status", open, "killed");
    }
    return closed;
  }

  private static Map<String, @Nullable Object> named(ProcessName it) {
    var named = new LinkedHashMap<String, @Nullable Object>();
    named.put("pid", it.pid());
    named.put("command", it.command());
    return named;
  }

  /// A session or call. Written once for every change of its own, not for every other one's.
  private static final class Entry {
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private Json.@Nullable Written written;

    void put(String name, @Nullable Object value) {
      fields.put(name, value);
      written = null;
    }

    void putAll(Map<String, @Nullable Object> more) {
      fields.putAll(more);
      written = null;
    }

    Json.Written written() {
      if (written == null) {
        written = new Json.Written(fields);
      }
      return written;
    }
  }
}
