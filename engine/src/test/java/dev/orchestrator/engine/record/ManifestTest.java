package dev.orchestrator.engine.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.ApprovalSource;
import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.ChannelTotal;
import dev.orchestrator.engine.event.Consumption;
import dev.orchestrator.engine.event.DenialFound;
import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.event.Held;
import dev.orchestrator.engine.event.ProcessName;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.event.SandboxReport;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.event.Summary;
import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.testing.EventSchema;
import dev.orchestrator.engine.testing.Timing;
import dev.orchestrator.engine.testing.Timing.Step;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final SessionId SESSION = new SessionId("s1");
  private static final Path SHOP = Path.of("/home/ada/shop");
  private static final ProcessName SLEEPER = new ProcessName(7, "sleep 9");

  private static final Event STARTED =
      new Event.RunStarted(
          new RunId("r1"), "shop", "0.1.0", List.of("make"), SHOP, Path.of("/runs/r1"), 4711);
  private static final Event THREAD = new Event.ThreadStarted("019b7a3c");
  private static final Event BEGAN = began("s1");
  private static final List<ChannelTotal> OUTPUT =
      List.of(new ChannelTotal(Channel.TERMINAL, 5, 5, List.of(), Path.of("/spool/s1.terminal")));
  private static final Event EXEC_ENDED =
      new Event.ExecEnded(
          SESSION,
          new Exit.Exited(0),
          Duration.ofMillis(90),
          new Consumption(Duration.ofMillis(80), "wait4", 1024, "wait4", 0),
          OUTPUT,
          List.of());
  private static final Event RUN_ENDED =
      new Event.RunEnded(
          new Summary(
              new RunId("r1"),
              "shop",
              Outcome.SUCCEEDED,
              null,
              new Exit.Exited(0),
              0,
              Duration.ofMillis(100),
              "none",
              OUTPUT,
              List.of(SLEEPER),
              List.of(),
              0,
              0,
              Path.of("/runs/r1"),
              null));

  private static final CallId CALL = new CallId("call_1");
  private static final Event PROBED =
      new Event.SandboxProbed(new SandboxReport("bubblewrap", List.of()));
  private static final Event REQUESTED =
      new Event.ToolRequested(CALL, "exec_command", "make", SHOP);
  private static final Event ASKED =
      new Event.ApprovalRequested(
          new Question(
              "c0ffee",
              CALL,
              1,
              "make",
              SHOP,
              List.of("make"),
              "read-only, no network",
              List.of(new Reason("rule", "a rule asks about `make`")),
              List.of(new Question.Choice("once", "just this once", 0, 0)),
              "once",
              null));
  private static final Event FIRST_TRY =
      new Event.ToolStarted(
          CALL,
          1,
          ApprovalSource.PROMPT,
          new Held("bubblewrap", "read-only", List.of(), List.of()));
  private static final Held WIDER =
      new Held("bubblewrap", "workspace-write", List.of("the network"), List.of());
  private static final Event SECOND_TRY =
      new Event.ToolStarted(CALL, 2, ApprovalSource.PROMPT, WIDER);
  private static final Event COMPLETED =
      new Event.ToolCompleted(
          CALL,
          "blocked",
          ApprovalSource.PROMPT,
          1,
          WIDER,
          List.of(new DenialFound("proved", "everything, without a sandbox", "SIGSYS")),
          "the sandbox stopped a call");

  private static final String RUN =
      "\"started_at\":\"2026-01-01T12:00:00Z\",\"run\":\"r1\",\"task\":\"shop\",\"version\":\"0.1.0\","
          + "\"command\":[\"make\"],\"cwd\":\"/home/ada/shop\",\"folder\":\"/runs/r1\",\"pid\":4711,";
  private static final String SESSION_BEGAN =
      "\"confinement\":\"none\",\"started_at\":\"2026-01-01T12:00:02Z\",\"session\":\"s1\","
          + "\"call\":null,"
          + "\"command\":[\"make\"],\"cwd\":\"/home/ada/shop\",\"tty\":true,\"backend\":\"native\","
          + "\"columns\":80,\"rows\":24,\"stdin\":false,\"pid\":4712";
  private static final String OUTPUT_LINE =
      "\"output\":[{\"stream\":\"terminal\",\"bytes\":5,\"spooled\":5,\"lost\":[],"
          + "\"spool\":\"/spool/s1.terminal\"}]";

  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void inNewFolder() {
    file = folder.resolve("new").resolve("manifest.json");
  }

  @Test
  void says_that_the_run_is_under_way_from_its_first_fact() throws Exception {
    tell(STARTED);

    assertThat(document())
        .isEqualTo(
            "{\"schema\":1,\"status\":\"running\"," + RUN + "\"toolRuns\":[],\"sessions\":[]}");
  }

  @Test
  void names_a_command_as_soon_as_it_runs() throws Exception {
    tell(STARTED, THREAD, BEGAN);

    assertThat(document())
        .isEqualTo(
            "{\"schema\":1,\"status\":\"running\","
                + RUN
                + "\"toolRuns\":[],\"sessions\":[{\"status\":\"running\","
                + SESSION_BEGAN
                + "}],\"thread_id\":\"019b7a3c\"}");
  }

  @Test
  void tells_the_whole_run_when_it_is_over() throws Exception {
    tell(STARTED, THREAD, BEGAN, EXEC_ENDED, RUN_ENDED);

    assertThat(document())
        .isEqualTo(
            "{\"schema\":1,\"status\":\"ended\","
                + RUN
                + "\"toolRuns\":[],\"sessions\":[{\"status\":\"ended\","
                + SESSION_BEGAN
                + ",\"exit_code\":0,\"signal\":null,\"elapsed_ms\":90,\"cpu_ms\":80,"
                + "\"cpu_from\":\"wait4\",\"peak_memory_bytes\":1024,"
                + "\"peak_memory_from\":\"wait4\",\"bytes_in\":0,"
                + OUTPUT_LINE
                + ",\"held_by\":[]}],\"thread_id\":\"019b7a3c\","
                + "\"ended_at\":\"2026-01-01T12:00:04Z\",\"summary\":{\"run\":\"r1\","
                + "\"task\":\"shop\",\"outcome\":\"succeeded\",\"reason\":null,\"code\":0,"
                + "\"exit_code\":0,\"signal\":null,\"elapsed_ms\":100,\"confinement\":\"none\","
                + OUTPUT_LINE
                + ",\"reaped\":[{\"pid\":7,\"command\":\"sleep 9\"}],\"survivors\":[],"
                + "\"gaps\":0,\"bytes_skipped\":0,\"folder\":\"/runs/r1\",\"record_error\":null}}");
  }

  @Test
  void keeps_to_its_schema_at_every_moment() throws Exception {
    var manifest = new Manifest(file);
    var story = List.of(STARTED, THREAD, new Event.TurnStarted(), BEGAN, EXEC_ENDED, RUN_ENDED);

    for (var index = 0; index < story.size(); index++) {
      manifest.accept(new Envelope(index, NOON.plusSeconds(index), story.get(index)), true);
      EventSchema.of("manifest").require(document());
    }
  }

  @Test
  void tells_how_a_call_was_allowed_confined_and_ended() throws Exception {
    tell(STARTED, PROBED, REQUESTED, ASKED, FIRST_TRY, BEGAN, EXEC_ENDED, SECOND_TRY, COMPLETED);

    assertThat(document())
        .contains(
            "\"toolRuns\":[{\"status\":\"blocked\",\"requested_at\":\"2026-01-01T12:00:02Z\","
                + "\"call\":\"call_1\",\"tool\":\"exec_command\",\"text\":\"make\","
                + "\"cwd\":\"/home/ada/shop\",\"approvalSource\":\"prompt\",\"retryCount\":1,"
                + "\"sandboxState\":{\"backend\":\"bubblewrap\",\"confined\":true,"
                + "\"level\":\"workspace-write\",\"openings\":[\"the network\"],"
                + "\"not_held\":[]},\"evidence\":[{\"grade\":\"proved\","
                + "\"opening\":\"everything, without a sandbox\",\"evidence\":\"SIGSYS\"}],"
                + "\"reason\":\"the sandbox stopped a call\"}],")
        .contains("\"sandbox\":{\"backend\":\"bubblewrap\",\"findings\":[]}")
        .contains(
            "\"sessions\":[{\"status\":\"ended\",\"confinement\":\"read-only by bubblewrap\",");
  }

  @Test
  void keeps_to_its_schema_at_every_moment_of_a_call() throws Exception {
    var manifest = new Manifest(file);
    var story =
        List.of(
            STARTED,
            PROBED,
            THREAD,
            REQUESTED,
            ASKED,
            FIRST_TRY,
            BEGAN,
            EXEC_ENDED,
            ASKED,
            SECOND_TRY,
            COMPLETED,
            RUN_ENDED);

    for (var index = 0; index < story.size(); index++) {
      manifest.accept(new Envelope(index, NOON.plusSeconds(index), story.get(index)), true);
      EventSchema.of("manifest").require(document());
    }
  }

  @Test
  void tells_of_a_call_that_was_never_tried() throws Exception {
    tell(
        STARTED,
        REQUESTED,
        new Event.ToolCompleted(
            CALL, "refused", ApprovalSource.POLICY, 0, null, List.of(), "the policy is never"));

    EventSchema.of("manifest").require(document());
    assertThat(document())
        .contains(
            "\"toolRuns\":[{\"status\":\"refused\",",
            "\"approvalSource\":\"policy\",\"retryCount\":0,\"sandboxState\":null,"
                + "\"evidence\":[],\"reason\":\"the policy is never\"}]");
  }

  @Test
  void writes_together_what_comes_together() throws Exception {
    var manifest = new Manifest(file);

    manifest.accept(new Envelope(0, NOON, STARTED), false);
    manifest.accept(new Envelope(1, NOON, BEGAN), false);
    assertThat(file).doesNotExist();
    manifest.accept(new Envelope(2, NOON, new Event.TurnStarted()), true);

    assertThat(document()).contains("\"sessions\":[{\"status\":\"running\",");
  }

  @Test
  void is_written_at_the_end_whatever_follows() throws Exception {
    new Manifest(file).accept(new Envelope(0, NOON, RUN_ENDED), false);

    assertThat(document()).contains("\"status\":\"ended\"");
  }

  @Test
  void costs_far_less_for_one_more_command_than_to_write_all_of_them() throws Exception {
    var manifest = new Manifest(file);
    manifest.accept(new Envelope(0, NOON, STARTED), true);
    for (var number = 0; number < 400; number++) {
      manifest.accept(new Envelope(number, NOON, began("s" + number)), true);
    }
    var document = Json.readObject(Files.readAllBytes(file));

    var nothing = medianNanos(_ -> AtomicFile.write(folder.resolve("other"), Json.line(Map.of())));
    var one = medianNanos(it -> manifest.accept(new Envelope(it, NOON, began("more" + it)), true));
    var all = medianNanos(_ -> assertThat(Json.line(document)).isNotEmpty());

    assertThat(one).isLessThan(nothing + all);
    assertThat(Json.readObject(Files.readAllBytes(file)).get("sessions"))
        .asInstanceOf(InstanceOfAssertFactories.LIST)
        .hasSize(500);
  }

  @Test
  void leaves_no_draft_behind() throws Exception {
    tell(STARTED, BEGAN);

    assertThat(file.getParent()).isDirectoryNotContaining(it -> !it.equals(file));
  }

  @Test
  void is_closed_for_a_run_that_was_killed() throws Exception {
    tell(STARTED, THREAD, BEGAN);
    Manifest.closeDead(file, List.of(SLEEPER), List.of(new ProcessName(8, "stuck")));

    EventSchema.of("manifest").require(document());
    assertThat(Json.readObject(Files.readAllBytes(file)))
        .containsEntry("status", "killed")
        .containsEntry("reaped", List.of(Map.of("pid", 7L, "command", "sleep 9")))
        .containsEntry("survivors", List.of(Map.of("pid", 8L, "command", "stuck")))
        .containsEntry("thread_id", "019b7a3c");
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 4, 5})
  void closes_the_calls_of_a_run_that_was_killed(int told) throws Exception {
    tell(List.of(STARTED, PROBED, REQUESTED, ASKED, FIRST_TRY).subList(0, told));
    Manifest.closeDead(file, List.of(), List.of());

    EventSchema.of("manifest").require(document());
    assertThat(document()).contains("\"toolRuns\":[{\"status\":\"killed\",");
  }

  @Test
  void is_left_alone_if_the_run_had_ended() throws Exception {
    tell(STARTED, BEGAN, EXEC_ENDED, RUN_ENDED);
    var before = document();

    Manifest.closeDead(file, List.of(SLEEPER), List.of());

    assertThat(document()).isEqualTo(before);
  }

  @Test
  void cannot_be_closed_if_there_is_none() {
    assertThatThrownBy(() -> Manifest.closeDead(file, List.of(), List.of()))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void says_so_when_it_cannot_be_written() throws Exception {
    var inTheWay = Files.writeString(folder.resolve("new"), "a file");

    assertThatThrownBy(() -> tell(STARTED))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(inTheWay.toString());
  }

  @Test
  void gives_its_last_fact_to_files_of_its_own() throws Exception {
    var state = folder.resolve("out/shop/state.json");
    var summaries = new SummaryFiles(List.of(state, folder.resolve("summary.json")));

    summaries.accept(new Envelope(0, NOON, STARTED), true);
    assertThat(folder).isEmptyDirectory();
    summaries.accept(new Envelope(4, NOON, RUN_ENDED), true);

    EventSchema.of("state").require(Files.readString(state));
    EventSchema.check(Files.readString(state));
    assertThat(folder.resolve("summary.json")).hasSameTextualContentAs(state);
  }

  private static Event began(String session) {
    return new Event.ExecBegan(
        new SessionId(session),
        null,
        List.of("make"),
        SHOP,
        "native",
        new WindowSize(80, 24),
        false,
        4712);
  }

  private static long medianNanos(Step step) throws IOException {
    return Timing.sortedNanos(100, step)[50];
  }

  /// Tells a manifest these facts, one a second.
  private void tell(Event... story) throws IOException {
    tell(List.of(story));
  }

  private void tell(List<Event> story) throws IOException {
    var manifest = new Manifest(file);
    var at = NOON;
    var sequence = 0;
    for (var fact : story) {
      manifest.accept(new Envelope(sequence++, at, fact), true);
      at = at.plusSeconds(1);
    }
  }

  private String document() throws IOException {
    return Files.readString(file);
  }
}
