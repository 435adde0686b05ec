package dev.orchestrator.engine.wire;

import dev.orchestrator.engine.event.ChannelTotal;
import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.ProcessName;
import dev.orchestrator.engine.event.Summary;
import dev.orchestrator.engine.posix.OsText;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/// Turns a fact into its line of JSON. The only place that knows a wire name.
///
/// The format is a promise to scripts and to `sdk-node`; it is described in `docs/events.md` and
/// `docs/schema/`, and tests fail when they differ. Durations are whole milliseconds in a field
/// ending in `_ms`; instants are ISO-8601 in UTC.
///
/// Confined to one thread.
public final class JsonlEncoder {
  private static final int JOURNAL_END_CHARS = 4 * 1024;
  private static final int SLICE_CHARS = 4 * 1024;

  private final Dialect dialect;
  private final InstantText instants = new InstantText();
  private final JsonText escapes = new JsonText();
  private final PieceLine pieces = new PieceLine(escapes);

  public JsonlEncoder(Dialect dialect) {
    this.dialect = dialect;
  }

  /// Which lines there are, and what is in them.
  public enum Dialect {
    /// Codex's vocabulary and nothing else.
    CODEX,
    /// The same, with `seq` and `at` on every line, and lines of our own.
    FULL,
    /// The full dialect without the bytes of output, which are in the spool: pieces come without
    /// theirs, and a command's whole output is cut to 4,096 characters of each end.
    JOURNAL
  }

  /// Writes the line of a fact with its line break; nothing if the dialect has no line for it.
  public void encode(Envelope envelope, ByteArrayOutputStream out) {
    if (dialect == Dialect.CODEX && isOurs(envelope.event())) {
      return;
    }
    if (envelope.event() instanceof Event.OutputAppended piece) {
      var at = instants.of(envelope.at());
      pieces.write(envelope, piece, at, dialect != Dialect.JOURNAL, out);
      return;
    }
    try (var json = Json.generator(out)) {
      json.writeStartObject();
      json.writeStringProperty("type", type(envelope.event()));
      if (dialect != Dialect.CODEX) {
        json.writeNumberProperty("seq", envelope.sequence());
        json.writeStringProperty("at", instants.of(envelope.at()));
      }
      describe(json, envelope.event(), out);
      json.writeEndObject();
      json.writeRaw('\n');
    }
  }

  private static boolean isOurs(Event event) {
    return switch (event) {
      case Event.ThreadStarted _,
          Event.TurnStarted _,
          Event.ItemStarted _,
          Event.ItemUpdated _,
          Event.ItemCompleted _,
          Event.TurnCompleted _,
          Event.TurnFailed _,
          Event.ErrorReported _ ->
          false;
      case Event.RunStarted _,
          Event.InstructionsLoaded _,
          Event.ModelReplied _,
          Event.ThreadCompacted _,
          Event.ExecBegan _,
          Event.OutputAppended _,
          Event.OutputSkipped _,
          Event.InputRequested _,
          Event.ProcessesReaped _,
          Event.ExecEnded _,
          Event.SandboxProbed _,
          Event.ToolRequested _,
          Event.ApprovalRequested _,
          Event.ApprovalResolved _,
          Event.AnswerIgnored _,
          Event.ToolStarted _,
          Event.SandboxDenied _,
          Event.ToolRetried _,
          Event.ToolCompleted _,
          Event.Heartbeat _,
          Event.RunEnded _ ->
          true;
    };
  }

  /// The wire name of a fact.
  static String type(Event event) {
    return switch (event) {
      case Event.RunStarted _ -> "run.started";
      case Event.ThreadStarted _ -> "thread.started";
      case Event.TurnStarted _ -> "turn.started";
      case Event.ItemStarted _ -> "item.started";
      case Event.ItemUpdated _ -> "item.updated";
      case Event.ItemCompleted _ -> "item.completed";
      case Event.TurnCompleted _ -> "turn.completed";
      case Event.TurnFailed _ -> "turn.failed";
      case Event.ErrorReported _ -> "error";
      case Event.InstructionsLoaded _ -> "instructions.loaded";
      case Event.ModelReplied _ -> "model.replied";
      case Event.ThreadCompacted _ -> "thread.compacted";
      case Event.ExecBegan _ -> "exec.begin";
      case Event.OutputAppended _ -> PieceLine.TYPE;
      case Event.OutputSkipped _ -> "exec.gap";
      case Event.InputRequested _ -> "input.requested";
      case Event.ProcessesReaped _ -> "process.reaped";
      case Event.ExecEnded _ -> "exec.end";
      case Event.SandboxProbed _ -> "sandbox.probed";
      case Event.ToolRequested _ -> "tool.requested";
      case Event.ApprovalRequested _ -> "approval.requested";
      case Event.ApprovalResolved _ -> "approval.resolved";
      case Event.AnswerIgnored _ -> "approval.ignored";
      case Event.ToolStarted _ -> "tool.started";
      case Event.SandboxDenied _ -> "sandbox.denied";
      case Event.ToolRetried _ -> "tool.retried";
      case Event.ToolCompleted _ -> "tool.completed";
      case Event.Heartbeat _ -> "heartbeat";
      case Event.RunEnded _ -> "run.summary";
    };
  }

