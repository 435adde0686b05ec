package dev.orchestrator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.Bytes;
import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.ChannelTotal;
import dev.orchestrator.engine.event.ChannelTotal.Loss;
import dev.orchestrator.engine.event.Consumption;
import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.Event.WaitingOn;
import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.Item.Status;
import dev.orchestrator.engine.event.ProcessName;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.event.Summary;
import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.testing.EventSchema;
import dev.orchestrator.engine.wire.JsonlEncoder.Dialect;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// One example of every fact, and the lines it becomes.
class EventCatalogTest {
  private static final RunId RUN = new RunId("r1");
  private static final SessionId SESSION = new SessionId("s1");
  private static final Path SHOP = Path.of("/home/ada/shop");
  private static final Path SPOOL = Path.of("/spool/s1.stdout");
  private static final ProcessName SLEEPER = new ProcessName(7, "sleep 9");
  private static final ChannelTotal TOTAL =
      new ChannelTotal(Channel.STDOUT, 9, 5, List.of(new Loss(2, 6, "cap")), SPOOL);
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static final List<Event> OWN_EXAMPLES =
      List.of(
          new Event.RunStarted(
              RUN, "shop", "0.1.0", List.of("make", "test"), SHOP, Path.of("/runs/r1"), 4711),
          new Event.RunStarted(RUN, "shop", "0.1.0", List.of("make"), SHOP, null, 4711),
          new Event.ThreadStarted("019b7a3c"),
          new Event.TurnStarted(),
          new Event.ItemStarted(command("", null, Status.IN_PROGRESS)),
          new Event.ExecBegan(
              SESSION, null, List.of("make", "test"), SHOP, "native", null, true, 4712),
          new Event.ExecBegan(
              SESSION,
              new CallId("call_1"),
              List.of("top"),
              SHOP,
              "pty4j",
              new WindowSize(80, 24),
              false,
              4712),
          new Event.OutputAppended(SESSION, Channel.STDOUT, 0, Bytes.of("grün \"1\"\n"), true),
          new Event.OutputAppended(SESSION, Channel.STDERR, 3, bytes(0xff, 0xfe), false),
          new Event.OutputSkipped(SESSION, Channel.TERMINAL, 10, 30, SPOOL),
          new Event.OutputSkipped(SESSION, Channel.STDOUT, 10, 30, null),
          new Event.InputRequested(SESSION, "Password:", true),
          new Event.ProcessesReaped(SESSION, List.of(SLEEPER), List.of()),
          new Event.ProcessesReaped(null, List.of(), List.of(SLEEPER)),
          new Event.Heartbeat(WaitingOn.COMMAND, Duration.ofSeconds(4), Duration.ofMillis(20), 3),
          new Event.ExecEnded(
              SESSION,
              new Exit.Exited(2),
              Duration.ofMillis(1900),
              new Consumption(Duration.ofMillis(1200), "wait4", 1024, "upper bound", 6),
              List.of(TOTAL),
              List.of(SLEEPER)),
          new Event.ExecEnded(
              SESSION,
              new Exit.Unended(),
              Duration.ZERO,
              new Consumption(Duration.ZERO, "unknown", 0, "unknown", 0),
              List.of(),
              List.of()),
          new Event.ErrorReported("busy; trying again"),
          new Event.ItemCompleted(command("ok\n", 0, Status.COMPLETED)),
          new Event.ItemCompleted(command("no such program", -1, Status.FAILED)),
          new Event.TurnCompleted(new Usage(5, 4, 3, 2, 1), new Usage(1, 1, 0, 1, 0)),
          new Event.TurnFailed("timed out after 9 s"),
          new Event.RunEnded(
              new Summary(
                  RUN,
                  "shop",
                  Outcome.COMMAND_FAILED,
                  "ended by SIGTERM",
                  new Exit.Signalled(15, "SIGTERM"),
                  143,
                  Duration.ofSeconds(9),
                  "none",
                  List.of(TOTAL),
                  List.of(SLEEPER),
                  List.of(),
                  1,
                  20,
                  Path.of("/runs/r1"),
                  null)),
          new Event.RunEnded(
              new Summary(
                  RUN,
                  "shop",
                  Outcome.NOT_FOUND,
                  "no such program: mkae",
                  null,
                  127,
                  Duration.ofMillis(3),
                  "none",
                  List.of(),
                  List.of(),
                  List.of(),
                  0,
                  0,
                  null,
                  "no space left on device")));

