package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The distribution as it is handed out.
@Execution(ExecutionMode.CONCURRENT)
class DistributionIT {
  private static String unpacked;

  @TempDir Path folder;
  private Program program;

  @BeforeAll
  static void unpack(@TempDir Path elsewhere) throws Exception {
    var place = Files.createDirectories(elsewhere.resolve("some where"));
    try (var archives =
        Files.newDirectoryStream(Program.DIST.resolveSibling("."), "orchestrator-*.tar.gz")) {
      var archive = archives.iterator().next();
      assertThat(shell("tar -xzf '" + archive + "' -C '" + place + "' 2>&1")).isEmpty();
    }
    unpacked = place.resolve("orchestrator/bin/orchestrator").toString();
  }

  @BeforeEach
  void program() throws IOException {
    program = Program.in(folder);
  }

  @Test
  void runs_where_it_is_unpacked_without_any_other_java() throws Exception {
    var nothing = Files.createDirectory(folder.resolve("nothing"));
    program.startedAs(unpacked).with("PATH", nothing.toString()).without("JAVA_HOME");

    var ended = program.run("--tty", "--", "/bin/echo", "done");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).isEqualTo("done\r\n");
  }

  @Test
  void accepts_its_cache_where_it_is_unpacked() throws Exception {
    program.startedAs(unpacked);
    // With this, Java fails to start where it would otherwise go on without the cache.
    program.with("ORCHESTRATOR_JAVA_OPTS", "-XX:AOTMode=on");

    assertThat(program.run("--", "echo", "done"))
        .returns("done\n", Running.Ended::out)
        .returns("", Running.Ended::err);
  }

  @Test
  void can_be_linked_into_a_folder_of_programs() throws Exception {
    var bin = Files.createDirectories(folder.resolve("bin"));
    Files.createSymbolicLink(bin.resolve("real"), Program.DIST.resolve("bin/orchestrator"));
    Files.createSymbolicLink(bin.resolve("orch"), Path.of("real"));
    var path = bin + ":" + System.getenv("PATH");

    assertThat(program.startedAs(bin.resolve("orch").toString()).run("--", "true").err()).isEmpty();
    assertThat(program.with("PATH", path).startedAs("orch").run("--", "true").err()).isEmpty();
    assertThat(program.startedIn(bin).startedAs("./orch").run("--", "true").err()).isEmpty();
  }

  @Test
  void says_its_version() throws Exception {
    assertThat(program.call("--version").out()).matches("orchestrator \\d+\\.\\d+\\.\\d+\\S*\n");
    assertThat(program.call("-V").out()).isEqualTo(program.call("--version").out());
  }

  private static String shell(String script) throws Exception {
    var process = new ProcessBuilder("sh", "-c", script).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }
}
