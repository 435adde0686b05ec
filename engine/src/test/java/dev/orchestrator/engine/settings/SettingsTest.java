package dev.orchestrator.engine.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.orchestrator.engine.settings.Settings.SourceFile;
import dev.orchestrator.engine.settings.Settings.SourceFile.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsTest {
  @TempDir private Path folder;
  private Project project;

  @BeforeEach
  void project() throws IOException {
    project = Project.in(folder);
  }

  @Test
  void gives_defaults_where_nobody_says_anything() throws Exception {
    var settings = project.load();

    assertThat(settings.approvalPolicy()).isEqualTo("on-request");
    assertThat(settings.text("sandbox_mode")).isEmpty();
    assertThat(settings.number("project_doc_max_bytes")).contains(32768L);
    assertThat(settings.words("project_root_markers")).contains(List.of(".git"));
    assertThat(settings.number("model_providers.x.request_max_retries")).contains(4L);
    assertThat(settings.isSet("approval_policy")).isFalse();
    assertThat(settings.origin("approval_policy").text()).isEqualTo("default");
    assertThat(settings.trust()).isEqualTo(Trust.UNKNOWN);
    assertThat(settings.projectRoot()).contains(project.root());
    assertThat(settings.projectFolders())
        .containsExactly(project.root(), project.root().resolve("a"), project.cwd());
    assertThat(settings.files()).isEmpty();
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void lets_the_higher_layer_win() throws Exception {
    var machine = folder.resolve("etc");
    Project.write(machine.resolve("config.toml"), "model = 'machine'\nservice_tier = 'machine'");
    project.trusting("model = 'codex'\nreview_model = 'codex'\ncompact_prompt = 'codex'");
    project.ours("model = 'ours'\nreview_model = 'ours'");
    Project.write(project.codexHome().resolve("fast.config.toml"), "model = 'profile'");
    var sources =
        project
            .sources()
            .withMachine(_ -> null, Optional.of(machine))
            .withCommandLine(List.of(), List.of(), Optional.of("fast"), false, false);
    assertThat(Settings.load(sources).text("service_tier")).contains("machine");
    assertThat(Settings.load(sources).text("compact_prompt")).contains("codex");
    assertThat(Settings.load(sources).text("review_model")).contains("ours");
    assertThat(Settings.load(sources).text("model")).contains("profile");

    project.rootCodex("model = 'root codex'");
    assertThat(Settings.load(sources).text("model")).contains("root codex");
    Project.write(project.root().resolve(".orchestrator/config.toml"), "model = 'root ours'");
    assertThat(Settings.load(sources).text("model")).contains("root ours");
    Project.write(project.cwd().resolve(".codex/config.toml"), "\nmodel = 'near'");
    assertThat(Settings.load(sources).text("model")).contains("near");
    assertThat(Settings.load(sources).origin("model").text())
        .isEqualTo(project.cwd().resolve(".codex/config.toml") + ":2");

    var more =
        sources.withCommandLine(
            List.of("model=given"), List.of(), Optional.of("fast"), false, false);
    assertThat(Settings.load(more).text("model")).contains("given");
    assertThat(Settings.load(more).origin("model").text()).isEqualTo("-c");

    var flagged =
        sources.withCommandLine(
            List.of("model=given"),
            List.of(new SettingsSources.Flag("--model", "model", "flagged")),
            Optional.empty(),
            false,
            false);
    assertThat(Settings.load(flagged).text("model")).contains("flagged");
    assertThat(Settings.load(flagged).origin("model").text()).isEqualTo("flag --model");
  }

  @Test
  void takes_variables_for_more_than_files_and_less_than_overrides() throws Exception {
    project.ours("[orchestrator]\nruns_dir = '~/runs'\nsandbox_backend = 'landlock'");
    assertThat(project.load().path("orchestrator.runs_dir")).contains(folder.resolve("runs"));

    var settings =
        project.with(Map.of("ORCHESTRATOR_RUNS", "kept", "ORCHESTRATOR_SANDBOX_BACKEND", ""));
    assertThat(settings.path("orchestrator.runs_dir")).contains(project.cwd().resolve("kept"));
    assertThat(settings.origin("orchestrator.runs_dir").text())
        .isEqualTo("environment ORCHESTRATOR_RUNS");
    assertThat(settings.text("orchestrator.sandbox_backend")).contains("landlock");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> project.with(Map.of("ORCHESTRATOR_SANDBOX_BACKEND", "jail")))
        .withMessage(
            "environment ORCHESTRATOR_SANDBOX_BACKEND: orchestrator.sandbox_backend is \"jail\";"
                + " expected one of bubblewrap, landlock, none");
  }

  @Test
  void reads_every_kind_of_value() throws Exception {
    project.codex(
        """
        model_context_window = 1_000
        notify = ["a", "b"]
        model_instructions_file = "sub/../base.md"
        [sandbox_workspace_write]
        writable_roots = ["~/x", "/y", "z"]
        network_access = true
        [shell_environment_policy.set]
        A = "1"
        [mcp_servers."my.server"]
        command = "run"
        startup_timeout_sec = 2
        tool_timeout_sec = 2.5
        env_vars = ["A", { name = "B", source = "x" }]
        [mcp_servers.other]
        url = "http://localhost"
        [features]
        some = true
        """);

    var settings = project.load();

    assertThat(settings.number("model_context_window")).contains(1000L);
    assertThat(settings.words("notify")).contains(List.of("a", "b"));
    assertThat(settings.path("model_instructions_file"))
        .contains(project.codexHome().resolve("base.md"));
    assertThat(settings.paths("sandbox_workspace_write.writable_roots"))
        .contains(List.of(folder.resolve("x"), Path.of("/y"), project.codexHome().resolve("z")));
    assertThat(settings.flag("sandbox_workspace_write.network_access")).contains(true);
    assertThat(settings.texts("shell_environment_policy.set")).contains(Map.of("A", "1"));
    assertThat(settings.tables("mcp_servers")).containsExactly("my.server", "other");
    assertThat(settings.decimal("mcp_servers.\"my.server\".startup_timeout_sec")).contains(2.0);
    assertThat(settings.decimal(Settings.key("mcp_servers", "my.server", "tool_timeout_sec")))
        .contains(2.5);
    assertThat(settings.list("mcp_servers.'my.server'.env_vars"))
        .contains(List.of("A", Map.of("name", "B", "source", "x")));
    assertThat(settings.table("features")).contains(Map.of("some", true));
    assertThat(settings.tables("model_providers")).isEmpty();
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void takes_a_question_about_an_unknown_key_for_a_bug() throws Exception {
    var settings = project.load();

    assertThatIllegalArgumentException().isThrownBy(() -> settings.text("no_such_key"));
    assertThatIllegalArgumentException().isThrownBy(() -> settings.number("model"));
    assertThatIllegalArgumentException().isThrownBy(() -> settings.tables("no_such_key"));
    assertThatIllegalArgumentException().isThrownBy(() -> settings.text("a..b"));
    assertThatIllegalArgumentException().isThrownBy(() -> settings.text("a.'b'c"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '%',
      quoteCharacter = '~',
      textBlock =
          """
          model = 5                                % model is 5; expected text
          model_verbosity = "loud"                 % model_verbosity is "loud"; expected one of low, medium, high
          approval_policy = "sometimes"            % approval_policy is "sometimes"; expected one of untrusted, on-failure, on-request, never
          sandbox_mode = true                      % sandbox_mode is true; expected one of read-only, workspace-write, danger-full-access
          model_reasoning_summary = "long"         % model_reasoning_summary is "long"; expected one of auto, concise, detailed, none
          project_doc_max_bytes = -1               % project_doc_max_bytes is -1; expected whole number from 0 on
          project_doc_max_bytes = 1.5              % project_doc_max_bytes is 1.5; expected whole number from 0 on
          mcp_oauth_callback_port = 65536          % mcp_oauth_callback_port is 65536; expected number from 0 to 65535
          notify = "prog"                          % notify is "prog"; expected list of texts
          notify = ["prog", 1]                     % notify is ["prog", 1]; expected list of texts
          allow_login_shell = "yes"                % allow_login_shell is "yes"; expected true or false
          log_dir = ""                             % log_dir is ""; expected path
          history = 1                              % history is 1; expected table
          model = { a = 1 }                        % model is a table; expected text
          features = true                          % features is true; expected table
          model_providers.x.name = " "             % model_providers.x.name is " "; expected text that is not blank
          model_providers.x.http_headers.A = 1     % model_providers.x.http_headers.A is 1; expected text
          model_providers.x.http_headers.A.b = 1   % model_providers.x.http_headers.A is a table; expected text
          mcp_servers.x.tool_timeout_sec = inf     % mcp_servers.x.tool_timeout_sec is Infinity; expected number
          model_providers.x.experimental_bearer_token = ["s"] % model_providers.x.experimental_bearer_token is "[redacted]"; expected text
          sandbox_workspace_write.writable_roots = [1] % sandbox_workspace_write.writable_roots is [1]; expected list of paths
          approval_policy = { granular = { rules = 1 } } % approval_policy.granular.rules is 1; expected true or false
          """)
  void names_file_line_and_key_of_what_is_of_the_wrong_kind(String line, String message)
      throws Exception {
    var file = project.codex("# first\n" + line + "\n");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> project.load())
        .withMessage("%s:2: %s", file, message);
  }

  @Test
  void names_everything_that_is_wrong_at_once() throws Exception {
    var codex = project.codex("model = 1\nnotify = 2\n");
    var ours = project.ours("a = \nb = ]\n");

    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> project.load("model_verbosity=loud", "noequals"))
        .satisfies(it ->
            assertThat(it.problems())
                .anyMatch(text -> text.startsWith(ours + ":1:"))
                .anyMatch(text -> text.startsWith(ours + ":2:"))
                .contains(
                    codex + ":1: model is 1; expected text",
                    codex + ":2: notify is 2; expected list of texts",
                    "-c: 'noequals' is not KEY=VALUE; write for example -c model_verbosity=low"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          modle = "x"                    | modle; did you mean model?
          approval_polcy = "never"       | approval_polcy; did you mean approval_policy?
          sandbox_workspace_write.network = true | sandbox_workspace_write.network
          mcp_servers.x.comand = "y"     | mcp_servers.x.comand; did you mean mcp_servers.x.command?
          profile = "x"                  | profile; a profile is a file of its own, NAME.config.toml in Codex's home, chosen by --profile NAME
          "sp ace" = 1                   | "sp ace"
          zzzzzzzzzzzz.a.b = 1           | zzzzzzzzzzzz
          """)
  void warns_of_what_it_does_not_know(String line, String message) throws Exception {
    var file = project.codex("\n" + line + "\n");

    assertThat(project.load().warnings())
        .singleElement()
        .asString()
        .startsWith(file + ":2: unknown key " + message);
    assertThat(project.load().effective()).noneMatch(it -> it.origin() instanceof Origin.File);
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> project.strictly())
        .withMessageStartingWith("%s:2: unknown key %s", file, message);
  }

  @Test
  void reads_granular_policies() throws Exception {
    project.codex("[approval_policy.granular]\nrules = true\nmcp_elicitations = false\n");
    assertThat(project.load().approvalPolicy()).isEqualTo("granular:rules");

    assertThat(project.load("approval_policy={granular={sandbox_approval=true, rules=true}}"))
        .extracting(Settings::approvalPolicy)
        .isEqualTo("granular:sandbox_approval,rules");
    assertThat(project.load("approval_policy=never").approvalPolicy()).isEqualTo("never");
  }

  @Test
  void shows_every_value_with_its_origin_and_no_secret() throws Exception {
    var file =
        project.codex(
            """
            model = "m"
            openai_base_url = "https://me:word@localhost/v1"
            tool_output_token_limit = 5
            [model_providers.x]
            env_key = "X_KEY"
            experimental_bearer_token = "s3cret"
            http_headers = { Authorization = "s3cret" }
            env_http_headers = { A = "VARIABLE" }
            [shell_environment_policy.set]
            API_KEY = "s3cret"
            APIKEY = "s3cret"
            PLAIN = "p"
            [mcp_servers.y]
            bearer_token_env_var = "Y_TOKEN"
            env = { MY_TOKEN = "s3cret", DB_PASSWORD = "s3cret" }
            [otel.exporter.otlp-http]
            headers = { x = "s3cret" }
            tls = { client-private-key = "s3cret" }
            """);

    var effective = project.load("review_model=r").effective();

    assertThat(effective).extracting(Settings.Value::key).isSorted();
    assertThat(effective.toString()).doesNotContain("s3cret").doesNotContain("word");
    assertThat(
            effective.stream().map(it -> it.key() + " = " + it.toml() + "  " + it.origin().text()))
        .contains(
            "approval_policy = \"on-request\"  default",
            "model = \"m\"  " + file + ":1",
            "openai_base_url = \"https://[redacted]@localhost/v1\"  " + file + ":2",
            "tool_output_token_limit = 5  " + file + ":3",
            "model_providers.x.env_key = \"X_KEY\"  " + file + ":5",
            "model_providers.x.experimental_bearer_token = \"[redacted]\"  " + file + ":6",
            "model_providers.x.env_http_headers.A = \"VARIABLE\"  " + file + ":8",
            "shell_environment_policy.set.API_KEY = \"[redacted]\"  " + file + ":10",
            "shell_environment_policy.set.PLAIN = \"p\"  " + file + ":12",
            "mcp_servers.y.bearer_token_env_var = \"Y_TOKEN\"  " + file + ":14",
            "review_model = \"r\"  -c");
  }

  @Test
  void leaves_the_users_files_out_if_told_to() throws Exception {
    var codex = project.trusting("model = 'x'");
    var ours = project.ours("review_model = 'x'");
    var sources =
        project.sources().withCommandLine(List.of(), List.of(), Optional.empty(), true, false);

    var settings = Settings.load(sources);

    assertThat(settings.text("model")).isEmpty();
    assertThat(settings.trust()).isEqualTo(Trust.UNKNOWN);
    assertThat(settings.files())
        .containsExactly(
            new SourceFile(codex, State.LEFT_OUT), new SourceFile(ours, State.LEFT_OUT));
  }

  @Test
  void takes_a_profile_by_its_plain_name_only() throws Exception {
    Project.write(folder.resolve("x.config.toml"), "model = 'x'");
    var sources = project.sources();

    assertThat(
            Settings.load(
                    sources.withCommandLine(
                        List.of(), List.of(), Optional.of("missing"), false, true))
                .text("model"))
        .isEmpty();
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() ->
            Settings.load(
                sources.withCommandLine(List.of(), List.of(), Optional.of("../x"), false, false)))
        .withMessage("--profile: '../x' is no name; use letters, digits, '-' and '_'");
  }

  @Test
  void has_every_file_in_its_list() throws Exception {
    var codex = project.trusting("");
    var near = Project.write(project.cwd().resolve(".orchestrator/config.toml"), "");
    var root = project.rootCodex("");

    assertThat(project.load().files())
        .containsExactly(
            new SourceFile(codex, State.READ),
            new SourceFile(root, State.READ),
            new SourceFile(near, State.READ));
  }

  @Test
  void does_not_go_on_without_a_file_that_it_cannot_read() throws Exception {
    var file = project.codexHome().resolve("config.toml");
    Files.createDirectory(file);
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> project.load())
        .withMessage(file + ": is no file; remove it or put a file of TOML there");

    Files.delete(file);
    Files.createSymbolicLink(file, folder.resolve("nowhere"));
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> project.load())
        .withMessage(file + ": cannot be read: the link leads nowhere");
  }
}
