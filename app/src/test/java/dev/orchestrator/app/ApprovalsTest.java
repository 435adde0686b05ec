package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.app.Program.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// What becomes of a command before it runs: `plan`, `approvals`, and questions of `run`.
class ApprovalsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.inside(folder);
  }

  @ParameterizedTest(name = "{0}: {1} under {2}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          git status          | workspace-write    | never      | run
          git status          | danger-full-access | on-request | run
          git status          | workspace-write    | untrusted  | run
          make                | workspace-write    | untrusted  | ask
          rm -rf build        | workspace-write    | on-request | run
          rm -rf /srv         | workspace-write    | on-request | ask
          rm -rf /srv         | danger-full-access | never      | refuse
          git push --force    | workspace-write    | on-failure | ask
          if (                | workspace-write    | on-request | ask
          if (                | workspace-write    | never      | refuse
          $TOOL --version     | danger-full-access | on-request | ask
          """)
  void plans_and_judges(String command, String level, String policy, String verdict)
      throws Exception {
    var ended = program.call("plan", "--json", "-s", level, "--policy", policy, command);

    assertThat(ended.code()).as(ended.err()).isZero();
    var plan = JSON.readTree(ended.out());
    assertThat(plan.path("verdict").asString()).as(ended.out()).isEqualTo(verdict);
    assertThat(plan.path("reasons").size()).isPositive();
    assertThat(plan.path("opaque").isBoolean()).isTrue();
    assertThat(plan.path("generalisations").size() > 0).isEqualTo(verdict.equals("ask"));
  }

  @Test
  void shows_every_part_of_a_plan() throws Exception {
    var plan =
        JSON.readTree(
            program
                .call("plan", "--json", "cd sub && A=1 timeout 5 bash -c 'make x | tee log > out'")
                .out());

    assertThat(plan.path("commands").valueStream().map(it -> it.path("argv").toString()))
        .contains("[\"make\",\"x\"]", "[\"tee\",\"log\"]");
    var tee = last(plan.path("commands"));
    assertThat(tee.path("cwd").asString()).endsWith("/sub");
    assertThat(tee.path("redirections").path(0).path("file").asString()).endsWith("/sub/out");
    assertThat(plan.path("opaque").asBoolean()).isFalse();
  }

  private static JsonNode last(JsonNode array) {
    return array.path(array.size() - 1);
  }

  @Test
  void remembers_forgets_and_tests_answers() throws Exception {
    var granted = program.call("approvals", "grant", "make test *");
    assertThat(granted.err()).isEmpty();
    assertThat(program.call("approvals", "explain", "--policy", "untrusted", "make test -j4").out())
        .startsWith("run at workspace-write, untrusted\n")
        .contains("allowed before: make test *");
    var cases = Files.writeString(folder.resolve("cases"), "# ours\nrun make test\nask make all\n");
    assertThat(program.call("approvals", "test", "--policy", "untrusted", cases.toString()).code())
        .isZero();

    var id = granted.out().split(" ", 2)[0];
    assertThat(program.call("approvals", "list").out()).startsWith(id).contains("workspace");
    assertThat(program.call("approvals", "revoke", id).out()).startsWith("revoked " + id);
    var failed = program.call("approvals", "test", "--policy", "untrusted", cases.toString());
    assertThat(failed.code()).isEqualTo(1);
    assertThat(failed.out()).contains("cases:2: make test: expected run, and it is ask");
    assertThat(program.call("approvals", "list").out()).isEqualTo("no answers are remembered\n");
  }

  @Test
  void lets_nothing_through_on_the_word_of_a_damaged_file() throws Exception {
    program.call("approvals", "grant", "--scope", "user", "make *");
    var file = program.home().resolve("approvals.jsonl");
    var bytes = Files.readAllBytes(file);
    bytes[20] ^= 1;
    Files.write(file, bytes);

    var ended = program.run("true");

    assertThat(ended.code()).isEqualTo(125);
    assertThat(ended.err()).contains("approvals.jsonl is damaged at line 1");
    assertThat(program.call("doctor").out()).contains("problem: ").contains("is damaged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--exit-code=command", "--exit-code=contract"})
  void refuses_what_nobody_can_be_asked_about(String codes) throws Exception {
    var victim = Files.createDirectories(folder.resolve("outside/precious"));

    var ended = program.run(codes, "rm", "-rf", victim.toString());

    assertThat(ended.code()).isEqualTo(codes.endsWith("contract") ? 12 : 125);
    assertThat(ended.err())
        .contains("destructive", "nobody is there to answer", "orchestrator approvals grant");
    assertThat(victim).exists();
    var call = program.record().manifest().path("toolRuns").path(0);
    assertThat(call.path("status").asString()).isEqualTo("refused");
    assertThat(call.path("retryCount").asInt()).isZero();
  }

  @Test
  void never_asks_under_never() throws Exception {
    var victim = Files.createDirectories(folder.resolve("outside/precious"));

    var ended =
        program.run(
            "--json=full",
            "--policy=never",
            "--exit-code=contract",
            "rm",
            "-rf",
            victim.toString());

    assertThat(ended.code()).isEqualTo(11);
    assertThat(ended.out()).doesNotContain("approval.requested");
    assertThat(victim).exists();
  }

  @Test
  void takes_the_first_valid_answer_from_standard_input() throws Exception {
    var victim = Files.createDirectories(folder.resolve("outside/old"));
    var running =
        program.startRun(
            new Input("", true),
            "--json=full",
            "--approvals=stdio",
            "rm",
            "-rf",
            victim.toString());
    running.awaitOut("\"approval.requested\"");
    var id = question(running.out());

    running.type("{\"id\":\"0000\",\"answer\":\"allow\"}\nnonsense");
    running.type("{\"id\":\"" + id + "\",\"answer\":\"allow\",\"choice\":\"nothing\"}");
    running.type("{\"id\":\"" + id + "\",\"answer\":\"allow\"}");
    running.type("{\"id\":\"" + id + "\",\"answer\":\"deny\"}");
    var ended = running.end();

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("\"by\":\"stdio\",\"why\":\"unknown\"")
        .contains("\"by\":\"stdio\",\"why\":\"invalid\"")
        .contains("\"granted\":true,\"by\":\"stdio\",\"choice\":\"once\"");
    assertThat(victim).doesNotExist();
  }

  private static String question(String out) throws IOException {
    for (var line : out.split("\n", -1)) {
      var fact = JSON.readTree(line);
      if (fact.path("type").asString().equals("approval.requested")) {
        return fact.path("id").asString();
      }
    }
    throw new IOException("no question in " + out);
  }

  @Test
  void denies_when_standard_input_ends_and_when_the_deadline_comes() throws Exception {
    var ended =
        program
            .startRun(
                new Input("", false), "--json=full", "--approvals=stdio", "rm", "-rf", "/srv/x")
            .end();
    assertThat(ended.code()).isEqualTo(125);
    assertThat(ended.out()).contains("\"granted\":false,\"by\":\"nobody\"");

    var late =
        program
            .startRun(
                new Input("", true),
                "--json=full",
                "--approvals=stdio",
                "--approval-deadline=deny-after=200ms",
                "--exit-code=contract",
                "rm",
                "-rf",
                "/srv/x")
            .end();
    assertThat(late.code()).isEqualTo(12);
    assertThat(late.out()).contains("\"granted\":false,\"by\":\"deadline\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          run --sandbox all true              | --sandbox: 'all' is no level
          run --policy maybe true             | --policy: 'maybe' is no policy
          run --policy granular:x true        | --policy: 'x' is no kind of question
          run --approvals=phone true          | --approvals: 'phone' is nobody to ask
          run --approvals=stdio true          | the questions are lines of --json=full
          run --approval-deadline=soon true   | --approval-deadline: 'soon' is not known
          run --rules nowhere.rules true      | nowhere.rules
          plan                                | plan: no command given
          approvals                           | approvals: what?
          approvals burn                      | approvals: 'burn' is not known
          approvals revoke ffff               | no answer 'ffff' is remembered
          approvals grant --scope galaxy x    | --scope: 'galaxy' is no scope
          approvals test nowhere              | nowhere cannot be read
          sandbox                             | sandbox: no command given
          doctor now                          | doctor: 'now' is not expected
          """)
  void says_what_is_wrong_in_one_line(String words, String message) throws Exception {
    var ended = program.call(words.split(" +"));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains(message).hasLineCount(1);
    assertThat(ended.out()).isEmpty();
  }
}
