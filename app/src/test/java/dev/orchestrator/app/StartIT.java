package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.model.ScriptedModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What a start does not do, because it would take time and memory at every one.
@Execution(ExecutionMode.CONCURRENT)
class StartIT {
  /// What the JDK makes for its own native calls, and few classes that no cache can hold.
  private static final int MOST_MADE = 34;

  private static final String OPTIONS = "ORCHESTRATOR_JAVA_OPTS";

  @TempDir Path folder;

  @Test
  void of_run_has_all_of_the_program_in_the_cache() throws Exception {
    var program = Program.in(folder).with(OPTIONS, logging());

    assertThat(program.run("--json=full", "--no-tty", "--", "echo", "x").code()).isZero();

    requireCached();
  }

  @Test
  void of_exec_has_all_of_the_program_in_the_cache() throws Exception {
    try (var exec =
        ExecProgram.in(
            folder,
            ScriptedModelServer.items(
                ScriptedModelServer.call(
                    "c", "exec_command", "{\"cmd\":\"true\",\"login\":false}")),
            ScriptedModelServer.items(ScriptedModelServer.message("done")))) {
      exec.program().with(OPTIONS, logging());

      var words = List.of("--json", "-s", "danger-full-access", "-c", "model='gpt-5.5'", "go");
      assertThat(exec.exec(words.toArray(String[]::new)).code()).isZero();
    }

    requireCached();
  }

  private String logging() {
    return "-Xlog:class+load:file=" + folder.resolve("classes") + ":none";
  }

  private void requireCached() throws IOException {
    try (var lines = Files.lines(folder.resolve("classes"))) {
      var made = lines.filter(it -> !it.endsWith("source: shared objects file")).toList();
      assertThat(made)
          .as("classes that are not in the cache")
          .hasSizeLessThan(MOST_MADE)
          .allSatisfy(it -> assertThat(ours(it)).as(it).isEmpty());
    }
  }

  /// What is made for the program or read from its jar.
  private static List<String> ours(String line) {
    return Stream.of("dev.orchestrator.", "orchestrator.jar").filter(line::contains).toList();
  }
}
