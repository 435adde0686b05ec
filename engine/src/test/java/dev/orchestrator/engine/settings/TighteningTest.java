package dev.orchestrator.engine.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.orchestrator.engine.settings.Settings.SourceFile;
import dev.orchestrator.engine.settings.Settings.SourceFile.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TighteningTest {
  @TempDir private Path folder;
  private Project project;

  @BeforeEach
  void project() throws IOException {
    project = Project.in(folder);
  }

  /// A star: the project's value holds. Otherwise the user's, or the default, does.
  @ParameterizedTest(name = "{0} against {1}: {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          approval_policy = "never"      |                                 | *
          approval_policy = "untrusted"  |                                 | *
          approval_policy = "on-failure" |                                 | *
          approval_policy = "untrusted"  | approval_policy = "never"       |
          approval_policy = "on-request" | approval_policy = "never"       |
          approval_policy = "never"      | approval_policy = "never"       | *
          approval_policy = "never"      | approval_policy = "untrusted"   |
          approval_policy = "on-request" | approval_policy = "untrusted"   |
          approval_policy = "on-request" | approval_policy = "on-failure"  | *
          approval_policy.granular.rules = true | approval_policy = "on-request" | *
          approval_policy.granular.rules = true | approval_policy = "never" |
          approval_policy.granular.rules = false | approval_policy = "never" | *
          approval_policy.granular.rules = true | approval_policy = "untrusted" |
          approval_policy.granular.rules = true | approval_policy.granular.rules = false |
          approval_policy = "never"      | approval_policy.granular.rules = true | *
          approval_policy = "on-request" | approval_policy.granular.rules = true |
          sandbox_mode = "read-only"     |                                 | *
          sandbox_mode = "workspace-write" |                               | *
          sandbox_mode = "danger-full-access" |                            |
          sandbox_mode = "danger-full-access" | sandbox_mode = "danger-full-access" | *
          sandbox_mode = "workspace-write" | sandbox_mode = "danger-full-access" | *
          sandbox_mode = "workspace-write" | sandbox_mode = "read-only"    |
          orchestrator.run.sandbox_mode = "workspace-write" |              | *
          orchestrator.run.sandbox_mode = "workspace-write" | orchestrator.run.sandbox_mode = "read-only" |
          sandbox_workspace_write.network_access = true |                  |
          sandbox_workspace_write.network_access = true | sandbox_workspace_write.network_access = true | *
          sandbox_workspace_write.network_access = false | sandbox_workspace_write.network_access = true | *
          sandbox_workspace_write.exclude_slash_tmp = true |               | *
          sandbox_workspace_write.exclude_slash_tmp = false | sandbox_workspace_write.exclude_slash_tmp = true |
          sandbox_workspace_write.exclude_tmpdir_env_var = false | sandbox_workspace_write.exclude_tmpdir_env_var = true |
          sandbox_workspace_write.writable_roots = ["/x"] |                |
          sandbox_workspace_write.writable_roots = ["build"] |             |
          sandbox_workspace_write.writable_roots = ["/x/y"] | sandbox_workspace_write.writable_roots = ["/x"] | *
          sandbox_workspace_write.writable_roots = ["/x/../z"] | sandbox_workspace_write.writable_roots = ["/x"] |
          sandbox_workspace_write.writable_roots = [] | sandbox_workspace_write.writable_roots = ["/x"] | *
          shell_environment_policy.inherit = "core" |                      | *
          shell_environment_policy.inherit = "all" | shell_environment_policy.inherit = "none" |
          shell_environment_policy.ignore_default_excludes = false |       | *
          shell_environment_policy.ignore_default_excludes = true | shell_environment_policy.ignore_default_excludes = false |
          shell_environment_policy.include_only = ["A"] |                  | *
          shell_environment_policy.include_only = ["A"] | shell_environment_policy.include_only = ["A", "B"] | *
          shell_environment_policy.include_only = ["*"] | shell_environment_policy.include_only = ["A"] |
          shell_environment_policy.include_only = [] | shell_environment_policy.include_only = ["A"] |
          allow_login_shell = false      |                                 | *
          allow_login_shell = true       | allow_login_shell = false       |
          """)
  void lets_a_project_tighten_and_never_loosen(String projects, String users, String holds)
      throws Exception {
    project.trusting(users == null ? "" : users);
    var file = project.rootCodex(projects);

    var settings = project.load();

    var key = projects.substring(0, projects.indexOf(' '));
    var origin = settings.origin(key).text();
    if (holds == null) {
      assertThat(origin).doesNotStartWith(file.toString());
      assertThat(settings.warnings())
          .singleElement()
          .asString()
          .startsWith(file + ":1: ")
          .contains("would loosen", "a project may only tighten")
          .contains(users == null ? "(default)" : project.codexHome() + "/config.toml:1");
    } else {
      assertThat(origin).isEqualTo(file + ":1");
      assertThat(settings.warnings()).isEmpty();
    }
  }

  @Test
  void adds_a_projects_excludes_to_the_users() throws Exception {
    project.trusting("shell_environment_policy.exclude = ['A', 'B']");
    project.rootCodex("shell_environment_policy.exclude = ['B', 'C']");

    assertThat(project.load().words("shell_environment_policy.exclude"))
        .contains(List.of("A", "B", "C"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          openai_base_url = "http://x"         | openai_base_url
          chatgpt_base_url = "http://x"        | chatgpt_base_url
          apps_mcp_product_sku = "x"           | apps_mcp_product_sku
          model_provider = "x"                 | model_provider
          model_providers.x.base_url = "y"     | model_providers.x.base_url
          notify = ["x"]                       | notify
          experimental_realtime_ws_base_url = "x" | experimental_realtime_ws_base_url
          otel.environment = "x"               | otel.environment
          projects."/".trust_level = "trusted" | projects."/".trust_level
          shell_environment_policy.set.PATH = "/x" | shell_environment_policy.set
          default_permissions = ":danger-full-access" | default_permissions
          project_root_markers = []            | project_root_markers
          mcp_servers.x.default_tools_approval_mode = "approve" | mcp_servers.x.default_tools_approval_mode
          orchestrator.sandbox_backend = "none" | orchestrator.sandbox_backend
          """)
  void ignores_what_is_not_for_a_project_to_set(String line, String key) throws Exception {
    project.trusting("");
    var file = project.rootCodex(line);

    assertThat(project.load().warnings())
        .containsExactly(file + ":1: " + key + " is not for a project to set, and is ignored");
    assertThat(project.load().origin(key).text()).isEqualTo("default");
    assertThatExceptionOfType(SettingsException.class)
        .isThrownBy(() -> project.strictly())
        .withMessageStartingWith("%s:1: %s is not for a project", file, key);
  }

  @Test
  void reads_no_settings_of_a_project_that_nobody_trusts() throws Exception {
    var file = project.rootCodex("model = 'x'\nbroken");

    var settings = project.load();

    assertThat(settings.text("model")).isEmpty();
    assertThat(settings.files()).containsExactly(new SourceFile(file, State.UNKNOWN_PROJECT));
    assertThat(settings.warnings())
        .containsExactly(
            "%s is ignored: %s is not known to be trusted; to trust it, add [projects.\"%s\"] and"
                    .formatted(file, project.root(), project.root())
                + " below it trust_level = \"trusted\" to "
                + project.codexHome().resolve("config.toml"));

    project.codex("[projects.\"%s\"]\ntrust_level = 'untrusted'".formatted(project.root()));
    assertThat(project.load().trust()).isEqualTo(Trust.UNTRUSTED);
    assertThat(project.load().files()).contains(new SourceFile(file, State.UNTRUSTED));
    assertThat(project.load().warnings())
        .containsExactly(
            "%s is ignored: the project %s is marked as untrusted".formatted(file, project.root()));
  }

  @Test
  void trusts_the_nearest_name_a_project_has() throws Exception {
    project.codex(
        "[projects.\"%s\"]\ntrust_level = 'trusted'\n[projects.\"%s\"]\ntrust_level = 'untrusted'"
            .formatted(project.root(), project.cwd()));
    assertThat(project.load().trust()).isEqualTo(Trust.UNTRUSTED);

    var link = Files.createSymbolicLink(folder.resolve("link"), project.root());
    var sources =
        SettingsSources.of(project.home(), project.codexHome(), folder, link.resolve("a"));
    assertThat(Settings.load(sources).trust()).isEqualTo(Trust.TRUSTED);
  }

  @Test
  void takes_the_users_own_folder_for_no_project() throws Exception {
    var home = folder.resolve("user");
    var codexHome = home.resolve(".codex");
    Project.write(codexHome.resolve("config.toml"), "sandbox_mode = 'danger-full-access'");

    var settings =
        Settings.load(SettingsSources.of(home.resolve(".orchestrator"), codexHome, home, home));

    assertThat(settings.text("sandbox_mode")).contains("danger-full-access");
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void lets_the_users_word_of_the_moment_stand_above_the_project() throws Exception {
    project.trusting("");
    project.rootCodex("sandbox_mode = 'read-only'");

    assertThat(project.load("sandbox_mode=danger-full-access").text("sandbox_mode"))
        .contains("danger-full-access");
  }
}