  private static final List<Event> EXAMPLES =
      Stream.of(OWN_EXAMPLES, CallExamples.FACTS, AgentExamples.FACTS)
          .flatMap(List::stream)
          .toList();

  @Test
  void has_an_example_of_every_fact() {
    var shown = EXAMPLES.stream().map(Object::getClass).collect(Collectors.toSet());

    assertThat(shown)
        .containsExactlyInAnyOrderElementsOf(Arrays.asList(Event.class.getPermittedSubclasses()));
  }

  @Test
  void has_no_line_of_our_own_in_codex_dialect() {
    assertThat(lines(Dialect.CODEX))
        .isEqualTo(
            """
            {"type":"thread.started","thread_id":"019b7a3c"}
            {"type":"turn.started"}
            {"type":"item.started","item":{"id":"item_0","type":"command_execution","command":"make test","aggregated_output":"","exit_code":null,"status":"in_progress"}}
            {"type":"error","message":"busy; trying again"}
            {"type":"item.completed","item":{"id":"item_0","type":"command_execution","command":"make test","aggregated_output":"ok\\n","exit_code":0,"status":"completed"}}
            {"type":"item.completed","item":{"id":"item_0","type":"command_execution","command":"make test","aggregated_output":"no such program","exit_code":-1,"status":"failed"}}
            {"type":"turn.completed","usage":{"input_tokens":5,"cached_input_tokens":4,"cache_write_input_tokens":3,"output_tokens":2,"reasoning_output_tokens":1}}
            {"type":"turn.failed","error":{"message":"timed out after 9 s"}}
            """
                + CallExamples.CODEX_LINES
                + AgentExamples.CODEX_LINES);
  }

  @Test
  void encodes_each_as_one_line_of_the_full_dialect() {
    assertThat(lines(Dialect.FULL))
        .isEqualTo(full("\"text\":\"grün \\\"1\\\"\\n\"", "\"base64\":\"//4=\""));
  }

  @Test
  void leaves_bytes_out_of_the_journal_and_nothing_else() {
    assertThat(lines(Dialect.JOURNAL)).isEqualTo(full("", "").replace(",}", "}"));
  }

  @ParameterizedTest
  @EnumSource
  void agrees_with_the_published_schema(Dialect dialect) {
    assertThat(lines(dialect).lines()).isNotEmpty().allSatisfy(EventSchema::check);
  }

