package dev.orchestrator.app;

import static dev.orchestrator.engine.model.ScriptedModelServer.call;
import static dev.orchestrator.engine.model.ScriptedModelServer.event;
import static dev.orchestrator.engine.model.ScriptedModelServer.items;
import static dev.orchestrator.engine.model.ScriptedModelServer.message;
import static dev.orchestrator.engine.model.ScriptedModelServer.sse;
import static dev.orchestrator.engine.model.ScriptedModelServer.status;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import dev.orchestrator.engine.model.ScriptedModelServer.Request;
import dev.orchestrator.engine.wire.Json;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Codex's published SDK for Node, unchanged, with this program in the place of Codex's.
///
/// What the SDK's user sees is held by the scenarios in `src/test/node/codex-sdk`; what the model
/// is sent, here.
@Execution(ExecutionMode.CONCURRENT)
class CodexSdkIT {
  private static final String PNG =
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

  private static Path packages;

  @TempDir Path folder;

  @BeforeAll
  static void install() throws Exception {
    packages = NodePackages.install("codex-sdk");
  }

  private ExecProgram program(Answer... answers) throws Exception {
    var exec = ExecProgram.in(folder, answers);
    exec.program()
        .startedAs("node")
        // Login shells read what is here.
        .with("HOME", Files.createDirectories(folder.resolve("user")).toString())
        .with("PROGRAM_UNDER_TEST", Program.DIST.toAbsolutePath().resolve("bin/orchestrator") + "");
    return exec;
  }

  /// What a scenario has to say for itself.
  private static String passes(ExecProgram exec, String scenario, Map<String, Object> given)
      throws Exception {
    var ended =
        exec.program()
            .call(
                packages.resolve("scenarios.mjs").toString(),
                scenario,
                new String(Json.line(given), UTF_8));
    assertThat(ended.code()).as(ended.err()).isZero();
    return ended.out();
  }

  private static String passes(ExecProgram exec, String scenario) throws Exception {
    return passes(exec, scenario, Map.of());
  }

  private static Answer says(String text) {
    return items(message(text));
  }

  private static Answer runs(String command) {
    return items(
        call("call_1", "exec_command", new String(Json.line(Map.of("cmd", command)), UTF_8)));
  }

  /// Texts of the messages of one role, the oldest first.
  private static List<String> texts(Request request, String role) {
    var texts = new ArrayList<String>();
    for (var item : (List<?>) request.json().get("input")) {
      if (item instanceof Map<?, ?> it && role.equals(it.get("role"))) {
        for (var part : (List<?>) it.get("content")) {
          texts.add(String.valueOf(((Map<?, ?>) part).get("text")));
        }
      }
    }
    return texts;
  }

  private static String prompt(Request request) {
    return texts(request, "user").getLast();
  }

  @Test
  void runs_a_turn() throws Exception {
    try (var exec = program(runs("echo hello"), says("Hello."))) {
      passes(exec, "run");

      assertThat(prompt(exec.server().requests().getFirst())).isEqualTo("say hello");
      assertThat(exec.server().requests().getFirst().headers())
          .containsEntry("originator", "codex_sdk_ts");
    }
  }

  @Test
  void streams_every_event_in_order_with_all_its_fields() throws Exception {
    var patch = "*** Begin Patch\n*** Add File: new.txt\n+new\n*** End Patch\n";
    try (var exec =
        program(
            items(
                "{\"type\":\"reasoning\",\"id\":\"rs_1\",\"summary\":[{\"type\":\"summary_text\","
                    + "\"text\":\"**Thinking**\"}]}",
                call("call_1", "exec_command", "{\"cmd\":\"exit 3\"}")),
            items(
                "{\"type\":\"custom_tool_call\",\"call_id\":\"call_2\",\"name\":\"apply_patch\",\"input\":"
                    + new String(Json.line(patch), UTF_8)
                    + "}"),
            says("Done."))) {
      passes(exec, "streamed");

      assertThat(exec.workspace().resolve("new.txt")).hasContent("new\n");
    }
  }

  @Test
  void goes_on_with_a_thread_by_its_id() throws Exception {
    try (var exec = program(says("first answer"), says("second answer"), says("third answer"))) {
      passes(exec, "resume");

      var last = exec.server().requests().getLast();
      assertThat(texts(last, "user"))
          .containsSubsequence("first prompt", "second prompt", "third prompt");
      assertThat(texts(last, "assistant")).containsExactly("first answer", "second answer");
    }
  }

