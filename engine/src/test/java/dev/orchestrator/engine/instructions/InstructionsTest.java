package dev.orchestrator.engine.instructions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.settings.Settings;
import dev.orchestrator.engine.settings.SettingsException;
import dev.orchestrator.engine.settings.SettingsSources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstructionsTest {
  @TempDir private Path folder;
  private Path codexHome;
  private Path project;
  private Path cwd;

  @BeforeEach
  void folders() throws IOException {
    codexHome = Files.createDirectories(folder.resolve("codex"));
    project = Files.createDirectories(folder.resolve("project"));
    cwd = Files.createDirectories(project.resolve("a/b"));
    write(project.resolve(".git/HEAD"), "ref");
  }

  @Test
  void says_nothing_where_there_is_nothing() throws Exception {
    var found = find();

    assertThat(found.message()).isEmpty();
    assertThat(found.sources()).isEmpty();
    assertThat(found.warnings()).isEmpty();
  }

  @Test
  void joins_the_users_file_and_the_projects_from_the_root_down() throws Exception {
    write(codexHome.resolve("AGENTS.md"), "\nmine\n");
    write(project.resolve("AGENTS.md"), "root");
    write(cwd.resolve("AGENTS.override.md"), "near");
    write(cwd.resolve("AGENTS.md"), "hidden by the other");
    write(folder.resolve("AGENTS.md"), "above the project");

    assertThat(find().message())
        .contains(
            """
            # AGENTS.md instructions for %s

            <INSTRUCTIONS>
            mine

            --- project-doc ---

            root

            near
            </INSTRUCTIONS>\
            """
                .formatted(cwd));
  }

  @Test
  void names_no_folder_if_only_the_user_says_something() throws Exception {
    write(codexHome.resolve("AGENTS.md"), "mine");
    write(codexHome.resolve("AGENTS.override.md"), " \n");

    assertThat(find().message())
        .contains("# AGENTS.md instructions\n\n<INSTRUCTIONS>\nmine\n</INSTRUCTIONS>");

    write(codexHome.resolve("AGENTS.override.md"), "instead");
    assertThat(find().message())
        .contains("# AGENTS.md instructions\n\n<INSTRUCTIONS>\ninstead\n</INSTRUCTIONS>");
  }

  @Test
  void has_no_separator_if_only_the_project_says_something() throws Exception {
    write(project.resolve("AGENTS.md"), "root\n");

    assertThat(find().message())
        .contains(
            "# AGENTS.md instructions for %s\n\n<INSTRUCTIONS>\nroot\n\n</INSTRUCTIONS>"
                .formatted(cwd));
  }

  @Test
  void looks_only_at_the_folder_itself_outside_of_projects() throws Exception {
    write(codexHome.resolve("config.toml"), "project_root_markers = []");
    write(project.resolve("AGENTS.md"), "root");
    write(cwd.resolve("AGENTS.md"), "here");

    assertThat(find().sources()).extracting(Instructions.Source::text).containsExactly("here");
  }

  @Test
  void looks_for_other_names_where_there_is_no_file_of_the_usual_one() throws Exception {
    write(
        codexHome.resolve("config.toml"),
        "project_doc_fallback_filenames = ['../AGENTS.md', '.', 'CLAUDE.md', 'README.md']");
    write(folder.resolve("AGENTS.md"), "outside");
    write(project.resolve("README.md"), "read me");
    write(cwd.resolve("CLAUDE.md"), "claude");
    write(cwd.resolve("README.md"), "not this");

    assertThat(find().sources())
        .extracting(Instructions.Source::text)
        .containsExactly("read me", "claude");
  }

  @Test
  void cuts_at_the_budget_and_leaves_out_what_comes_after() throws Exception {
    write(codexHome.resolve("config.toml"), "project_doc_max_bytes = 10");
    write(codexHome.resolve("AGENTS.md"), "not counted");
    write(project.resolve("AGENTS.md"), "1234567");
    write(project.resolve("a/AGENTS.md"), "abcdef");
    write(cwd.resolve("AGENTS.md"), "late");

    var found = find();

    assertThat(found.sources())
        .extracting(
            Instructions.Source::text,
            Instructions.Source::bytesUsed,
            Instructions.Source::bytesCut,
            Instructions.Source::project)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("not counted", 11L, 0L, false),
            org.assertj.core.groups.Tuple.tuple("1234567", 7L, 0L, true),
            org.assertj.core.groups.Tuple.tuple("abc", 3L, 3L, true),
            org.assertj.core.groups.Tuple.tuple("", 0L, 4L, true));
    assertThat(found.totalBytes()).isEqualTo(21);
    assertThat(found.warnings())
        .containsExactly(
            project.resolve("a/AGENTS.md")
                + " is cut to 3 bytes; 3 bytes are more than project_doc_max_bytes leaves",
            cwd.resolve("AGENTS.md")
                + " is left out: its 4 bytes are more than project_doc_max_bytes leaves",
            "instructions are 21 bytes together, more than the 10 of project_doc_max_bytes");
    assertThat(found.message().orElseThrow()).contains("1234567\n\nabc\n</INSTRUCTIONS>");
  }

  @Test
  void reads_no_file_of_the_project_at_a_budget_of_nothing() throws Exception {
    write(codexHome.resolve("config.toml"), "project_doc_max_bytes = 0");
    write(project.resolve("AGENTS.md"), "root");

    assertThat(find().sources()).isEmpty();
    assertThat(find().warnings()).isEmpty();
  }

  @Test
  void reads_no_file_of_an_untrusted_project() throws Exception {
    write(codexHome.resolve("AGENTS.md"), "mine");
    write(project.resolve("AGENTS.md"), "root");
    write(
        codexHome.resolve("config.toml"),
        "[projects.\"%s\"]\ntrust_level = \"untrusted\"\n".formatted(project));

    assertThat(find().sources()).extracting(Instructions.Source::text).containsExactly("mine");
  }

  @Test
  void replaces_what_is_not_text_and_hashes_what_was_there() throws Exception {
    Files.write(project.resolve("AGENTS.md"), new byte[] {'a', (byte) 0xff, 'b'});

    var source = find().sources().getFirst();

    assertThat(source.text()).isEqualTo("a\ufffdb");
    assertThat(source.sha256())
        .isEqualTo(
            java.util.HexFormat.of()
                .formatHex(
                    java.security.MessageDigest.getInstance("SHA-256")
                        .digest(new byte[] {'a', (byte) 0xff, 'b'})));
  }

  @Test
  void takes_only_files_and_follows_links_within_the_project() throws Exception {
    Files.createDirectories(project.resolve("AGENTS.override.md"));
    Files.createSymbolicLink(project.resolve("AGENTS.md"), Path.of("docs.md"));
    write(project.resolve("docs.md"), "linked");
    write(folder.resolve("secret"), "secret");
    Files.createSymbolicLink(cwd.resolve("AGENTS.md"), folder.resolve("secret"));
    Files.createSymbolicLink(project.resolve("a/AGENTS.md"), Path.of("nowhere"));

    var found = find();

    assertThat(found.sources()).extracting(Instructions.Source::text).containsExactly("linked");
    assertThat(found.warnings())
        .containsExactly(
            project.resolve("AGENTS.override.md") + " is left out: it is no file",
            project.resolve("a/AGENTS.md") + " is left out: it is no file",
            cwd.resolve("AGENTS.md")
                + " is left out: the link leads out of the project, which is not known to be"
                + " trusted");

    write(
        codexHome.resolve("config.toml"),
        "[projects.\"%s\"]\ntrust_level = \"trusted\"\n".formatted(project));
    assertThat(find().sources())
        .extracting(Instructions.Source::text)
        .containsExactly("linked", "secret");
  }

  @Test
  void tells_where_the_work_is_done() {
    var context =
        new EnvironmentContext(
            Path.of("/a<b"),
            "bash",
            LocalDate.of(2026, 2, 26),
            "America/Los_Angeles",
            List.of(Path.of("/a<b")),
            false,
            List.of(
                new EnvironmentContext.Entry("read", ":root"),
                new EnvironmentContext.Entry("write", "/a<b")));

    assertThat(context.text())
        .isEqualTo(
            """
            <environment_context>
              <cwd>/a&lt;b</cwd>
              <shell>bash</shell>
              <current_date>2026-02-26</current_date>
              <timezone>America/Los_Angeles</timezone>
              <filesystem><workspace_roots><root>/a&lt;b</root></workspace_roots>\
            <permission_profile type="managed"><file_system type="restricted">\
            <entry access="read"><special>:root</special></entry>\
            <entry access="write"><path>/a&lt;b</path></entry>\
            </file_system></permission_profile></filesystem>
            </environment_context>\
            """);
  }

  private Instructions find() throws SettingsException {
    var sources = SettingsSources.of(folder.resolve("home"), codexHome, folder, cwd);
    return Instructions.find(codexHome, cwd, Settings.load(sources));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(Optional.ofNullable(file.getParent()).orElseThrow());
    Files.writeString(file, text, StandardCharsets.UTF_8);
  }
}
