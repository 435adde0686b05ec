package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.testing.EventSchema;
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

/// `orchestrator run`: what the built program leaves on disk, and what not.
@Execution(ExecutionMode.CONCURRENT)
class RunRecordIT {
  private static final EventSchema METRICS = EventSchema.of("metrics");

  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.in(folder);
  }

  @Test
  void keeps_manifest_journal_spool_and_metrics() throws Exception {
    program.run("--no-tty", "--", "sh", "-c", "echo out; echo err >&2; exit 7");

    var record = program.record();
    var manifest = record.manifest();
    assertThat(manifest.path("status").asString()).isEqualTo("ended");
    assertThat(manifest.at("/summary/code").asInt()).isEqualTo(7);
    assertThat(manifest.at("/sessions/0/status").asString()).isEqualTo("ended");
    assertThat(record.journal().summary().path("folder").asString())
        .isEqualTo(record.folder().toString());
    assertThat(record.spooled("stdout", 0, 4)).asString().isEqualTo("out\n");
    assertThat(record.spooled("stderr", 0, 4)).asString().isEqualTo("err\n");
    var metrics = Files.readString(record.folder().resolve("../../metrics.json"));
    METRICS.require(metrics);
    assertThat(Facts.document(metrics).path("runs").asInt()).isEqualTo(1);
    assertThat(folder.resolve("runs/.gitignore")).hasContent("*");
    assertThat(Folders.list(folder)).doesNotContain("out");
  }

  @Test
  void takes_its_note_away_at_the_end() throws Exception {
    program.run("--", "true");

    assertThat(Folders.files(program.home())).isEmpty();
  }

  /// A program of ours writes to `java.io.tmpdir`, `TMPDIR` or, as the JVM itself does, to `/tmp`
  /// under a name with its process number.
  @ParameterizedTest
  @ValueSource(strings = {"native", "pty4j"})
  void leaves_nothing_in_the_temporary_folder(String backend) throws Exception {
    var temporary = Files.createDirectory(folder.resolve("tmp"));
    program
        .with("TMPDIR", temporary.toString())
        .with("ORCHESTRATOR_PTY", backend)
        .with("ORCHESTRATOR_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary);

    var ended = program.run("--json=full", "--tty", "--", "echo", "done");

    assertThat(ended.facts().the("exec.begin").path("backend").asString()).isEqualTo(backend);
    assertThat(Folders.files(temporary)).isEmpty();
    var pid = ended.facts().the("run.started").path("pid").asString();
    assertThat(Folders.list(Path.of("/tmp"))).noneMatch(it -> it.matches(".*\\b" + pid + "\\b.*"));
    assertThat(Folders.files(program.home())).isEmpty();
  }

  @Test
  void keeps_records_of_runs_that_end_at_the_same_time() throws Exception {
    var script = "for i in 1 2 3 4 5; do \"$@\" --task t -- true & done; wait";

    assertThat(program.script(script).err()).isEmpty();

    assertThat(RunRecord.all(folder.resolve("runs"))).hasSize(5);
    var metrics = Facts.document(Files.readString(folder.resolve("runs/t/metrics.json")));
    assertThat(metrics.path("runs").asInt()).isEqualTo(5);
  }
}
