package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The distribution as it is handed out, and what it says about itself.
@Execution(ExecutionMode.CONCURRENT)
class DistributionIT {
  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.in(folder);
  }

  @Test
  void runs_where_it_is_unpacked_without_any_other_java() throws Exception {
    var unpacked = unpack(folder.resolve("some where"));
    var nothing = Files.createDirectory(folder.resolve("nothing"));
    program.startedAs(unpacked).with("PATH", nothing.toString()).without("JAVA_HOME");

    var ended = program.run("--tty", "--", "/bin/echo", "done");

    assertThat(ended.err()).isEmpty();
    assertThat(ended.out()).isEqualTo("done\r\n");
  }

  @Test
  void accepts_its_cache_where_it_is_unpacked() throws Exception {
    program.startedAs(unpack(folder.resolve("some where")));
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

  @ParameterizedTest
  @ValueSource(
      strings = {"--help", "-h", "help", "help run", "run --help", "reap --help", "schema -h"})
  void explains_itself(String words) throws Exception {
    var help = program.call(words.split(" ", -1));

    assertThat(help.code()).isZero();
    assertThat(help.err()).isEmpty();
    assertThat(help.out()).containsIgnoringCase("usage: orchestrator");
    assertThat(help.out().lines())
        .allMatch(it -> it.length() <= 100)
        .noneMatch(it -> it.contains("\033"));
    if (words.contains("run")) {
      assertThat(help.out())
          .contains(
              "--json",
              "--json=full",
              "--tty",
              "--no-tty",
              "--size",
              "--cwd",
              "--env",
              "--task",
              "--timeout",
              "--idle-timeout",
              "--spool-cap",
              "--exit-code",
              "--fail-on-cap",
              "--ephemeral",
              "--runs-dir",
              "--summary-file",
              "--quiet",
              "--stdin");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"man", "man run", "man reap"})
  void prints_a_manual_page(String words) throws Exception {
    var page = program.call(words.split(" ", -1));

    assertThat(page.err()).isEmpty();
    assertThat(page.out()).startsWith(".TH ").contains(".SH NAME", ".SH SYNOPSIS");
    if (Files.isExecutable(Path.of("/usr/bin/man"))) {
      var file = Files.writeString(folder.resolve("page.1"), page.out());
      var shown = shell("MANPAGER=cat MANWIDTH=100 man --warnings -l '" + file + "' 2>&1");
      assertThat(shown).contains("SYNOPSIS").doesNotContain("warning", "error:");
    }
  }

  @Test
  void completes_commands_and_flags_in_bash() throws Exception {
    var script = program.call("completion");

    assertThat(script.err()).isEmpty();
    var file = Files.writeString(folder.resolve("completion"), script.out());
    assertThat(shell("bash -n '" + file + "' 2>&1")).isEmpty();
    var complete =
        """
        bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
          f=$(complete -p orchestrator | sed "s/.*-F \\\\([^ ]*\\\\).*/\\\\1/")
          "$f"; echo "${COMPREPLY[@]}"' '%s' orchestrator %s\
        """;
    assertThat(shell(complete.formatted(file, "sch")).strip()).isEqualTo("schema");
    assertThat(shell(complete.formatted(file, "run --time")).strip()).isEqualTo("--timeout");
  }

  @ParameterizedTest
  @ValueSource(strings = {"events", "manifest", "metrics", "state"})
  void prints_its_schemas(String name) throws Exception {
    var schema = program.call("schema", name);

    assertThat(schema.code()).isZero();
    assertThat(Facts.document(schema.out()).path("$schema").asString())
        .isEqualTo("https://json-schema.org/draft/2020-12/schema");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"schema", "schema nothing", "reap extra", "man nothing", "exe", "help nothing"})
  void says_in_one_line_what_it_does_not_have(String words) throws Exception {
    var ended = program.call(words.split(" ", -1));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err().lines()).singleElement().asString().matches("orchestrator: .+[;?] .+");
  }

  private static String unpack(Path into) throws Exception {
    Files.createDirectories(into);
    try (var archives =
        Files.newDirectoryStream(Program.DIST.resolveSibling("."), "orchestrator-*.tar.gz")) {
      var archive = archives.iterator().next();
      assertThat(shell("tar -xzf '" + archive + "' -C '" + into + "' 2>&1")).isEmpty();
    }
    return into.resolve("orchestrator/bin/orchestrator").toString();
  }

  private static String shell(String script) throws Exception {
    var process = new ProcessBuilder("sh", "-c", script).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }
}
