package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.ObjectMapper;

/// What files, variables and options set together: `config show`, `instructions`, and what other
/// commands make of it.
class SettingsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path folder;
  private Program program;
  private Path codexHome;

  @BeforeEach
  void program() throws IOException {
    codexHome = Files.createDirectories(folder.resolve("codex"));
    program = Program.inside(folder).with("CODEX_HOME", codexHome.toString());
    Files.createDirectories(program.home());
  }

  private Path codex(String text) throws IOException {
    return Files.writeString(codexHome.resolve("config.toml"), text);
  }

  /// Outside of the temporary folder, which commands may write.
  private Path project(String text) throws IOException {
    Files.createDirectories(program.directory().resolve(".git"));
    Files.writeString(program.directory().resolve(".git/HEAD"), "ref: refs/heads/main\n");
    var file = program.directory().resolve(".codex/config.toml");
    Files.createDirectories(program.directory().resolve(".codex"));
    return Files.writeString(file, text);
  }

  @Test
  void shows_what_holds_and_why() throws Exception {
    var file =
        codex("model = \"m\"\n[model_providers.x]\nexperimental_bearer_token = \"s3cret\"\n");

    var plain = program.call("config", "show", "-c", "model_verbosity=low");
    assertThat(plain.err()).isEmpty();
    assertThat(plain.out().lines())
        .contains(
            "approval_policy = \"on-request\"",
            "model = \"m\"",
            "model_verbosity = \"low\"",
            "model_providers.x.experimental_bearer_token = \"[redacted]\"")
        .isSorted();

    var origins = program.call("config", "show", "--origin", "-c", "model_verbosity=low");
    assertThat(origins.out().lines())
        .contains(
            "approval_policy = \"on-request\"  # default",
            "model = \"m\"  # " + file + ":1",
            "model_verbosity = \"low\"  # -c");

    var json = JSON.readTree(program.call("config", "show", "--json").out());
    assertThat(json.path("values").path("model").path("value").asString()).isEqualTo("m");
    assertThat(json.path("values").path("model").path("origin").asString()).isEqualTo(file + ":1");
    assertThat(json.path("files").path(file.toString()).asString()).isEqualTo("read");
    assertThat(json.path("trust").asString()).isEqualTo("unknown");
    assertThat(json.toString()).doesNotContain("s3cret");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          config                              | config: what? use orchestrator config show
          config burn                         | config: 'burn' is not known; use orchestrator config show
          config show all                     | config: 'all' is not expected
          config show -c model=5              | -c: model is 5; expected text
          config show -c model                | -c: 'model' is not KEY=VALUE
          config show -p ../x                 | --profile: '../x' is no name
          config show --strict-config -c a=b  | -c: unknown key a
          instructions here                   | instructions: 'here' is not expected
          run -c approval_policy=maybe true   | -c: approval_policy is "maybe"; expected one of
          plan -c sandbox_mode=none true      | -c: sandbox_mode is "none"; expected one of
          """)
  void says_what_is_wrong_in_one_line(String words, String message) throws Exception {
    var ended = program.call(words.split(" +"));

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains(message).hasLineCount(1);
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void does_not_run_with_settings_that_it_cannot_read() throws Exception {
    var file = codex("approval_policy = \"never\"\nmodel = \n");

    var ended = program.run("true");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains(file + ":2:").hasLineCount(1);
    assertThat(program.call("doctor").out()).contains("problem: " + file + ":2:");
  }

  @Test
  void never_asks_under_the_never_of_a_file() throws Exception {
    codex("approval_policy = \"never\"");
    var victim = Files.createDirectories(folder.resolve("outside/precious"));

    var ended = program.run("--json=full", "--exit-code=contract", "rm", "-rf", victim.toString());

    assertThat(ended.code()).isEqualTo(11);
    assertThat(ended.out()).doesNotContain("approval.requested");
    assertThat(victim).exists();
    assertThat(program.call("plan", "rm -rf /srv").out())
        .startsWith("refuse at workspace-write, never\n");
  }

  @Test
  void judges_agents_by_the_mode_of_a_file_and_leaves_run_to_its_own() throws Exception {
    codex("sandbox_mode = \"read-only\"\napproval_policy = \"untrusted\"");

    assertThat(program.call("plan", "make").out()).startsWith("ask at read-only, untrusted\n");
    assertThat(program.call("plan", "-s", "workspace-write", "--policy", "never", "make").out())
        .startsWith("run at workspace-write, never\n");
    var ran = program.run("-c", "approval_policy=never", "sh", "-c", "echo x > file");
    assertThat(ran.code()).as(ran.err()).isZero();
    assertThat(program.directory().resolve("file")).hasContent("x");
  }

  @Test
  void lets_a_trusted_project_tighten_only() throws Exception {
    var file = project("approval_policy = \"on-request\"\nsandbox_mode = \"read-only\"\n");
    var unknown = program.call("plan", "true");
    assertThat(unknown.err())
        .contains("warning: " + file + " is ignored", "trust_level = \"trusted\"");

    codex(
        "approval_policy = \"never\"\n[projects.\"%s\"]\ntrust_level = \"trusted\"\n"
            .formatted(program.directory()));
    var trusted = program.call("plan", "true");
    assertThat(trusted.out()).startsWith("run at read-only, never\n");
    assertThat(trusted.err())
        .contains("approval_policy = \"on-request\" would loosen \"never\"")
        .hasLineCount(1);
  }

  @Test
  void keeps_records_where_a_file_says() throws Exception {
    var kept = folder.resolve("kept");
    codex("[orchestrator]\nruns_dir = \"%s\"\n".formatted(kept));

    assertThat(program.call("run", "--", "true").code()).isZero();

    assertThat(kept).isNotEmptyDirectory();
    assertThat(program.call("doctor").out()).contains(kept.toString());
  }

  @Test
  void prints_what_an_agent_is_told_first() throws Exception {
    project("");
    codex("project_doc_max_bytes = 4");
    Files.writeString(codexHome.resolve("AGENTS.md"), "mine\n");
    Files.writeString(program.directory().resolve("AGENTS.md"), "theirs");

    var ended = program.call("instructions");

    assertThat(ended.code()).isZero();
    assertThat(ended.out())
        .startsWith(
            """
            # AGENTS.md instructions for %s

            <INSTRUCTIONS>
            mine

            --- project-doc ---

            thei
            </INSTRUCTIONS>
            <environment_context>
              <cwd>%s</cwd>
            """
                .formatted(program.directory(), program.directory()));
    assertThat(ended.err())
        .contains("AGENTS.md is cut to 4 bytes; 2 bytes are more than project_doc_max_bytes");

    var json = JSON.readTree(program.call("instructions", "--json").out());
    var source = json.path("sources").path(1);
    assertThat(source.path("project").asBoolean()).isTrue();
    assertThat(source.path("bytes_used").asInt()).isEqualTo(4);
    assertThat(source.path("bytes_cut").asInt()).isEqualTo(2);
    assertThat(source.path("sha256").asString()).hasSize(64);
    assertThat(json.path("environment").asString()).startsWith("<environment_context>");
  }
}
