package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.app.Program.Input;
import dev.orchestrator.engine.model.ScriptedModelServer;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Who decides about what a model wants to do, and what everybody hears of it.
class ExecApprovalsTest {
  private static final Answer DONE = ScriptedModelServer.items(ScriptedModelServer.message("done"));
  private static final String REJECTED =
      "exec_command failed: CreateProcess { message: \"Rejected(\\\"%s\\\")\" }";
  private static final String STDIO = "--approvals=stdio";
  private static final String FULL = "--json=full";

  /// The folder of a test is below the folder for temporary files, which commands may write.
  private static final List<String> WORKSPACE_ONLY =
      List.of(
          "-c", "sandbox_workspace_write.exclude_slash_tmp=true",
          "-c", "sandbox_workspace_write.exclude_tmpdir_env_var=true");

  @TempDir Path folder;

  /// Without the sandbox that a call asks to leave.
  private static final Object[] ESCALATED = {
    "sandbox_permissions", "require_escalated", "justification", "needed"
  };

  private ExecProgram calls(String... calls) throws IOException, InterruptedException {
    return ExecProgram.inside(folder, ScriptedModelServer.items(calls), DONE);
  }

  private static String[] words(String... words) {
    var all = new ArrayList<>(WORKSPACE_ONLY);
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  /// Starts a run whose questions are answered by [#answer].
  private static Running asking(ExecProgram exec, String... more) throws IOException {
    var words = new ArrayList<>(List.of("--full-auto", FULL, STDIO));
    words.addAll(List.of(more));
    words.add("go");
    return exec.start(new Input("", true), words(words.toArray(String[]::new)));
  }

  private static List<String> statuses(Facts facts) {
    return Facts.texts(items(facts), "status");
  }

  private static JsonNode items(Facts facts) {
    var items = JsonMapper.shared().createArrayNode();
    facts.all("item.completed").stream()
        .map(it -> it.path("item"))
        .filter(it -> it.has("status"))
        .forEach(items::add);
    return items;
  }

  @Test
  void asks_nobody_and_says_so_in_codex_words() throws Exception {
    var rules = Files.createDirectories(folder.resolve("codex/rules"));
    Files.writeString(
        rules.resolve("default.rules"),
        """
        prefix_rule(pattern=["echo", "ask"], decision="prompt")
        prefix_rule(pattern=["echo", "no"], decision="forbidden")
        prefix_rule(pattern=["echo", "why"], decision="forbidden", justification="because")
        """);
    var outside = Files.createDirectory(folder.resolve("outside")).resolve("new.txt");
    try (var exec =
        calls(
            ExecProgram.shell("c1", "echo ask"),
            ExecProgram.shell("c2", "echo no more"),
            ExecProgram.shell("c3", "echo why not"),
            ExecProgram.shell("c4", "rm -rf /srv/x"),
            ExecProgram.shell("c5", "echo out", ESCALATED),
            ExecProgram.newFile("c6", outside, "text"))) {
      var ended = exec.exec(words("-s", "workspace-write", FULL, "go"));

      assertThat(exec.told())
          .containsExactly(
              REJECTED.formatted("approval required by policy, but AskForApproval is set to Never"),
              REJECTED.formatted(
                  "`/bin/bash -lc 'echo no more'` rejected: policy forbids commands starting with"
                      + " `echo no`"),
              REJECTED.formatted("`/bin/bash -lc 'echo why not'` rejected: because"),
              REJECTED.formatted(
                  "`/bin/bash -lc 'rm -rf /srv/x'` rejected: rm -f style commands are not"
                      + " permitted. Use a safer approach"),
              "approval policy is Never; reject command — you cannot ask for escalated permissions"
                  + " if the approval policy is Never",
              "patch rejected: writing outside of the project; rejected by user approval settings");
      assertThat(ended.code()).isEqualTo(11);
      assertThat(ended.out()).doesNotContain("approval.requested");
      assertThat(statuses(ended.facts())).containsOnly("declined").hasSize(6);
      assertThat(outside).doesNotExist();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--json=full, never, 11",
    "--quiet, never, 11",
    "--json, never, 0",
    "--exit-code=turn, never, 0",
    "--json=full, on-request, 12",
    "--quiet, on-request, 12",
    "--json, on-request, 0",
    "--exit-code=turn, on-request, 0"
  })
  void tells_by_the_code_what_was_not_done(String mode, String policy, int code) throws Exception {
    try (var exec = calls(ExecProgram.shell("c1", "rm -rf /srv/x"))) {
      var ended = exec.exec("-a", policy, mode, "go");

      assertThat(ended.code()).as(ended.err()).isEqualTo(code);
      if (policy.equals("on-request")) {
        assertThat(exec.told().getFirst()).contains("nobody is there to answer");
      }
      if (mode.startsWith("--json")) {
        assertThat(ended.facts().all("turn.completed")).hasSize(1);
        assertThat(statuses(ended.facts())).containsExactly("declined");
      } else {
        assertThat(ended.out()).isEqualTo("done\n");
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          never                              | refused: policy
          on-failure                         | refused: nobody
          on-request                         | refused: nobody
          untrusted                          | refused: nobody
          granular:rules                     | refused: policy
          """)
  void lets_no_call_out_of_the_sandbox_unasked(String policy, String outcome) throws Exception {
    var outside = Files.createDirectory(folder.resolve("outside")).resolve("new.txt");
    try (var exec =
        calls(
            ExecProgram.shell("c1", "touch " + outside, ESCALATED),
            ExecProgram.newFile("c2", outside, "text"))) {
      var ended = exec.exec(words("-s", "workspace-write", "-a", policy, FULL, "go"));

      assertThat(ended.code()).isEqualTo(outcome.endsWith("nobody") ? 12 : 11);
      assertThat(statuses(ended.facts())).containsExactly("declined", "declined");
      assertThat(outside).doesNotExist();
    }
  }

  @Test
  void lets_a_program_answer_each_question() throws Exception {
    var outside = Files.createDirectory(folder.resolve("outside"));
    try (var exec =
        ExecProgram.inside(
            folder,
            ScriptedModelServer.items(
                ExecProgram.shell("c1", "touch " + outside.resolve("one"), ESCALATED)),
            ScriptedModelServer.items(
                ExecProgram.shell("c2", "touch " + outside.resolve("two"), ESCALATED)),
            ScriptedModelServer.items(ExecProgram.newFile("c3", outside.resolve("three"), "text")),
            ScriptedModelServer.items(ExecProgram.newFile("c4", outside.resolve("four"), "text")),
            DONE)) {
      var running = asking(exec);
      answer(running, 1, "\"allow\"");
      answer(running, 2, "\"deny\",\"reason\":\"use the other folder\"");
      answer(running, 3, "\"allow\"");
      answer(running, 4, "\"deny\"");
      var ended = running.end();

      assertThat(ended.code()).as(ended.err()).isEqualTo(11);
      assertThat(outside.resolve("one")).exists();
      assertThat(outside.resolve("two")).doesNotExist();
      assertThat(outside.resolve("three")).hasContent("text");
      assertThat(outside.resolve("four")).doesNotExist();
      assertThat(exec.told().get(1))
          .isEqualTo(REJECTED.formatted("rejected by user: use the other folder"));
      assertThat(exec.told().get(3)).isEqualTo("patch rejected by user");
      assertThat(statuses(ended.facts()))
          .containsExactly("completed", "declined", "completed", "declined");
    }
  }

  /// Answers the question of a number, the first being 1.
  private static JsonNode answer(Running running, int number, String answer) throws Exception {
    var asked = question(running, number);
    running.type("{\"id\":\"%s\",\"answer\":%s}".formatted(asked.path("id").asString(), answer));
    return asked;
  }

  private static JsonNode question(Running running, int number) throws Exception {
    Waiting.until(
        "question " + number,
        () -> running.factsSoFar().all("approval.requested").size() >= number);
    return running.factsSoFar().all("approval.requested").get(number - 1);
  }

  @Test
  void does_not_ask_again_what_a_lasting_answer_covers() throws Exception {
    var script = "touch " + folder.resolve("codex/out");
    try (var exec =
        ExecProgram.inside(
            folder,
            ScriptedModelServer.items(ExecProgram.shell("c1", script, ESCALATED)),
            ScriptedModelServer.items(ExecProgram.shell("c2", script, ESCALATED)),
            DONE)) {
      var running = asking(exec);
      var lasting = new ArrayList<String>();
      question(running, 1).path("choices").forEach(it -> lasting.add(it.path("id").asString()));
      assertThat(lasting).hasSizeGreaterThan(1);
      answer(running, 1, "\"allow\",\"choice\":\"%s\"".formatted(lasting.get(1)));
      var ended = running.end();

      assertThat(ended.code()).as(ended.out()).isZero();
      assertThat(ended.facts().all("approval.requested")).hasSize(1);
      assertThat(statuses(ended.facts())).containsExactly("completed", "completed");
    }
  }

  @Test
  void asks_for_the_smallest_opening_and_shows_one_item() throws Exception {
    var outside = Files.createDirectory(folder.resolve("outside"));
    try (var exec = calls(ExecProgram.shell("c1", "echo text > " + outside.resolve("new.txt")))) {
      var running = asking(exec);
      var asked = answer(running, 1, "\"allow\"");
      var ended = running.end();

      assertThat(asked.toString()).contains("with writing " + outside);
      assertThat(ended.code()).as(ended.out()).isZero();
      assertThat(outside.resolve("new.txt")).hasContent("text");
      assertThat(ended.facts().all("item.started")).hasSize(1);
      assertThat(statuses(ended.facts())).containsExactly("completed");
      assertThat(ended.facts().all("tool.retried")).hasSize(1);
      assertThat(exec.told()).hasSize(1);
    }
  }

  @Test
  void counts_an_opening_that_nobody_was_there_to_give() throws Exception {
    var outside = Files.createDirectory(folder.resolve("outside")).resolve("new.txt");
    try (var exec = calls(ExecProgram.shell("c1", "echo text > " + outside))) {
      var ended = exec.exec(words("--full-auto", FULL, "go"));

      assertThat(ended.code()).as(ended.out()).isEqualTo(12);
      assertThat(statuses(ended.facts())).containsExactly("failed");
      assertThat(exec.told().getFirst()).contains("nobody is there to answer");
    }
  }

  @Test
  void denies_or_fails_when_nobody_answers_in_time() throws Exception {
    try (var exec = calls(ExecProgram.shell("c1", "rm -rf /srv/x"))) {
      var denied = asking(exec, "--approval-deadline=deny-after=200ms").end();
      assertThat(denied.code()).isEqualTo(12);
      assertThat(denied.facts().all("turn.completed")).hasSize(1);
      assertThat(exec.told().getFirst()).contains("nobody answered");

      exec.server().then(ScriptedModelServer.items(ExecProgram.shell("c1", "rm -rf /srv/x")));
      var asked = exec.server().requests().size();
      var failed = asking(exec, "--approval-deadline=fail-run-after=200ms").end();
      assertThat(failed.code()).isEqualTo(12);
      assertThat(failed.facts().all("turn.failed")).hasSize(1);
      assertThat(exec.server().requests()).hasSize(asked + 1);
    }
  }

  @Test
  void runs_other_calls_while_a_question_is_open() throws Exception {
    var side = folder.resolve("workspace/side");
    try (var exec =
        calls(
            ExecProgram.shell("c1", "rm -rf /srv/x"),
            ExecProgram.shell("c2", "echo side > side"))) {
      var running = asking(exec);
      question(running, 1);
      Waiting.until("the other call", () -> Files.exists(side) && Files.size(side) > 0);
      answer(running, 1, "\"deny\"");
      var ended = running.end();

      assertThat(ended.code()).isEqualTo(11);
      assertThat(exec.told()).hasSize(2);
      assertThat(exec.told().get(0)).isEqualTo(REJECTED.formatted("rejected by user"));
      assertThat(exec.told().get(1)).contains("Process exited with code 0");
    }
  }

  @Test
  void asks_before_something_is_typed_outside_the_sandbox() throws Exception {
    try (var exec =
        ExecProgram.inside(
            folder,
            ScriptedModelServer.items(
                ExecProgram.shell(
                    "c1", "read line; echo got $line", with("tty", true, "yield_time_ms", 250))))) {
      exec.server().then(typed(exec), DONE);
      var running = asking(exec);
      answer(running, 1, "\"allow\"");
      answer(running, 2, "\"allow\"");
      var ended = running.end();

      assertThat(ended.code()).as(ended.out()).isZero();
      assertThat(exec.told().getLast()).contains("got hello");
    }
  }

  private static Object[] with(Object... more) {
    var all = new ArrayList<>(List.of(ESCALATED));
    all.addAll(List.of(more));
    return all.toArray();
  }

  /// Types into the session that the last output has named.
  private static Answer typed(ExecProgram exec) {
    return out -> {
      var named =
          java.util.regex.Pattern.compile("session ID (\\d+)")
              .matcher(exec.server().requests().getLast().body());
      if (!named.find()) {
        throw new IOException("no session was named");
      }
      return ScriptedModelServer.items(
              ScriptedModelServer.call(
                  "c2",
                  "write_stdin",
                  "{\"session_id\":%s,\"chars\":\"hello\\n\"}".formatted(named.group(1))))
          .write(out);
    };
  }
}
