package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Confined commands of `run` and `sandbox`, of the built program, on the backends that work here.
@Execution(ExecutionMode.CONCURRENT)
class SandboxIT {
  @TempDir Path folder;
  private Program program;
  private Path work;

  @BeforeEach
  void program() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
    program = Program.in(folder).startedIn(work).with("TMPDIR", work.toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void runs_one_command_read_only_and_returns_its_code(String backend) throws Exception {
    program.requireConfinedBy(backend);

    var ended = program.call("sandbox", "--", "sh", "-c", "cat /etc/hostname; touch x; exit 7");

    assertThat(ended.code()).isEqualTo(7);
    assertThat(ended.err()).contains("the sandbox stopped");
    assertThat(work.resolve("x")).doesNotExist();
  }

  @Test
  void tells_what_works_here() throws Exception {
    var ended = program.call("doctor");

    assertThat(ended.out()).contains("sandbox ", "home ", "limits ", "landlock");
  }
}
