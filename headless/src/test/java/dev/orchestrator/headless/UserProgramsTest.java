package dev.orchestrator.headless;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.approval.Answer;
import dev.orchestrator.engine.approval.Deadline;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.approval.Desk.Outcome;
import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.Event.AnswerIgnored;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.Question.Choice;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.testing.RecordingSink;
import dev.orchestrator.engine.wire.Json;
import dev.orchestrator.headless.NotifyProgram.Turn;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Programs of the user's, as shell scripts.
@Timeout(60)
class UserProgramsTest {
  private static final Outcome NOBODY =
      new Outcome(new Answer.Deny("nobody is there to answer", false), "nobody", false);
  private static final Redaction REDACTION = Redaction.of(Map.of("API_KEY", "hush-hush-hush"));

  @TempDir Path folder;

  private final RecordingSink facts = new RecordingSink();
  private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();
  private final Desk desk = new Desk(facts, new Deadline.Wait());

  @Test
  void tells_a_program_that_a_turn_is_over() throws Exception {
    notifying("printf '%s' \"$1\" > told.tmp; env > env; mv told.tmp told")
        .tell(new Turn("t-1", "u-1", Path.of("/work"), List.of("say hush-hush-hush"), null));

    assertThat(new String(awaitFile("told"), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"type\":\"agent-turn-complete\",\"thread-id\":\"t-1\",\"turn-id\":\"u-1\","
                + "\"cwd\":\"/work\",\"client\":\"orchestrator_exec\","
                + "\"input-messages\":[\"say [redacted API_KEY]\"],"
                + "\"last-assistant-message\":null}");
    assertThat(Files.readString(folder.resolve("env"))).contains("MINE=1").doesNotContain("MARK");
  }

  @Test
  void cuts_a_message_that_no_program_could_be_given() throws Exception {
    notifying("printf '%s' \"$1\" > told.tmp; mv told.tmp told")
        .tell(
            new Turn(
                "t-1",
                "u-1",
                Path.of("/work"),
                List.of("\u0001".repeat(90_000)),
                "é".repeat(500_000)));

    var told = awaitFile("told");
    assertThat(told).hasSizeLessThan(120_001);
    assertThat(String.valueOf(Json.readObject(told).get("last-assistant-message"))).endsWith("é…");
  }

  @Test
  void warns_once_of_a_program_that_cannot_be_started() {
    new NotifyProgram(List.of("/nowhere/at-all"), folder, Map.of(), Redaction.NONE, warnings::add)
        .tell(new Turn("t-1", "u-1", folder, List.of(), "done"));

    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("notify: /nowhere/at-all cannot be started: ");
  }

  @Test
  void tells_a_program_of_a_question_and_takes_its_answer() throws Exception {
    asking("printf '%s' \"$1\" > told; echo '{\"answer\":\"allow\",\"choice\":\"always\"}'");

    assertThat(ask()).isEqualTo(new Outcome(new Answer.Allow("always"), "command", false));

    assertThat(Json.readObject(Files.readAllBytes(folder.resolve("told"))))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "type", "approval-requested",
                "run", "r-1",
                "id", "q",
                "command", "curl -H [redacted API_KEY]",
                "cwd", "/work",
                "reasons", List.of("it is destructive"),
                "choices",
                    List.of(
                        Map.of("id", "run", "label", "just this once"),
                        Map.of("id", "always", "label", "always")),
                "deadline_ms", 5000L,
                "pid", 42L));
  }

  @Test
  void takes_a_no_with_its_reason() throws Exception {
    asking("echo; echo '{\"answer\":\"deny\",\"reason\":\"use the mirror\"}'");

    assertThat(ask())
        .isEqualTo(new Outcome(new Answer.Deny("use the mirror", false), "command", false));
  }

  @Test
  void denies_when_the_only_one_to_ask_ends_without_an_answer() throws Exception {
    asking("exit 0");

    assertThat(ask()).isEqualTo(NOBODY);
    assertThat(ask()).as("and so for the next question").isEqualTo(NOBODY);
  }

  @Test
  void denies_when_the_program_has_left_something_behind_that_holds_its_output() throws Exception {
    asking("(cat /proc/self/stat > left; exec sleep 50) & exit 0");

    assertThat(ask()).isEqualTo(NOBODY);
  }

  @Test
  void denies_and_warns_when_the_program_cannot_be_started() throws Exception {
    attach(List.of("/nowhere/at-all"));

    assertThat(ask()).isEqualTo(NOBODY);
    assertThat(warnings.take()).startsWith("on_approval: /nowhere/at-all cannot be started: ");
  }

  @Test
  void tells_that_an_answer_could_not_be_understood() throws Exception {
    asking("echo yes");
    assertThat(ask()).isEqualTo(NOBODY);

    assertThat(facts.facts(AnswerIgnored.class))
        .containsExactly(new AnswerIgnored("q", "command", "invalid"));
  }

  @Test
  void does_not_take_a_line_that_never_ends() throws Exception {
    asking(
        "printf '{\"answer\":\"allow\",\"x\":\"'; head -c 200000 /dev/zero | tr '\\0' a; echo"
            + " '\"}'");
    assertThat(ask()).isEqualTo(NOBODY);

    assertThat(facts.facts(AnswerIgnored.class))
        .containsExactly(new AnswerIgnored("q", "command", "invalid"));
  }

  @Test
  void waits_for_the_others_when_the_program_only_tells() throws Exception {
    asking("echo told > told.tmp; mv told.tmp told");
    var other = new CompletableFuture<Question>();
    desk.attach(
        new Desk.FrontEnd() {
          @Override
          public String name() {
            return "stdio";
          }

          @Override
          public void announce(Question question) {
            other.complete(question);
          }

          @Override
          public void withdraw(String question) {}
        });
    var asked = CompletableFuture.supplyAsync(this::askQuietly);
    awaitFile("told");
    other.get();

    desk.answer("q", new Answer.Allow("run"), "stdio");

    assertThat(asked.get()).isEqualTo(new Outcome(new Answer.Allow("run"), "stdio", false));
  }

  @Test
  void ends_the_program_when_the_question_is_closed() throws Exception {
    asking("sleep 50 & echo $! $$ > pids.tmp; mv pids.tmp pids; wait");
    var asked = CompletableFuture.supplyAsync(this::askQuietly);
    var pids = new String(awaitFile("pids"), StandardCharsets.UTF_8).strip();

    desk.answer("q", new Answer.Deny("no", false), "stdio");
    asked.get();

    for (var pid : pids.split(" ", -1)) {
      ProcessHandle.of(Long.parseLong(pid)).ifPresent(it -> it.onExit().join());
    }
  }

  private NotifyProgram notifying(String script) {
    return new NotifyProgram(shell(script), folder, environment(), REDACTION, warnings::add);
  }

  private void asking(String script) {
    attach(shell(script));
  }

  private void attach(List<String> words) {
    AskProgram.attach(
        desk, words, folder, environment(), REDACTION, new RunId("r-1"), 42, warnings::add);
  }

  private static List<String> shell(String script) {
    return List.of("/bin/sh", "-c", script, "sh");
  }

  private static Map<String, String> environment() {
    return Map.of("PATH", "/usr/bin:/bin", "MINE", "1");
  }

  private Outcome ask() throws InterruptedException {
    return desk.ask(
        new Question(
            "q",
            new CallId("c"),
            1,
            "curl -H hush-hush-hush",
            Path.of("/work"),
            List.of("curl"),
            "none",
            List.of(new Reason("destructive", "it is destructive")),
            List.of(
                new Choice("run", "just this once", 0, 0), new Choice("always", "always", 0, 0)),
            "run",
            Duration.ofSeconds(5)));
  }

  private Outcome askQuietly() {
    try {
      return ask();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Waits until a program has put a file there.
  private byte[] awaitFile(String name) throws IOException, InterruptedException {
    try (var watch = folder.getFileSystem().newWatchService()) {
      folder.register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      while (!Files.exists(folder.resolve(name))) {
        watch.take().reset();
      }
    }
    return Files.readAllBytes(folder.resolve(name));
  }
}