  @Test
  @Tag("slow")
  void holds_a_turn_to_what_was_said_for_it_also_if_its_thread_had_more() throws Exception {
    try (var exec = program()) {
      var port = URI.create(exec.server().baseUrl()).getPort();
      var reach =
          "node -e 'require(\"net\").connect(%d, \"127.0.0.1\")"
              + ".on(\"connect\", () => { console.log(\"network\"); process.exit() })"
              + ".on(\"error\", () => console.log(\"no network\"))'";
      exec.server()
          .then(
              runs(reach.formatted(port)),
              says("ok"),
              runs(reach.formatted(port)),
              says("ok"),
              runs("echo x > written"),
              says("ok"),
              runs("echo x > written"),
              says("ok"));
      needsSandbox(exec);

      passes(exec, "stricter");

      assertThat(exec.server().requests().stream().map(it -> it.json().get("model")))
          .containsExactly(
              "gpt-5.5", "gpt-5.5", "gpt-5.4", "gpt-5.4", "gpt-5.3", "gpt-5.3", "gpt-5.3",
              "gpt-5.3");
    }
  }

  private static void needsSandbox(ExecProgram exec) throws Exception {
    var doctor =
        new ProcessBuilder(Program.DIST.resolve("bin/orchestrator").toString(), "doctor", "--json")
            .redirectErrorStream(true)
            .start();
    var said = new String(doctor.getInputStream().readAllBytes(), UTF_8);
    assumeFalse(said.contains("\"sandbox\":\"none\""), "skipped: no sandbox works here");
    assertThat(exec.workspace()).exists();
  }

  @Test
  @Tag("slow")
  void sends_the_schema_of_an_answer() throws Exception {
    try (var exec = program(says("{\"answer\":\"42\",\"sure\":true}"))) {
      passes(exec, "schema");

      assertThat(exec.server().requests().getFirst().json().get("text"))
          .isEqualTo(
              Json.read(
                  """
                  {"format":{"type":"json_schema","name":"codex_output_schema","strict":true,
                   "schema":{"type":"object","properties":{"answer":{"type":"string"},
                             "sure":{"type":"boolean"}},
                             "required":["answer","sure"],"additionalProperties":false}}}
                  """
                      .getBytes(UTF_8)));
    }
  }

  @Test
  @Tag("slow")
  void asks_once_more_for_an_answer_that_does_not_match_its_schema() throws Exception {
    try (var exec =
        program(
            says("{\"answer\":\"forty-two\"}"),
            says("{\"answer\":42}"),
            says("{\"answer\":true}"),
            says("{}"))) {
      passes(exec, "mismatch");

      var requests = exec.server().requests();
      assertThat(requests).hasSize(4);
      assertThat(prompt(requests.get(1))).contains("does not match", "answer");
    }
  }

  @Test
  @Tag("slow")
  void sends_pictures_before_the_prompt() throws Exception {
    var elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    try (var exec = program(says("ok"))) {
      passes(exec, "images", Map.of("png", PNG, "elsewhere", elsewhere.toString()));

      var requests = exec.server().requests();
      assertThat(pictures(requests.getFirst())).isEqualTo(2);
      assertThat(texts(requests.getFirst(), "user"))
          .containsSubsequence(
              "<image name=[one, with comma.png]>",
              "</image>",
              "<image name=[two.png]>",
              "</image>",
              "Describe these\n\nin one word.");
      assertThat(pictures(requests.getLast())).isEqualTo(1);
      assertThat(requests).hasSize(3);
    }
  }

  private static int pictures(Request request) {
    var url = "\"image_url\":\"data:image/png;base64," + PNG + "\"";
    assertThat(request.body()).contains("\"type\":\"input_image\"");
    return request.body().split(Pattern.quote(url), -1).length - 1;
  }

  @Test
  @Tag("slow")
  void confines_commands_as_each_mode_says() throws Exception {
    var outside = Path.of("").toAbsolutePath().resolve("target/outside-" + System.nanoTime());
    var write = runs("echo x > inside; echo x > " + outside);
    var tried = says("tried");
    try (var exec = program(write, tried, write, tried, write, tried)) {
      needsSandbox(exec);

      passes(exec, "sandboxes", Map.of("outside", outside.toString()));
    } finally {
      Files.deleteIfExists(outside);
    }
  }

  @Test
  @Tag("slow")
  void opens_further_folders_and_does_without_those_that_are_not_there() throws Exception {
    var other = Path.of("").toAbsolutePath().resolve("target/other-" + System.nanoTime());
    Files.createDirectories(other);
    var write = runs("echo x >> " + other.resolve("file"));
    try (var exec = program(write, says("1"), write, says("2"), write, says("3"))) {
      needsSandbox(exec);

      passes(exec, "directories", Map.of("other", other.toString()));
    } finally {
      Files.deleteIfExists(other.resolve("file"));
      Files.delete(other);
    }
  }

  @Test
  @Tag("slow")
  void works_in_the_folder_that_is_named() throws Exception {
    var elsewhere = Files.createDirectories(folder.resolve("elsewhere")).toRealPath();
    try (var exec = program(runs("pwd"), says("ok"))) {
      passes(exec, "working_directory", Map.of("elsewhere", elsewhere.toString()));
    }
  }

