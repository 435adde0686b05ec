package dev.orchestrator.app;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.orchestrator.engine.model.ScriptedModelServer;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Bytes of a pipe and of a model, and output that nobody can take.
@Execution(ExecutionMode.CONCURRENT)
class ExecInputIT {
  private static final Answer DONE = ScriptedModelServer.items(ScriptedModelServer.message("done"));

  @TempDir Path folder;

  private static String prompt(ExecProgram exec) {
    var input = (List<?>) exec.server().requests().getLast().json().get("input");
    var content = (List<?>) ((Map<?, ?>) input.getLast()).get("content");
    return String.valueOf(((Map<?, ?>) content.getLast()).get("text"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-q", "--color=never"})
  void a_message_that_cannot_be_written_is_no_success(String option) throws Exception {
    try (var exec = ExecProgram.in(folder, DONE)) {
      assertThat(exec.script("\"$@\" >/dev/full", option, "go").code()).isEqualTo(1);
    }
  }

  static Stream<Arguments> bytes() {
    return Stream.of(
        arguments("\u00ff\u00fe" + new String("héllo".getBytes(UTF_16LE), ISO_8859_1), "héllo"),
        arguments("\u00ff\u00fe\0\0x\0\0\0", "standard input is UTF-32; convert it to UTF-8"),
        arguments("\u00c3(", "standard input is not valid UTF-8; convert it to UTF-8"),
        arguments("", "No prompt provided via stdin."));
  }

  @ParameterizedTest
  @MethodSource("bytes")
  void bytes_of_a_pipe_are_text_or_refused(String bytes, String what) throws Exception {
    try (var exec = ExecProgram.in(folder, DONE)) {
      var file = Files.write(folder.resolve("bytes"), bytes.getBytes(ISO_8859_1));
      var ended = exec.script("\"$@\" < " + file, "-");

      if (exec.server().requests().isEmpty()) {
        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.err()).isEqualTo("orchestrator: " + what + "\n");
        assertThat(ended.out()).isEmpty();
      } else {
        assertThat(prompt(exec)).isEqualTo(what);
      }
    }
  }

  @Tag("slow")
  @Test
  void five_megabytes_of_arguments_do_no_harm() throws Exception {
    var large = ExecProgram.shell("c1", "echo " + "x".repeat(5 << 20));
    try (var exec = ExecProgram.in(folder, ScriptedModelServer.items(large), DONE)) {
      var ended = exec.exec("--json=full", "-s", "danger-full-access", "go");

      assertThat(ended.code()).as(ended.err()).isIn(0, 1);
      assertThat(ended.facts().summary().path("outcome").asString()).isIn("succeeded", "failed");
    }
  }
}
