package dev.orchestrator.headless;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.ChannelTotal;
import dev.orchestrator.engine.event.Consumption;
import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.Item.Change;
import dev.orchestrator.engine.event.Item.CommandExecution;
import dev.orchestrator.engine.event.Item.Kind;
import dev.orchestrator.engine.event.Item.Status;
import dev.orchestrator.engine.event.Item.Todo;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.headless.HumanOutput.Header;
import dev.orchestrator.headless.HumanOutput.Look;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HumanOutputTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Look PLAIN = new Look(false, false, false, false, true, false);
  private static final Look SCREEN = new Look(false, true, true, false, true, false);
  private static final String ESCAPE = "\u001b";
  private static final Header HEADER =
      new Header(
          "Orchestrator v1",
          Path.of("/work"),
          "large",
          "local",
          "never",
          "workspace-write [workdir, /tmp]",
          "high",
          "auto",
          "make it\ngreen\n");

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private HumanScreen screen = new HumanScreen(out, err, HEADER, PLAIN, () -> 80);
  private long sequence;

  @Test
  void begins_with_what_is_asked_of_whom() {
    tell(0, new Event.ThreadStarted("t-1"));
    tell(0, new Event.TurnStarted());

    assertThat(told())
        .isEqualTo(
            """
            Orchestrator v1
            --------
            workdir: /work
            model: large
            provider: local
            approval: never
            sandbox: workspace-write [workdir, /tmp]
            reasoning effort: high
            reasoning summaries: auto
            session id: t-1
            --------
            user
            make it
            green
            """);
  }

  @Test
  void tells_thoughts_messages_warnings_and_errors() {
    tell(0, completed(new Item.Reasoning("item_0", "look first\n")));
    tell(0, completed(new Item.AgentMessage("item_1", "I look.\n\nThen I act.")));
    tell(0, completed(new Item.Trouble("item_2", "AGENTS.md was cut")));
    tell(0, new Event.ErrorReported("Reconnecting... 1/5"));
    tell(0, new Event.ErrorReported("no answer"));
    tell(0, new Event.TurnFailed("no answer"));

    assertThat(told())
        .isEqualTo(
            """
            look first
            codex
            I look.

            Then I act.
            warning: AGENTS.md was cut
            ERROR: Reconnecting... 1/5
            ERROR: no answer
            """);
    assertThat(said()).isEmpty();
  }

  @Test
  void tells_each_command_when_it_ends_with_its_folder_and_time() {
    tell(0, requested("call_1", "sleep 1", "/shop/a"));
    tell(0, requested("call_2", "exit 3", "/shop/b"));
    tell(10, started(command("item_0", "bash -lc 'sleep 1'")));
    tell(10, started(command("item_1", "bash -lc 'exit 3'")));
    tell(30, completed(command("item_1", "bash -lc 'exit 3'", "oh\n", 3, Status.FAILED)));
    tell(1010, completed(command("item_0", "bash -lc 'sleep 1'", "", 0, Status.COMPLETED)));

    assertThat(told())
        .isEqualTo(
            """
            exec
            bash -lc 'exit 3' in /shop/b
             exited 3 in 20ms:
            oh
            exec
            bash -lc 'sleep 1' in /shop/a
             succeeded in 1000ms:
            """);
  }

  @Test
  void tells_why_a_command_was_declined() {
    tell(0, requested("call_1", "rm -rf /", "/shop/a"));
    tell(0, completed(command("item_0", "bash -lc 'rm -rf /'", "not here", -1, Status.DECLINED)));

    assertThat(told())
        .isEqualTo(
            """
            exec
            bash -lc 'rm -rf /' in /shop/a
             declined:
            not here
            """);
  }

  @Test
  void says_how_much_of_a_long_output_is_left_out_and_where_it_is() {
    tell(0, requested("call_1", "seq 100", "/work"));
    tell(0, started(command("item_0", "bash -lc 'seq 100'")));
    tell(0, began("s1", "call_1"));
    tell(5, ended("s1", Path.of("/runs/s1.out")));
    tell(
        5,
        completed(command("item_0", "bash -lc 'seq 100'", numbers(1, 100), 0, Status.COMPLETED)));

    assertThat(told())
        .isEqualTo(
            "exec\nbash -lc 'seq 100' in /work\n succeeded in 5ms:\n"
                + numbers(1, 20)
                + "… 60 lines left out; all of it: /runs/s1.out\n"
                + numbers(81, 100));
  }

  @Test
  void leaves_nothing_out_of_forty_lines() {
    tell(0, completed(command("item_0", "seq 40", numbers(1, 40), 0, Status.COMPLETED)));

    assertThat(told()).endsWith("succeeded in 0ms:\n" + numbers(1, 40));
  }

  @Test
  void tells_what_a_patch_did() {
    tell(
        0,
        completed(
            new Item.FileChange(
                "item_0",
                List.of(
                    new Change(Path.of("/shop/new"), Kind.ADD),
                    new Change(Path.of("/shop/old"), Kind.DELETE)),
                Status.COMPLETED)));

    assertThat(told())
        .isEqualTo("apply patch\npatch: completed\nadd /shop/new\ndelete /shop/old\n");
  }

  @Test
  void tells_the_plan_whenever_it_changes() {
    var before = List.of(new Todo("look", true), new Todo("act", false), new Todo("rest", false));
    var after = List.of(new Todo("look", true), new Todo("act", true), new Todo("rest", false));
    tell(0, started(new Item.TodoList("item_0", before)));
    tell(0, new Event.ItemUpdated(new Item.TodoList("item_0", after)));
    tell(0, completed(new Item.TodoList("item_0", after)));

    assertThat(told())
        .isEqualTo(
            """
            plan
              ✓ look
              → act
              • rest
            plan
              ✓ look
              ✓ act
              → rest
            """);
  }

  @Test
  void tells_of_questions_retries_and_summaries() {
    tell(0, new Event.ApprovalRequested(question("git push")));
    tell(0, new Event.ApprovalResolved("q", new CallId("c"), false, "stdio", null, "not today"));
    tell(0, new Event.ToolRetried(new CallId("c"), 2, "busy", Duration.ofMillis(250)));
    tell(0, new Event.ThreadCompacted(40, 3, 1000));

    assertThat(told())
        .isEqualTo(
            """
            approval needed: git push
            denied by stdio: not today
            attempt 2 in 250 ms: busy
            conversation summarised: 40 entries are 3 now
            """);
  }

  @Test
  void ends_with_tokens_and_the_last_message_on_standard_output() {
    tell(0, completed(new Item.AgentMessage("item_0", "first")));
    tell(0, completed(new Item.AgentMessage("item_1", "{\"a\":\"\\u001b\"}")));
    tell(0, new Event.TurnCompleted(new Usage(12_000, 2000, 0, 345, 100), Usage.NONE));

    assertThat(told()).endsWith("tokens used\n10,345\n");
    assertThat(said()).isEqualTo("{\"a\":\"\\u001b\"}\n");
  }

  @Test
  void does_not_repeat_the_message_on_a_terminal_that_shows_both() {
    screen = new HumanScreen(out, err, HEADER, SCREEN, () -> 80);
    tell(0, completed(new Item.AgentMessage("item_0", "done")));
    tell(0, new Event.TurnCompleted(Usage.NONE, Usage.NONE));

    assertThat(told()).isEqualTo("codex\ndone\ntokens used\n0\n");
    assertThat(said()).isEmpty();
  }

  @Test
  void shows_only_errors_and_the_message_when_quiet() {
    screen =
        new HumanScreen(out, err, HEADER, new Look(false, true, true, true, true, false), () -> 80);
    tell(0, new Event.ThreadStarted("t-1"));
    tell(0, new Event.TurnStarted());
    tell(0, completed(new Item.Trouble("item_0", "beware")));
    tell(0, completed(command("item_1", "true", "", 0, Status.COMPLETED)));
    tell(0, completed(new Item.AgentMessage("item_2", "done")));
    screen.tick(NOON.plusSeconds(60));
    tell(0, new Event.ErrorReported("lost"));
    tell(0, new Event.TurnCompleted(Usage.NONE, Usage.NONE));

    assertThat(told()).isEqualTo("ERROR: lost\n");
    assertThat(said()).isEqualTo("done\n");
  }

  @Test
  void lets_nothing_hostile_reach_the_terminal() {
    screen =
        new HumanScreen(
            out, err, HEADER, new Look(false, false, true, true, true, false), () -> 80);
    var loud = new HumanScreen(out, err, HEADER, PLAIN, () -> 80);
    var hostile =
        ESCAPE + "]0;title\u0007" + ESCAPE + "[2J\b\u009b1m\u202etxt.exe\u2066 \u007f\rover\ud800";
    for (var it : List.of(screen, loud)) {
      screen = it;
      tell(0, completed(new Item.Reasoning("item_0", hostile)));
      tell(0, completed(new Item.AgentMessage("item_1", hostile)));
      tell(0, completed(new Item.Trouble("item_2", hostile)));
      tell(0, completed(command("item_3", hostile, hostile, 1, Status.FAILED)));
      tell(0, started(new Item.TodoList("item_4", List.of(new Todo(hostile, false)))));
      tell(
          0,
          completed(
              new Item.FileChange(
                  "item_5",
                  List.of(new Change(Path.of("/a" + ESCAPE + "[1mb\nc"), Kind.ADD)),
                  Status.FAILED)));
      tell(0, new Event.ApprovalRequested(question(hostile)));
      tell(0, new Event.ErrorReported(hostile));
      if (it == loud) {
        assertThat(told()).contains("add /a\\u001b[1mb\\u000ac\n");
      } else {
        tell(0, new Event.TurnCompleted(Usage.NONE, Usage.NONE));
        assertThat(said()).startsWith("\\u001b]0;title\\u0007\\u001b[2J\\u0008");
      }
    }
    assertThat(told() + said())
        .doesNotContainPattern("[\\p{Cc}&&[^\n\t]]")
        .doesNotContainPattern("[\u202a-\u202e\u2066-\u2069]");
  }

  @Test
  void takes_the_colours_out_of_a_commands_output() {
    tell(
        0,
        completed(
            command(
                "item_0", "ls", ESCAPE + "[1;31mred" + ESCAPE + "[0m\r\n", 0, Status.COMPLETED)));

    assertThat(told()).endsWith(":\nred\n");
  }

  @Test
  void is_colourful_where_colours_are_wanted() {
    screen =
        new HumanScreen(
            out, err, HEADER, new Look(true, false, false, false, true, false), () -> 80);
    tell(0, completed(new Item.AgentMessage("item_0", "hi")));

    assertThat(told()).isEqualTo(ESCAPE + "[35mcodex" + ESCAPE + "[0m\nhi\n");
  }

  @Test
  void goes_by_the_option_the_terminal_and_two_variables_for_colours() {
    assertThat(Look.usesColour("auto", true, null, "xterm")).isTrue();
    assertThat(Look.usesColour("auto", false, null, "xterm")).isFalse();
    assertThat(Look.usesColour("auto", true, "", "xterm")).isFalse();
    assertThat(Look.usesColour("auto", true, null, "dumb")).isFalse();
    assertThat(Look.usesColour("always", false, "1", "dumb")).isTrue();
    assertThat(Look.usesColour("never", true, null, "xterm")).isFalse();
  }

  @Test
  void keeps_what_is_waited_for_on_one_line_however_narrow() {
    screen = new HumanScreen(out, err, HEADER, SCREEN, () -> 30);
    tell(0, requested("call_1", "make 日本語 all there is", "/work"));
    tell(0, started(command("item_0", "make 日本語 all there is")));
    screen.tick(NOON.plusSeconds(2));
    assertThat(told()).endsWith("\rrunning make 日本語 al… (2 s)");
  }

  @Test
  void says_on_a_terminal_what_is_waited_for_and_erases_it() {
    screen = new HumanScreen(out, err, HEADER, SCREEN, () -> 80);
    tell(0, new Event.TurnStarted());
    err.reset();

    screen.tick(NOON.plusMillis(999));
    assertThat(told()).isEmpty();
    screen.tick(NOON.plusMillis(2500));
    assertThat(told()).isEqualTo("\rwaiting for the model (2 s)");
    err.reset();

    tell(3000, requested("call_1", "make\u0007 all", "/work"));
    tell(3000, started(command("item_0", "bash -lc 'make\u0007 all'")));
    screen.tick(NOON.plusMillis(5000));
    assertThat(told()).isEqualTo("\rrunning make\\u0007 all (2 s)");
    err.reset();

    tell(5000, new Event.ApprovalRequested(question("git push")));
    screen.tick(NOON.plusMillis(6000));
    assertThat(told())
        .isEqualTo(
            "\r" + " ".repeat(28) + "\rapproval needed: git push\n\rwaiting for an answer (1 s)");
    err.reset();

    tell(7000, new Event.TurnFailed("stopped"));
    assertThat(told()).isEqualTo("\r" + " ".repeat(27) + "\rERROR: stopped\n");
  }

  @Test
  void leaves_the_terminal_to_whoever_asks_on_it() throws Exception {
    var look = new Look(false, true, true, false, true, true);
    screen = new HumanScreen(out, err, HEADER, look, () -> 80);
    tell(0, new Event.TurnStarted());
    screen.tick(NOON.plusMillis(2000));
    err.reset();

    screen.lend("q");
    screen.lend("r");
    assertThat(told()).isEqualTo("\r" + " ".repeat(27) + "\r");
    err.reset();
    tell(2000, new Event.ApprovalRequested(question("git push")));
    tell(2500, completed(new Item.AgentMessage("item_0", "meanwhile")));
    screen.tick(NOON.plusMillis(9000));
    assertThat(told()).isEmpty();

    screen.giveBack("r");
    screen.giveBack("r");
    tell(9000, completed(new Item.AgentMessage("item_1", "still")));
    assertThat(told()).isEmpty();

    screen.giveBack("q");
    tell(9000, new Event.ApprovalResolved("q", new CallId("c"), true, "terminal", "run", null));
    assertThat(told()).isEqualTo("codex\nmeanwhile\ncodex\nstill\nallowed by terminal\n");
  }

  @Test
  void goes_on_without_a_reader_of_standard_error_and_notices_the_loss_of_the_message()
      throws Exception {
    var broken =
        new OutputStream() {
          @Override
          public void write(int b) throws IOException {
            throw new IOException("closed");
          }
        };
    try (var output =
        HumanOutput.start(out, broken, HEADER, PLAIN, () -> 80, InstantSource.fixed(NOON))) {
      output.accept(envelope(0, completed(new Item.AgentMessage("item_0", "done"))), true);
      output.accept(envelope(0, new Event.TurnCompleted(Usage.NONE, Usage.NONE)), true);
      assertThat(output.drain(Duration.ofSeconds(20))).isTrue();
    }
    assertThat(said()).isEqualTo("done\n");

    try (var output =
        HumanOutput.start(broken, err, HEADER, PLAIN, () -> 80, InstantSource.fixed(NOON))) {
      output.accept(envelope(0, completed(new Item.AgentMessage("item_0", "done"))), true);
      output.accept(envelope(0, new Event.TurnCompleted(Usage.NONE, Usage.NONE)), true);
      assertThat(output.drain(Duration.ofSeconds(20))).isFalse();
    }
  }

  private void tell(long millis, Event event) {
    screen.take(envelope(millis, event));
  }

  private Envelope envelope(long millis, Event event) {
    return new Envelope(sequence++, NOON.plusMillis(millis), event);
  }

  private String told() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private String said() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private static Event started(Item item) {
    return new Event.ItemStarted(item);
  }

  private static Event completed(Item item) {
    return new Event.ItemCompleted(item);
  }

  private static Item command(String id, String command) {
    return new CommandExecution(id, command, "", null, Status.IN_PROGRESS);
  }

  private static Item command(
      String id, String command, String output, int exitCode, Status status) {
    return new CommandExecution(id, command, output, exitCode, status);
  }

  private static Event requested(String call, String text, String directory) {
    return new Event.ToolRequested(new CallId(call), "exec_command", text, Path.of(directory));
  }

  private static Event began(String session, String call) {
    return new Event.ExecBegan(
        new SessionId(session),
        new CallId(call),
        List.of("bash"),
        Path.of("/work"),
        "native",
        null,
        false,
        42);
  }

  private static Event ended(String session, Path spool) {
    return new Event.ExecEnded(
        new SessionId(session),
        new Exit.Exited(0),
        Duration.ZERO,
        new Consumption(Duration.ZERO, "wait4", 0, "wait4", 0),
        List.of(
            new ChannelTotal(Channel.STDOUT, 292, 292, List.of(), spool),
            new ChannelTotal(Channel.STDERR, 0, 0, List.of(), null)),
        List.of());
  }

  private static Question question(String text) {
    return new Question(
        "q",
        new CallId("c"),
        1,
        text,
        Path.of("/work"),
        List.of(),
        "none",
        List.of(),
        List.of(new Question.Choice("run", "just this once", 0, 0)),
        "run",
        null);
  }

  private static String numbers(int from, int to) {
    return IntStream.rangeClosed(from, to).mapToObj(it -> it + "\n").collect(Collectors.joining());
  }
}
