package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.orchestrator.app.Program.Input;
import dev.orchestrator.engine.model.ScriptedModelServer;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// What a user types, what a pipe brings and what a model says is taken as it is meant, or refused
/// in one line.
class ExecInputTest {
  private static final Answer DONE = ScriptedModelServer.items(ScriptedModelServer.message("done"));

  @TempDir Path folder;

  private static String prompt(ExecProgram exec) {
    var input = (List<?>) exec.server().requests().getLast().json().get("input");
    var content = (List<?>) ((Map<?, ?>) input.getLast()).get("content");
    return String.valueOf(((Map<?, ?>) content.getLast()).get("text"));
  }

  static Stream<Arguments> prompts() {
    return Stream.of(
        arguments(Input.of("ignored"), "do it", "do it"),
        arguments(Input.forgotten(), "do it", "do it"),
        arguments(Input.of("from a pipe\n"), "-", "from a pipe\n"),
        arguments(Input.of("from a pipe\n"), "", "from a pipe\n"),
        arguments(Input.of("more"), "--stdin|do it", "do it\n\n<stdin>\nmore\n</stdin>"),
        arguments(Input.of(" \n"), "--stdin|do it", "do it"),
        arguments(Input.of("\ufefftext"), "-", "text"),
        arguments(Input.none(), "--|--json", "--json"));
  }

  @ParameterizedTest
  @MethodSource("prompts")
  void the_prompt_is_what_was_said(Input input, String words, String prompt) throws Exception {
    try (var exec = ExecProgram.inside(folder, DONE)) {
      var ended = exec.exec(input, words.isEmpty() ? new String[0] : words.split("\\|", -1));

      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(ended.out()).isEqualTo("done\n");
      assertThat(prompt(exec)).isEqualTo(prompt);
    }
  }

  @Test
  void help_is_no_prompt() throws Exception {
    try (var exec = ExecProgram.inside(folder, DONE)) {
      var ended = exec.exec("help");

      assertThat(ended.code()).isZero();
      assertThat(ended.out()).contains("orchestrator exec", "--json");
      assertThat(exec.server().requests()).isEmpty();
    }
  }

