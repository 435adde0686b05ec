package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `orchestrator run --json` and `--json=full`. Reading a line checks it against its schema.
class JsonLinesTest {
  private static final String USAGE =
      """
      {"type":"turn.completed","usage":{"input_tokens":0,"cached_input_tokens":0,\
      "cache_write_input_tokens":0,"output_tokens":0,"reasoning_output_tokens":0}}
      """;

  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.inside(folder);
  }

  @ParameterizedTest(name = "{1} {0}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          succeeded      | --no-tty                           | echo out; echo err >&2            |   0
          succeeded      | --tty                              | echo out; echo err >&2            |   0
          command_failed | --no-tty                           | echo out; exit 7                  |   7
          command_failed | --tty                              | kill -SEGV $$                     | 139
          timeout        | --timeout 300ms                    | echo out; exec sleep 60           | 124
          idle_timeout   | --tty --idle-timeout 300ms         | echo out; exec sleep 60           | 124
          output_cap     | --spool-cap 64k --fail-on-cap      | exec yes                          | 125
          succeeded      | --spool-cap 64k                    | head -c 3000000 /dev/zero          |   0
          succeeded      | --tty                              | head -c 3000000 /dev/urandom      |   0
          failed         | --cwd no/such/folder               | true                              | 125
          """)
  void tells_the_whole_story(String outcome, String flags, String script, int code)
      throws Exception {
    var ended = program.run(words("--json=full " + flags, "sh", "-c", script));

    assertThat(ended.code()).isEqualTo(code);
    ended.facts().requireWholeStory(outcome, program.record());
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-program", "/etc/passwd"})
  void tells_the_whole_story_of_a_command_that_cannot_be_started(String command) throws Exception {
    var facts = program.run("--json=full", "--", command).facts();

    facts.requireWholeStory(
        command.startsWith("/") ? "not_executable" : "not_found", program.record());
    assertThat(facts.the("item.completed").at("/item/status").asString()).isEqualTo("failed");
    assertThat(facts.the("turn.failed").at("/error/message").asString()).contains(command);
  }

  @Test
  void carries_any_bytes() throws Exception {
    var ended =
        program.run(
            "--json=full",
            "--no-tty",
            "--",
            "sh",
            "-c",
            "head -c 300000 /dev/urandom | tee noise; printf 'h\\303\\251\\0' >&2");

    var facts = ended.facts();
    assertThat(facts.output("stdout"))
        .isEqualTo(Files.readAllBytes(program.directory().resolve("noise")));
    assertThat(facts.output("stderr")).containsExactly('h', 0xc3, 0xa9, 0);
    assertThat(facts.all("exec.chunk")).anyMatch(it -> it.has("base64"));
    assertThat(facts.all("exec.chunk"))
        .filteredOn(it -> it.path("stream").asString().equals("stderr"))
        .allMatch(it -> it.has("text"));
  }

  @Test
  void does_not_cut_characters_in_two() throws Exception {
    var facts =
        program
            .run("--json=full", "--no-tty", "--", "sh", "-c", "yes '→😀é' | head -c 1000001")
            .facts();

    assertThat(facts.all("exec.chunk"))
        .filteredOn(it -> it.has("base64"))
        .allMatch(it -> it.path("offset").asInt() + it.path("len").asInt() == 1_000_001);
  }

  @Test
  void speaks_codex_and_nothing_else_about_a_success() throws Exception {
    assertThat(codex("printf a\\nb"))
        .isEqualTo(
            """
            {"type":"thread.started","thread_id":"T"}
            {"type":"turn.started"}
            {"type":"item.started","item":{"id":"item_0","type":"command_execution",\
            "command":"printf \\"a\\\\\\\\nb\\"","aggregated_output":"","exit_code":null,\
            "status":"in_progress"}}
            {"type":"item.completed","item":{"id":"item_0","type":"command_execution",\
            "command":"printf \\"a\\\\\\\\nb\\"","aggregated_output":"a\\nb","exit_code":0,\
            "status":"completed"}}
            """
                + USAGE);
  }

  @Test
  void speaks_codex_and_nothing_else_about_a_failure() throws Exception {
    assertThat(codex("false"))
        .isEqualTo(
            """
            {"type":"thread.started","thread_id":"T"}
            {"type":"turn.started"}
            {"type":"item.started","item":{"id":"item_0","type":"command_execution",\
            "command":"false","aggregated_output":"","exit_code":null,"status":"in_progress"}}
            {"type":"item.completed","item":{"id":"item_0","type":"command_execution",\
            "command":"false","aggregated_output":"","exit_code":1,"status":"failed"}}
            """
                + USAGE);
  }

  @Test
  void speaks_codex_and_nothing_else_about_a_command_that_cannot_be_started() throws Exception {
    var lines = codex("no-such-program");

    assertThat(Facts.of(lines).types())
        .containsExactly(
            "thread.started", "turn.started", "item.started", "item.completed", "turn.failed");
    assertThat(lines.lines().skip(3).findFirst().orElseThrow())
        .startsWith(
            """
            {"type":"item.completed","item":{"id":"item_0","type":"command_execution",\
            "command":"no-such-program","aggregated_output":\"\
            """)
        .endsWith("\"exit_code\":-1,\"status\":\"failed\"}}");
    assertThat(lines.lines().skip(4))
        .singleElement()
        .asString()
        .matches("\\{\"type\":\"turn.failed\",\"error\":\\{\"message\":\".*no-such-program.*\"}}");
  }

  /// The lines about a command, with the thread's random name replaced.
  private String codex(String command) throws Exception {
    var out = program.run(words("--json --no-tty", command.split(" ", -1))).out();
    return out.replaceFirst(
        "[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", "T");
  }

  private static String[] words(String flags, String... command) {
    var words = new ArrayList<>(List.of(flags.strip().split(" +", -1)));
    words.add("--");
    words.addAll(List.of(command));
    return words.toArray(String[]::new);
  }
}
