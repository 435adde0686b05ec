package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.model.ScriptedModelServer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Values of keys in the environment of the built program reach the model's server, as keys, and
/// nothing else.
@Execution(ExecutionMode.CONCURRENT)
class ExecSecretsIT {
  @TempDir Path folder;

  @Test
  void neither_a_command_nor_a_model_brings_a_key_anywhere() throws Exception {
    var echo = String.join(" ", Secrets.OF_VARIABLES.values());
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
      Secrets.setAll(exec.program());
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
              "named " + Secrets.OF_VARIABLES.get("MY_SECRET"),
              "use " + Secrets.OF_VARIABLES.get("MY_SECRET"));

      assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
      assertThat(Files.readString(cassette)).contains("redacted");
      assertThat(ended.out()).contains("[redacted MOCK_KEY]", "[redacted FOO_TOKEN]");
      Secrets.requireNone(folder, ended);
      assertThat(exec.server().requests().getFirst().headers().get("authorization"))
          .isEqualTo("Bearer " + ExecProgram.KEY);
    }
  }
}