  private void describe(JsonGenerator json, Event event, ByteArrayOutputStream out) {
    switch (event) {
      case Event.RunStarted it -> {
        text(json, "run", it.run().value());
        text(json, "task", it.task());
        text(json, "version", it.version());
        Json.write(json.writeName("command"), it.command());
        path(json, "cwd", it.directory());
        path(json, "folder", it.folder());
        json.writeNumberProperty("pid", it.pid());
      }
      case Event.ThreadStarted it -> text(json, "thread_id", it.thread());
      case Event.TurnStarted _ -> {}
      case Event.ItemStarted it -> item(json, it.item(), out);
      case Event.ItemUpdated it -> item(json, it.item(), out);
      case Event.ItemCompleted it -> item(json, it.item(), out);
      case Event.TurnCompleted it -> {
        fields(json, AgentLines.usage("usage", it.usage()));
        if (dialect != Dialect.CODEX) {
          fields(json, AgentLines.usage("turn_usage", it.ofTurn()));
        }
      }
      case Event.TurnFailed it -> {
        json.writeObjectPropertyStart("error");
        text(json, "message", it.message());
        json.writeEndObject();
      }
      case Event.ErrorReported it -> text(json, "message", it.message());
      case Event.InstructionsLoaded it -> fields(json, AgentLines.of(it));
      case Event.ModelReplied it -> fields(json, AgentLines.of(it));
      case Event.ThreadCompacted it -> fields(json, AgentLines.of(it));
      case Event.ExecBegan it -> {
        text(json, "session", it.session().value());
        text(json, "call", it.call() == null ? null : it.call().value());
        Json.write(json.writeName("command"), it.command());
        path(json, "cwd", it.directory());
        json.writeBooleanProperty("tty", it.window() != null);
        text(json, "backend", it.backend());
        if (it.window() != null) {
          json.writeNumberProperty("columns", it.window().columns());
          json.writeNumberProperty("rows", it.window().rows());
        }
        json.writeBooleanProperty("stdin", it.typing());
        json.writeNumberProperty("pid", it.pid());
      }
      case Event.OutputAppended _ -> throw new AssertionError("has its line from PieceLine");
      case Event.OutputSkipped it -> {
        text(json, "session", it.session().value());
        text(json, "stream", lower(it.channel()));
        json.writeNumberProperty("from", it.from());
        json.writeNumberProperty("to", it.to());
        path(json, "spool", it.spool());
      }
      case Event.InputRequested it -> {
        text(json, "session", it.session().value());
        text(json, "prompt", it.prompt());
        json.writeBooleanProperty("secret", it.secret());
      }
      case Event.ProcessesReaped it -> {
        text(json, "session", it.session() == null ? null : it.session().value());
        processes(json, "killed", it.killed());
        processes(json, "survivors", it.survivors());
      }
      case Event.ExecEnded it -> {
        text(json, "session", it.session().value());
        exit(json, it.exit());
        json.writeNumberProperty("elapsed_ms", it.elapsed().toMillis());
        json.writeNumberProperty("cpu_ms", it.used().cpu().toMillis());
        text(json, "cpu_from", it.used().cpuSource());
        json.writeNumberProperty("peak_memory_bytes", it.used().peakMemoryBytes());
        text(json, "peak_memory_from", it.used().memorySource());
        json.writeNumberProperty("bytes_in", it.used().bytesIn());
        outputs(json, it.output());
        processes(json, "held_by", it.heldBy());
      }
      case Event.SandboxProbed it -> fields(json, CallLines.of(it));
      case Event.ToolRequested it -> fields(json, CallLines.of(it));
      case Event.ApprovalRequested it -> fields(json, CallLines.of(it));
      case Event.ApprovalResolved it -> fields(json, CallLines.of(it));
      case Event.AnswerIgnored it -> fields(json, CallLines.of(it));
      case Event.ToolStarted it -> fields(json, CallLines.of(it));
      case Event.SandboxDenied it -> fields(json, CallLines.of(it));
      case Event.ToolRetried it -> fields(json, CallLines.of(it));
      case Event.ToolCompleted it -> fields(json, CallLines.of(it));
      case Event.Heartbeat it -> {
        text(json, "waiting_on", lower(it.waitingOn()));
        json.writeNumberProperty("last_output_ms", it.sinceOutput().toMillis());
        json.writeNumberProperty("child_cpu_ms", it.childCpu().toMillis());
        json.writeNumberProperty("processes", it.processes());
      }
      case Event.RunEnded it -> summary(json, it.summary());
    }
  }

  private static void fields(JsonGenerator json, Map<String, @Nullable Object> fields) {
    fields.forEach((name, value) -> {
      json.writeName(name);
      Json.write(json, value);
    });
  }

