package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.app.Program.Input;
import dev.orchestrator.engine.model.ScriptedModelServer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Keys that a model or a command line brings: told to nobody, kept nowhere.
class ExecSecretsTest {
  @TempDir Path folder;

  @Test
  void a_key_that_a_model_writes_into_a_command_is_not_told_on() throws Exception {
    var script = "test %s != x; echo $0".formatted(ExecProgram.KEY);
    try (var exec =
        ExecProgram.inside(
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
      Secrets.setAll(exec.program());

      var ended = exec.exec("--json=full", "--policy", "on-request", "-s", "workspace-write", "go");

      assertThat(ended.facts().all("tool.requested"))
          .hasSize(3)
          .anyMatch(it -> it.path("text").asString().contains("test [redacted MOCK_KEY] != x"));
      assertThat(ended.facts().all("approval.requested")).hasSize(2);
      assertThat(ended.facts().the("exec.begin").path("command").toString())
          .contains("test [redacted MOCK_KEY] != x");
      Secrets.requireNone(folder, ended);
    }
  }

  @Test
  void no_provider_gets_a_key_of_the_command_line_into_a_file() throws Exception {
    try (var exec = ExecProgram.inside(folder)) {
      Secrets.setAll(exec.program());
      var url = exec.server().baseUrl();
      for (var mode : List.of("--json=full", "--quiet")) {
        exec.server()
            .then(
                ScriptedModelServer.items(
                    ScriptedModelServer.message("seen " + Secrets.TOKEN + " and " + Secrets.HEADER),
                    ScriptedModelServer.call("c1", "update", "{}")),
                ScriptedModelServer.status(400, Secrets.TOKEN + Secrets.HEADER));
        var ended =
            exec.exec(
                Input.none(),
                "-c",
                "model_provider=\"other\"",
                "-c",
                "model_providers.other={name=\"other\", base_url=\"%s\", experimental_bearer_token=\"%s\", http_headers={x-api-key=\"%s\"}}"
                    .formatted(url, Secrets.TOKEN, Secrets.HEADER),
                mode,
                "go");

        Secrets.requireNone(folder, ended);
      }
      assertThat(exec.server().requests().getFirst().headers().get("authorization"))
          .isEqualTo("Bearer " + Secrets.TOKEN);
    }
  }

  @Test
  void a_wrong_setting_is_named_without_its_value() throws Exception {
    try (var exec = ExecProgram.inside(folder)) {
      Secrets.setAll(exec.program());

      var ended =
          exec.exec(
              "-c",
              "model_providers.mock.experimental_bearer_token=[\"" + Secrets.TOKEN + "\"]",
              "go");

      assertThat(ended.code()).isNotZero();
      assertThat(ended.err()).contains("experimental_bearer_token");
      Secrets.requireNone(folder, ended);
    }
  }
}
