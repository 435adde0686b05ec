package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.model.ScriptedModelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What a start does not do, because it would take time and memory at every one.
@Execution(ExecutionMode.CONCURRENT)
class StartIT {
  /// What the JDK makes for its own native calls, and few classes that no cache can hold.
  private static final int MOST_MADE = 34;

  /// Made for the program, or read from its jar.
  private static final List<String> OURS = List.of("dev.orchestrator.", "orchestrator.jar");

  /// The library's comparators can be serialized, so they are made anew at every start.
  private static final List<String> COMPARATORS = List.of("java.util.Comparator$$Lambda");

  private static final String OPTIONS = "ORCHESTRATOR_JAVA_OPTS";

  @TempDir Path folder;

  @Test
  void of_run_has_all_of_the_program_in_the_cache() throws Exception {
    requireCachedRun("echo", "x");
  }

  /// Longer than until the first look at its processes.
  @Test
  void of_a_run_that_lasts_has_all_of_the_program_in_the_cache() throws Exception {
    requireCachedRun("sleep", "1.3");
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

  private void requireCachedRun(String program, String argument) throws Exception {
    var run =
        Program.in(folder)
            .with(OPTIONS, logging())
            .run("--json=full", "--no-tty", "--", program, argument);

    assertThat(run.code()).isZero();
    requireCached();
    requireNone(COMPARATORS);
  }

  private void requireCached() throws IOException {
    assertThat(made()).as("classes that are not in the cache").hasSizeLessThan(MOST_MADE);
    requireNone(OURS);
  }

  private void requireNone(List<String> parts) throws IOException {
    assertThat(made()).noneMatch(it -> parts.stream().anyMatch(it::contains));
  }

  private List<String> made() throws IOException {
    try (var lines = Files.lines(folder.resolve("classes"))) {
      return lines.filter(it -> !it.endsWith("source: shared objects file")).toList();
    }
  }
}