  private void item(JsonGenerator json, Item item, ByteArrayOutputStream out) {
    json.writeObjectPropertyStart("item");
    text(json, "id", item.id());
    switch (item) {
      case Item.CommandExecution it -> {
        text(json, "type", "command_execution");
        text(json, "command", it.command());
        json.writeName("aggregated_output");
        output(json, out, shown(it.output()));
        if (it.exitCode() == null) {
          json.writeNullProperty("exit_code");
        } else {
          json.writeNumberProperty("exit_code", it.exitCode());
        }
        text(json, "status", lower(it.status()));
      }
      case Item.AgentMessage it -> fields(json, AgentLines.of(it));
      case Item.Reasoning it -> fields(json, AgentLines.of(it));
      case Item.FileChange it -> fields(json, AgentLines.of(it));
      case Item.TodoList it -> fields(json, AgentLines.of(it));
      case Item.Trouble it -> fields(json, AgentLines.of(it));
    }
    json.writeEndObject();
  }

  /// A mebibyte takes the library, which is seldom used before that, as long as the rest of the end
  /// of a run.
  private void output(JsonGenerator json, ByteArrayOutputStream out, String output) {
    json.writeRawValue("\"");
    json.flush();
    for (var from = 0; from < output.length(); ) {
      var to = Math.min(output.length(), from + SLICE_CHARS);
      if (to < output.length() && Character.isHighSurrogate(output.charAt(to - 1))) {
        to--;
      }
      var slice = OsText.printable(output.substring(from, to));
      var size = escapes.escape(slice.getBytes(StandardCharsets.UTF_8));
      out.write(escapes.bytes(), 0, size);
      from = to;
    }
    json.writeRaw('"');
  }

  /// The journal has the ends of an output only; the spool has all of it.
  private String shown(String output) {
    if (dialect != Dialect.JOURNAL || output.length() <= 2 * JOURNAL_END_CHARS) {
      return output;
    }
    var tail = output.length() - JOURNAL_END_CHARS;
    return output.substring(0, JOURNAL_END_CHARS)
        + "\n... "
        + (tail - JOURNAL_END_CHARS)
        + " characters omitted ...\n"
        + output.substring(tail);
  }

  /// `exit_code` for a process that ended by itself, `signal` for one that was ended.
  private static void exit(JsonGenerator json, @Nullable Exit exit) {
    switch (exit) {
      case Exit.Exited it -> {
        json.writeNumberProperty("exit_code", it.code());
        json.writeNullProperty("signal");
      }
      case Exit.Signalled it -> {
        json.writeNullProperty("exit_code");
        text(json, "signal", it.name());
      }
      case Exit.Unended() -> {
        json.writeNullProperty("exit_code");
        json.writeNullProperty("signal");
      }
      case null -> {
        json.writeNullProperty("exit_code");
        json.writeNullProperty("signal");
      }
    }
  }

  private static void outputs(JsonGenerator json, List<ChannelTotal> totals) {
    json.writeArrayPropertyStart("output");
    for (var it : totals) {
      json.writeStartObject();
      text(json, "stream", lower(it.channel()));
      json.writeNumberProperty("bytes", it.bytes());
      json.writeNumberProperty("spooled", it.spooled());
      json.writeArrayPropertyStart("lost");
      for (var loss : it.lost()) {
        json.writeStartObject();
        json.writeNumberProperty("from", loss.from());
        json.writeNumberProperty("to", loss.to());
        text(json, "reason", loss.reason());
        json.writeEndObject();
      }
      json.writeEndArray();
      path(json, "spool", it.spool());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void processes(JsonGenerator json, String name, List<ProcessName> processes) {
    json.writeArrayPropertyStart(name);
    for (var it : processes) {
      json.writeStartObject();
      json.writeNumberProperty("pid", it.pid());
      text(json, "command", it.command());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void summary(JsonGenerator json, Summary it) {
    text(json, "run", it.run().value());
    text(json, "task", it.task());
    text(json, "outcome", lower(it.outcome()));
    text(json, "reason", it.reason());
    json.writeNumberProperty("code", it.exitCode());
    exit(json, it.exit());
    json.writeNumberProperty("elapsed_ms", it.elapsed().toMillis());
    text(json, "confinement", it.confinement());
    outputs(json, it.output());
    processes(json, "reaped", it.reaped());
    processes(json, "survivors", it.survivors());
    json.writeNumberProperty("gaps", it.gaps());
    json.writeNumberProperty("bytes_skipped", it.bytesSkipped());
    path(json, "folder", it.folder());
    text(json, "record_error", it.recordError());
  }

  private static void text(JsonGenerator json, String name, @Nullable String value) {
    if (value == null) {
      json.writeNullProperty(name);
    } else {
      json.writeStringProperty(name, OsText.printable(value));
    }
  }

  private static void path(JsonGenerator json, String name, @Nullable Path value) {
    text(json, name, value == null ? null : value.toString());
  }

  /// A constant as the wire has it.
  static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