  @Test
  void has_a_schema_for_exactly_the_lines_it_makes() throws Exception {
    var schema = Json.readObject(Schemas.text("events").getBytes(StandardCharsets.UTF_8));

    assertThat(schema.get("oneOf"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.list(Map.class))
        .map(it -> String.valueOf(it.get("$ref")))
        .containsExactlyInAnyOrderElementsOf(types().stream().map(it -> "#/$defs/" + it).toList());
  }

  @Test
  void documents_every_wire_name() throws Exception {
    var documented = Files.readString(Path.of("../docs/events.md"));

    assertThat(documented.lines().filter(it -> it.startsWith("## `")))
        .containsExactlyInAnyOrderElementsOf(
            types().stream().map(it -> "## `" + it + "`").toList());
  }

  @Test
  void documents_every_field_of_its_own_section() throws Exception {
    var documented = Files.readString(Path.of("../docs/events.md"));

    for (var line : lines(Dialect.FULL).lines().toList()) {
      var fields = Json.readObject(line.getBytes(StandardCharsets.UTF_8));
      var start = documented.indexOf("## `" + fields.remove("type") + "`");
      var end = documented.indexOf("\n## ", start);
      var section = documented.substring(start, end < 0 ? documented.length() : end);
      fields.keySet().removeAll(List.of("seq", "at"));
      for (var field : fields.keySet()) {
        assertThat(section).containsPattern("(?m)^\\|[^|]*`" + field + "[`.]");
      }
    }
  }

  @Test
  void shows_examples_in_the_document_that_are_true() throws Exception {
    var documented = Files.readString(Path.of("../docs/events.md"));

    assertThat(documented.lines().filter(it -> it.startsWith("{")))
        .hasSizeGreaterThanOrEqualTo(types().size())
        .allSatisfy(EventSchema::check);
  }

  @Test
  void shortens_a_commands_whole_output_in_the_journal_only() throws Exception {
    var output = "a".repeat(4096) + "b".repeat(10) + "c".repeat(4096);
    var fact = new Event.ItemCompleted(command(output, 0, Status.COMPLETED));

    assertThat(outputIn(line(Dialect.FULL, fact))).isEqualTo(output);
    assertThat(outputIn(line(Dialect.JOURNAL, fact)))
        .isEqualTo(output.replace("b".repeat(10), "\n... 10 characters omitted ...\n"));
  }

  @Test
  void writes_a_commands_whole_output_however_long_and_odd_it_is() throws Exception {
    var odd = "a\"b\\c\r\n\u001b[1mü語🙂";
    for (var shift = 0; shift < 4; shift++) {
      var output = "x".repeat(shift) + odd.repeat(2_000);
      var line = line(Dialect.CODEX, new Event.ItemCompleted(command(output, 0, Status.COMPLETED)));

      assertThat(outputIn(line)).isEqualTo(output);
      assertThat(line).endsWith("🙂\",\"exit_code\":0,\"status\":\"completed\"}}\n");
    }
    var broken = "a\udcff" + "b".repeat(4094) + "\ud800";
    assertThat(
            outputIn(
                line(Dialect.CODEX, new Event.ItemCompleted(command(broken, 0, Status.COMPLETED)))))
        .isEqualTo("a\ufffd" + "b".repeat(4094) + "\ufffd");
  }

  @Test
  void writes_text_that_is_no_unicode_as_replacement_characters() {
    var line = line(Dialect.CODEX, new Event.TurnFailed("no such program: \udcff\n\u0001"));

    assertThat(line)
        .isEqualTo(
            """
            {"type":"turn.failed","error":{"message":"no such program: \ufffd\\n\\u0001"}}
            """);
  }

  private static Set<String> types() {
    return EXAMPLES.stream().map(JsonlEncoder::type).collect(Collectors.toSet());
  }

  private static String lines(Dialect dialect) {
    return EXAMPLES.stream().map(it -> line(dialect, it)).collect(Collectors.joining());
  }

  private static String line(Dialect dialect, Event event) {
    var out = new ByteArrayOutputStream();
    new JsonlEncoder(dialect).encode(new Envelope(7, NOON, event), out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Object outputIn(String line) throws Exception {
    var item = Json.readObject(line.getBytes(StandardCharsets.UTF_8)).get("item");
    return ((Map<?, ?>) item).get("aggregated_output");
  }

  private static Item command(String output, Integer exitCode, Status status) {
    return new Item.CommandExecution("item_0", "make test", output, exitCode, status);
  }

  private static Bytes bytes(int... values) {
    var bytes = new byte[values.length];
    for (var index = 0; index < values.length; index++) {
      bytes[index] = (byte) values[index];
    }
    return Bytes.copyOf(bytes, 0, bytes.length);
  }

  /// @param text how the chunk of text carries its bytes
  /// @param binary how the other one does
  private static String full(String text, String binary) {
    var lines =
        """
        {"type":"run.started",@,"run":"r1","task":"shop","version":"0.1.0","command":["make","test"],"cwd":"/home/ada/shop","folder":"/runs/r1","pid":4711}
        {"type":"run.started",@,"run":"r1","task":"shop","version":"0.1.0","command":["make"],"cwd":"/home/ada/shop","folder":null,"pid":4711}
        {"type":"thread.started",@,"thread_id":"019b7a3c"}
        {"type":"turn.started",@}
        {"type":"item.started",@,"item":{"id":"item_0","type":"command_execution","command":"make test","aggregated_output":"","exit_code":null,"status":"in_progress"}}
        {"type":"exec.begin",@,"session":"s1","call":null,"command":["make","test"],"cwd":"/home/ada/shop","tty":false,"backend":"native","stdin":true,"pid":4712}
        {"type":"exec.begin",@,"session":"s1","call":"call_1","command":["top"],"cwd":"/home/ada/shop","tty":true,"backend":"pty4j","columns":80,"rows":24,"stdin":false,"pid":4712}
        {"type":"exec.chunk",@,"session":"s1","stream":"stdout","offset":0,"len":10,TEXT}
        {"type":"exec.chunk",@,"session":"s1","stream":"stderr","offset":3,"len":2,BINARY}
        {"type":"exec.gap",@,"session":"s1","stream":"terminal","from":10,"to":30,"spool":"/spool/s1.stdout"}
        {"type":"exec.gap",@,"session":"s1","stream":"stdout","from":10,"to":30,"spool":null}
        {"type":"input.requested",@,"session":"s1","prompt":"Password:","secret":true}
        {"type":"process.reaped",@,"session":"s1","killed":[{"pid":7,"command":"sleep 9"}],"survivors":[]}
        {"type":"process.reaped",@,"session":null,"killed":[],"survivors":[{"pid":7,"command":"sleep 9"}]}
        {"type":"heartbeat",@,"waiting_on":"command","last_output_ms":4000,"child_cpu_ms":20,"processes":3}
        {"type":"exec.end",@,"session":"s1","exit_code":2,"signal":null,"elapsed_ms":1900,"cpu_ms":1200,"cpu_from":"wait4","peak_memory_bytes":1024,"peak_memory_from":"upper bound","bytes_in":6,"output":[{"stream":"stdout","bytes":9,"spooled":5,"lost":[{"from":2,"to":6,"reason":"cap"}],"spool":"/spool/s1.stdout"}],"held_by":[{"pid":7,"command":"sleep 9"}]}
        {"type":"exec.end",@,"session":"s1","exit_code":null,"signal":null,"elapsed_ms":0,"cpu_ms":0,"cpu_from":"unknown","peak_memory_bytes":0,"peak_memory_from":"unknown","bytes_in":0,"output":[],"held_by":[]}
        {"type":"error",@,"message":"busy; trying again"}
        {"type":"item.completed",@,"item":{"id":"item_0","type":"command_execution","command":"make test","aggregated_output":"ok\\n","exit_code":0,"status":"completed"}}
        {"type":"item.completed",@,"item":{"id":"item_0","type":"command_execution","command":"make test","aggregated_output":"no such program","exit_code":-1,"status":"failed"}}
        {"type":"turn.completed",@,"usage":{"input_tokens":5,"cached_input_tokens":4,"cache_write_input_tokens":3,"output_tokens":2,"reasoning_output_tokens":1},"turn_usage":{"input_tokens":1,"cached_input_tokens":1,"cache_write_input_tokens":0,"output_tokens":1,"reasoning_output_tokens":0}}
        {"type":"turn.failed",@,"error":{"message":"timed out after 9 s"}}
        {"type":"run.summary",@,"run":"r1","task":"shop","outcome":"command_failed","reason":"ended by SIGTERM","code":143,"exit_code":null,"signal":"SIGTERM","elapsed_ms":9000,"confinement":"none","output":[{"stream":"stdout","bytes":9,"spooled":5,"lost":[{"from":2,"to":6,"reason":"cap"}],"spool":"/spool/s1.stdout"}],"reaped":[{"pid":7,"command":"sleep 9"}],"survivors":[],"gaps":1,"bytes_skipped":20,"folder":"/runs/r1","record_error":null}
        {"type":"run.summary",@,"run":"r1","task":"shop","outcome":"not_found","reason":"no such program: mkae","code":127,"exit_code":null,"signal":null,"elapsed_ms":3,"confinement":"none","output":[],"reaped":[],"survivors":[],"gaps":0,"bytes_skipped":0,"folder":null,"record_error":"no space left on device"}
        """;
    return (lines + CallExamples.LINES + AgentExamples.LINES)
        .replace("@", "\"seq\":7,\"at\":\"2026-01-01T12:00:00Z\"")
        .replace("TEXT", text)
        .replace("BINARY", binary);
  }
}
