package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What the program says about itself: help, manual pages, completion, schemas.
class TextsTest {
  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.inside(folder);
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

  private static String shell(String script) throws Exception {
    var process = new ProcessBuilder("sh", "-c", script).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return out;
  }
}
