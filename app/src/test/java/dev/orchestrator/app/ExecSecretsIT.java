package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.app.Program.Input;
import dev.orchestrator.engine.model.ScriptedModelServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Values of keys reach the model's server, as keys, and nothing else.
@Execution(ExecutionMode.CONCURRENT)
class ExecSecretsIT {
  private static final Map<String, String> SECRETS =
      Map.of(
          "MOCK_KEY", ExecProgram.KEY,
          "CODEX_API_KEY", "codex-87654321-key",
          "FOO_TOKEN", "foo-token-\"quoted\"",
          "MY_SECRET", "my/secret/of/mine");

  private static final String TOKEN = "bearer-of-the-command-line";
  private static final String HEADER = "header-of-the-command-line";

  @TempDir Path folder;

  private static void setAll(Program program) {
    SECRETS.forEach(program::with);
  }

  private void requireNone(Running.Ended ended) throws IOException {
    var places = new ArrayList<String>();
    var values = new ArrayList<>(SECRETS.values());
    values.add("foo-token-\\\"quoted\\\"");
    values.add(TOKEN);
    values.add(HEADER);
    try (var files = Files.walk(folder)) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        values.stream().filter(text::contains).forEach(it -> places.add(file + ": " + it));
      }
    }
    for (var it : values) {
      if ((ended.out() + ended.err()).contains(it)) {
        places.add("output: " + it);
      }
    }
    assertThat(places).isEmpty();
  }

  @Test
  void neither_a_command_nor_a_model_brings_a_key_anywhere() throws Exception {
    var echo = String.join(" ", SECRETS.values());
    try (var exec =
        ExecProgram.in(
            folder,
            ScriptedModelServer.items(
                ScriptedModelServer.message("I found " + echo),
                ExecProgram.shell("c1", "env; tr '\\0' '\\n' < /proc/self/environ"),
                ExecProgram.shell("c2", "echo \"$MOCK_KEY$FOO_TOKEN$MY_SECRET$CODEX_API_KEY\"")),
            ScriptedModelServer.items(
                ExecProgram.newFile("c3", Path.of("found.txt"), "text"),
                ScriptedModelServer.call("c4", "no_such_" + ExecProgram.KEY, "{}"),
                ScriptedModelServer.call("c5", "exec_command", "{\"cmd\":" + echo)),
            ScriptedModelServer.items(ScriptedModelServer.message("done: " + echo)))) {
      setAll(exec.program());
      var cassette = folder.resolve("kept.cassette");

      var ended =
          exec.exec(
              "--json=full",
              "-s",
              "workspace-write",
              "--record",
              cassette.toString(),
              "-o",
              folder.resolve("last.txt").toString(),
              "--name",
              "named " + SECRETS.get("MY_SECRET"),
              "use " + SECRETS.get("MY_SECRET"));

      assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
      assertThat(Files.readString(cassette)).contains("redacted");
      assertThat(ended.out()).contains("[redacted MOCK_KEY]", "[redacted FOO_TOKEN]");
      requireNone(ended);
      assertThat(exec.server().requests().getFirst().headers().get("authorization"))
          .isEqualTo("Bearer " + ExecProgram.KEY);
    }
  }

  @Test
  void a_key_that_a_model_writes_into_a_command_is_not_told_on() throws Exception {
    var script = "test %s != x; echo $0".formatted(ExecProgram.KEY);
    try (var exec =
        ExecProgram.in(
            folder,
            ScriptedModelServer.items(
                ExecProgram.shell("c1", script),
                ExecProgram.shell("c2", "rm -rf /" + ExecProgram.KEY),
                ExecProgram.shell(
                    "c3",
                    "touch /x",
                    "sandbox_permissions",
                    "require_escalated",
                    "justification",
                    "for " + ExecProgram.KEY)),
            ScriptedModelServer.items(ScriptedModelServer.message("done")))) {
      setAll(exec.program());

      var ended = exec.exec("--json=full", "--policy", "on-request", "-s", "workspace-write", "go");

      assertThat(ended.facts().all("tool.requested"))
          .hasSize(3)
          .anyMatch(it -> it.path("text").asString().contains("test [redacted MOCK_KEY] != x"));
      assertThat(ended.facts().all("approval.requested")).hasSize(2);
      assertThat(ended.facts().the("exec.begin").path("command").toString())
          .contains("test [redacted MOCK_KEY] != x");
      requireNone(ended);
    }
  }

  @Test
  void no_provider_gets_a_key_of_the_command_line_into_a_file() throws Exception {
    try (var exec = ExecProgram.in(folder)) {
      setAll(exec.program());
      var url = exec.server().baseUrl();
      for (var mode : List.of("--json=full", "--quiet")) {
        exec.server()
            .then(
                ScriptedModelServer.items(
                    ScriptedModelServer.message("seen " + TOKEN + " and " + HEADER),
                    ScriptedModelServer.call("c1", "update", "{}")),
                ScriptedModelServer.status(400, TOKEN + HEADER));
        var ended =
            exec.exec(
                Input.none(),
                "-c",
                "model_provider=\"other\"",
                "-c",
                "model_providers.other={name=\"other\", base_url=\"%s\", experimental_bearer_token=\"%s\", http_headers={x-api-key=\"%s\"}}"
                    .formatted(url, TOKEN, HEADER),
                mode,
                "go");

        requireNone(ended);
      }
      assertThat(exec.server().requests().getFirst().headers().get("authorization"))
          .isEqualTo("Bearer " + TOKEN);
    }
  }

  @Test
  void a_wrong_setting_is_named_without_its_value() throws Exception {
    try (var exec = ExecProgram.in(folder)) {
      setAll(exec.program());

      var ended =
          exec.exec(
              "-c", "model_providers.mock.experimental_bearer_token=[\"" + TOKEN + "\"]", "go");

      assertThat(ended.code()).isNotZero();
      assertThat(ended.err()).contains("experimental_bearer_token");
      requireNone(ended);
    }
  }
}