  @Test
  void records_are_kept_where_the_settings_say() throws Exception {
    try (var exec = ExecProgram.inside(folder, DONE)) {
      var runs = folder.resolve("elsewhere");

      var ended = exec.program().call("exec", "-c", "orchestrator.runs_dir=\"" + runs + "\"", "go");

      assertThat(ended.code()).as(ended.err()).isZero();
      assertThat(runs).isNotEmptyDirectory();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -C nowhere go                                   | 1 | --cd:
          -C .. go                                        | 1 | Not inside a trusted directory
          --no-such-option go                             | 2 | unknown option '--no-such-option'
          go on                                           | 2 | is not expected after the prompt
          -c model go                                     | 2 | -c
          -c model=1 go                                   | 2 | model
          -c model_provider="nobody" go                   | 1 | model_provider: 'nobody' is not known
          -c model_providers.mock.stream_max_retries=x go | 2 | stream_max_retries
          --strict-config -c no.such.key=1 go             | 2 | unknown key no
          -i nowhere.png go                               | 1 | --image: nowhere.png
          -i notes.txt go                                 | 1 | --image: notes.txt
          -s everything go                                | 2 | --sandbox: 'everything' is no level
          -a sometimes go                                 | 2 | is no policy
          --timeout soon go                               | 2 | --timeout
          --approvals=stdio go                            | 2 | --json=full
          --color blue go                                 | 2 | --color: 'blue'
          --output-schema nowhere.json go                 | 1 | --output-schema
          --output-schema notes.txt go                    | 1 | --output-schema
          --replay nowhere.cassette go                    | 1 | nowhere.cassette
          --last go                                       | 2 | --last belongs to orchestrator exec resume
          --base main go                                  | 2 | --base belongs to orchestrator exec review
          review                                          | 2 | review: of what?
          review --uncommitted --base main                | 2 | review: of what?
          resume                                          | 2 | resume: which thread?
          fork                                            | 2 | fork: which thread?
          --name= go                                      | 2 | --name
          --ephemeral --runs-dir x go                     | 2 | --runs-dir
          """)
  void what_is_wrong_is_said_in_one_line(String words, int code, String message) throws Exception {
    try (var exec = ExecProgram.inside(folder, DONE)) {
      Files.writeString(exec.workspace().resolve("notes.txt"), "no picture, no JSON");

      var ended = exec.program().call(("exec " + words).split(" +"));

      assertThat(ended.err()).contains(message).hasLineCount(1);
      assertThat(ended.code()).isEqualTo(code);
      assertThat(ended.out()).isEmpty();
      assertThat(exec.server().requests()).isEmpty();
    }
  }

  @Test
  void the_last_message_goes_to_a_file_as_it_is() throws Exception {
    var file = folder.resolve("last.txt");
    try (var exec =
        ExecProgram.inside(
            folder,
            ScriptedModelServer.items(
                ScriptedModelServer.message("first"), ScriptedModelServer.message("last\nline")),
            ScriptedModelServer.items(),
            ScriptedModelServer.failed("insufficient_quota", "pay"))) {
      assertThat(exec.exec("-o", file.toString(), "go").out()).isEqualTo("last\nline\n");
      assertThat(file).hasContent("last\nline");

      var silent = exec.exec("-o", file.toString(), "go");
      assertThat(silent.out()).isEmpty();
      assertThat(silent.err()).contains("the model has said nothing");
      assertThat(file).isEmptyFile();

      Files.writeString(file, "as before");
      assertThat(exec.exec("-o", file.toString(), "go").code()).isEqualTo(1);
      assertThat(file).hasContent("as before");
    }
  }

  /// What a model may send, how many calls of it are answered, and what the answers contain.
  static Stream<Arguments> replies() {
    var nested = "{\"cmd\":" + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    return Stream.of(
        arguments(
            "200 calls",
            IntStream.range(0, 200)
                .mapToObj(it -> ExecProgram.shell("c" + it, "echo " + it, "login", false))
                .toArray(String[]::new),
            200,
            "Chunk ID: "),
        arguments(
            "deep arguments",
            new String[] {ScriptedModelServer.call("c1", "exec_command", nested)},
            1,
            "failed to parse function arguments"),
        arguments(
            "a NUL in a command", new String[] {ExecProgram.shell("c1", "echo a\0b")}, 1, "NUL"),
        arguments(
            "a NUL in a folder",
            new String[] {ExecProgram.shell("c1", "pwd", "workdir", "a\0b")},
            1,
            "workdir is no path"),
        arguments(
            "half a character",
            new String[] {
              ScriptedModelServer.call("c1", "exec_command", "{\"cmd\":\"printf %s '\\ud83d'\"}"),
              "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\","
                  + "\"text\":\"\\udc00 half\"}]}"
            },
            1,
            ""),
        arguments(
            "items that nobody knows",
            new String[] {
              "{\"type\":\"hologram\",\"call_id\":\"c9\",\"name\":7}",
              "{\"no\":\"type\"}",
              "{\"type\":\"local_shell_call\",\"call_id\":\"c8\",\"action\":{}}",
              ExecProgram.shell("c1", "echo known")
            },
            1,
            "known"),
        arguments(
            "the same name for two calls",
            new String[] {ExecProgram.shell("c1", "echo one"), ExecProgram.shell("c1", "echo two")},
            2,
            "Process exited with code 0"),
        arguments(
            "arguments that are none",
            new String[] {
              ScriptedModelServer.call("c1", "exec_command", "[1,2]"),
              ScriptedModelServer.call("c2", "exec_command", ""),
              ScriptedModelServer.call("c3", "exec_command", "{\"cmd\":7}"),
              ScriptedModelServer.call("c4", "write_stdin", "{\"session_id\":1e300}"),
              ScriptedModelServer.call("c5", "view_image", "{\"path\":\"\\u0000\"}"),
              ScriptedModelServer.call(
                  "c6", "exec_command", "{\"cmd\":\"true\",\"yield_time_ms\":-9e99}")
            },
            6,
            ""));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("replies")
  void a_strange_reply_is_answered_call_by_call(
      String what, String[] items, int answers, String text) throws Exception {
    try (var exec = ExecProgram.inside(folder, ScriptedModelServer.items(items), DONE)) {
      var ended = exec.exec("--json=full", "-s", "danger-full-access", "go");

      assertThat(ended.code()).as(ended.out() + ended.err()).isIn(0, 11);
      assertThat(exec.told()).hasSize(answers).allSatisfy(it -> assertThat(it).contains(text));
      assertThat(ended.facts().all("turn.completed")).hasSize(1);
      assertThat(exec.exec("resume", "--last", "again").code()).isZero();
    }
  }

  @Test
  void calls_without_a_name_to_answer_to_do_not_hold_the_turn_up() throws Exception {
    var call = "{\"type\":\"function_call\",\"name\":\"exec_command\",\"arguments\":\"{}\"}";
    try (var exec = ExecProgram.inside(folder, ScriptedModelServer.items(call), DONE)) {
      var ended = exec.exec("--json", "go");

      assertThat(ended.facts().types()).last().asString().startsWith("turn.");
      assertThat(exec.server().requests()).hasSizeLessThanOrEqualTo(3);
    }
  }
}
