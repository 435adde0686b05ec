package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Confined commands of `run` and `sandbox`, on the backends that work here.
class SandboxTest {
  @TempDir Path folder;
  private Program program;
  private Path work;

  @BeforeEach
  void program() throws IOException {
    work = Files.createDirectories(folder.resolve("work"));
    program = Program.inside(folder).startedIn(work).with("TMPDIR", work.toString());
  }

  /// A folder beside the workspace; not below `/tmp`, which may be written.
  private static Path outside() {
    return Path.of("").toAbsolutePath().resolve("target/outside-" + System.nanoTime());
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void lets_a_confined_command_write_the_workspace_and_nothing_else(String backend)
      throws Exception {
    program.requireConfinedBy(backend);
    var outside = outside();

    var ended =
        program.run(
            "--json=full",
            "--policy=never",
            "-s",
            "workspace-write",
            "sh",
            "-c",
            "echo in > file; mkdir " + outside + "; echo still here");

    assertThat(work.resolve("file")).hasContent("in");
    assertThat(outside).doesNotExist();
    assertThat(ended.out()).contains("\"confinement\":\"workspace-write by " + backend + "\"");
    assertThat(ended.out()).contains("\"grade\":\"explained\"").contains("\"outcome\":\"blocked\"");
    assertThat(ended.code()).isZero(); // The command's own: it went on after mkdir had failed.
  }

  @Test
  void names_what_is_wrong_with_the_choice_of_a_backend() throws Exception {
    var ended =
        program.with("ORCHESTRATOR_SANDBOX_BACKEND", "magic").run("-s", "read-only", "true");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("ORCHESTRATOR_SANDBOX_BACKEND", "magic").hasLineCount(1);
  }

  @Test
  void says_so_when_no_sandbox_works_and_runs_nothing() throws Exception {
    var none = program.with("ORCHESTRATOR_SANDBOX_BACKEND", "none");

    var ended = none.run("--exit-code=contract", "-s", "read-only", "touch", "ran");

    assertThat(ended.code()).isEqualTo(13);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains("no sandbox works here", "--sandbox danger-full-access");
    assertThat(work.resolve("ran")).doesNotExist();
    assertThat(none.run("-s", "danger-full-access", "touch", "ran").code()).isZero();
    assertThat(work.resolve("ran")).exists();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void leaves_nothing_running_that_was_confined(String backend) throws Exception {
    program.requireConfinedBy(backend);
    var mark = "31" + (System.nanoTime() % 1_000_000);

    var ended =
        program.run(
            "--json=full",
            "--timeout=500ms",
            "-s",
            "workspace-write",
            "sh",
            "-c",
            "setsid sh -c 'trap \"\" TERM HUP; sleep " + mark + "; sleep " + mark + "' & wait");

    assertThat(ended.code()).isEqualTo(124);
    assertThat(ended.out()).contains("\"survivors\":[]");
    assertThat(ProcTable.with("sleep " + mark)).isEmpty();
  }
}