  @Test
  @Tag("slow")
  void takes_settings_of_every_shape() throws Exception {
    var greet = "printf '%s|%s|%s|%s\\n' \"$GREETING\" \"$MORE\" \"$LEFT_OUT\" \"$OUT\"";
    try (var exec = program(runs(greet), says("ok"))) {
      exec.program().with("LEFT_OUT", "left").with("OUT", "out");

      passes(exec, "config", Map.of("baseUrl", exec.server().baseUrl()));

      var request = exec.server().requests().getFirst();
      assertThat(request.path()).isEqualTo("/v1/responses?api-version=1");
      assertThat(request.headers()).containsEntry("x-flat", "yes");
      assertThat(request.json().get("text")).isEqualTo(Map.of("verbosity", "high"));
    }
  }

  @Test
  @Tag("slow")
  void takes_every_option_of_a_thread_and_a_turn() throws Exception {
    try (var exec = program(says("ok"))) {
      passes(exec, "options");

      var request = exec.server().requests().getFirst().json();
      assertThat(request).containsEntry("model", "gpt-test-1");
      assertThat(request.get("reasoning")).isEqualTo(Map.of("effort", "high", "summary", "auto"));
    }
  }

  @Test
  @Tag("slow")
  void never_waits_for_somebody_to_answer() throws Exception {
    var touch = runs("touch something");
    var tried = says("tried");
    try (var exec = program(touch, tried, touch, tried, touch, tried, touch, tried)) {
      passes(exec, "policies");
    }
  }

  @Test
  @Tag("slow")
  void asks_openai_with_the_key_that_is_given_and_shows_it_to_no_command() throws Exception {
    try (var exec = program(runs("echo \"key:$CODEX_API_KEY\""), says("ok"))) {
      passes(
          exec,
          "api_key",
          Map.of("baseUrl", exec.server().baseUrl(), "key", "sk-sdk-0123456789abcdef"));

      assertThat(exec.server().requests().getFirst().headers())
          .containsEntry("authorization", "Bearer sk-sdk-0123456789abcdef");
    }
  }

  @Test
  void passes_on_the_environment_that_is_given_and_no_other() throws Exception {
    try (var exec = program(runs("echo \"$ONLY,$LEAKED\""), says("ok"))) {
      passes(
          exec,
          "environment",
          Map.of(
              "env",
              Map.of(
                  "PATH",
                  System.getenv("PATH"),
                  "HOME",
                  folder.resolve("user").toString(),
                  "CODEX_HOME",
                  folder.resolve("codex").toString(),
                  "ORCHESTRATOR_HOME",
                  folder.resolve("home").toString(),
                  "MOCK_KEY",
                  ExecProgram.KEY)));
    }
  }

  @Test
  void leaves_nothing_running_when_a_turn_is_aborted() throws Exception {
    var seconds = "3600." + System.nanoTime();
    var sleep =
        runs("setsid sh -c 'trap \"\" TERM HUP; sleep " + seconds + "' & touch sleeping; wait");
    try (var exec = program(sleep, sleep, sleep, says("whole"))) {
      passes(exec, "abort", Map.of("marks", List.of(exec.workspace().toString(), seconds)));
    }
  }

  @Test
  @Tag("slow")
  void rejects_with_the_reason_of_a_failure() throws Exception {
    var none = status(400, "{\"error\":{\"message\":\"no such model\",\"type\":\"bad\"}}");
    var error = event("{\"type\":\"error\",\"error\":{\"code\":\"slow\",\"message\":\"slow\"}}");
    try (var exec = program(none, none, sse(error))) {
      passes(exec, "failures");
    }
  }

  @Test
  @Tag("slow")
  void passes_on_every_prompt_as_it_is() throws Exception {
    var prompts =
        List.of("-", "--help", "-rf is what?", "resume", "日本語 😀\u0001 \"'\\$(x)`", " a\n\n b\r\n");
    try (var exec = program(says("ok"))) {
      passes(exec, "prompts", Map.of("prompts", prompts));

      var requests = exec.server().requests();
      assertThat(requests).hasSize(prompts.size() + 1);
      assertThat(requests.stream().limit(prompts.size()).map(CodexSdkIT::prompt))
          .containsExactlyElementsOf(prompts);
      assertThat(prompt(requests.getLast())).isEqualTo("ü".repeat(500_000) + " the end");
    }
  }

  @Test
  @Tag("slow")
  void runs_three_threads_at_once() throws Exception {
    try (var exec = program()) {
      var asked = new CountDownLatch(3);
      Answer answer =
          out -> {
            asked.countDown();
            return awaited(asked) && says("heard").write(out);
          };
      exec.server().then(answer, answer, answer);

      passes(exec, "concurrent");

      assertThat(exec.server().requests().stream().map(CodexSdkIT::prompt))
          .containsExactlyInAnyOrder("one", "two", "three");
    }
  }

  private static boolean awaited(CountDownLatch latch) {
    try {
      return latch.await(30, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      return false;
    }
  }
}
