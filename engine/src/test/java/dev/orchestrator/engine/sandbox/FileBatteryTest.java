package dev.orchestrator.engine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Attempts to write what must not be written, on each backend for real.
class FileBatteryTest {
  private static final String BOTH = "bubblewrap,landlock";

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          echo x > $OUT/new
          echo x >> $OUT/secret
          rm -f $OUT/secret
          : > $OUT/secret
          mv $OUT/secret $OUT/moved
          echo x > $WS/file; mv $WS/file $OUT/secret
          ln -s $OUT $WS/link; echo x > $WS/link/new; echo x > $WS/link/secret
          ln -s $OUT/secret $WS/link; echo x > $WS/link
          ln $OUT/secret $WS/hard; echo x > $WS/hard
          echo x > /proc/self/root$OUT/new
          echo x > /proc/self/cwd/../out/new
          echo x > /proc/$PPID/root$OUT/new
          mkdir $WS/m; mount --bind $OUT $WS/m; echo x > $WS/m/new
          mkdir $WS/m; unshare -Ur -m sh -c 'mount --bind $OUT $WS/m; echo x > $WS/m/new'
          unshare -Ur -m sh -c 'mount -o remount,rw / ; umount -l $OUT; echo x > $OUT/new'
          mkdir $OUT/new; mkfifo $OUT/new; mknod $OUT/new c 1 3
          echo x > $HOME_OF_OURS/approvals.json; rm -rf $HOME_OF_OURS
          mv $HOME_OF_OURS $HOME_OF_OURS.old
          """)
  void keeps_what_is_outside_as_it_is(String script) throws Exception {
    for (var backend : BOTH.split(",", -1)) {
      var prison = Prison.of(backend, Files.createTempDirectory(folder, backend));
      for (var confinement : new Confinement[] {prison.readOnly(), prison.workspaceWrite()}) {
        prison.run(confinement, script + " 2>&1");
      }

      assertThat(list(prison.outside)).as(backend).containsExactly("secret");
      assertThat(prison.outside.resolve("secret")).as(backend).hasContent("kept");
      assertThat(prison.home.resolve("approvals.json")).as(backend).hasContent("none");
      assertThat(list(prison.workspace))
          .as("guards of %s are gone", backend)
          .noneMatch(Confinement.PROTECTED::contains);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void keeps_the_orchestrators_home_even_inside_a_writable_root(String backend) throws Exception {
    var prison = Prison.of(backend, folder);

    var it =
        prison.run(
            prison.allAroundWritable(),
            "echo x > $HOME_OF_OURS/approvals.json; echo x > $HOME_OF_OURS/new;"
                + " mv $HOME_OF_OURS $OUT/old; rm -rf $HOME_OF_OURS; echo y > $OUT/may");

    assertThat(prison.home.resolve("approvals.json")).hasContent("none");
    assertThat(list(prison.home)).containsExactly("approvals.json");
    assertThat(prison.outside.resolve("may")).as(it.output()).hasContent("y");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void lets_a_read_only_command_write_nothing_in_the_workspace(String backend) throws Exception {
    var prison = Prison.of(backend, folder);

    var it =
        prison.run(prison.readOnly(), "echo x > file; echo $?; echo fine > /dev/null; echo $?");

    assertThat(it.output().lines().skip(1)).containsExactly("2", "0");
    assertThat(list(prison.workspace)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          echo x > .git/config; echo x > .git/hooks/post-commit
          rm -rf .git; rmdir .git; mv .git old
          mkdir -p .codex/rules; touch .codex/x; rmdir .codex; mv .codex c
          echo x > .runs; mkdir .runs/x; ln -s $OUT .runs; rmdir .runs; ln -s $OUT .runs
          mkdir d; echo x > d/f; mv -T d .agents
          mkdir .aws/x; echo x > .orchestrator/approvals
          """)
  void protects_names_in_a_writable_root_with_bubblewrap(String script) throws Exception {
    var prison = Prison.of("bubblewrap", folder);
    Files.createDirectories(prison.workspace.resolve(".git/hooks"));
    Files.writeString(prison.workspace.resolve(".git/config"), "[core]\n");

    prison.run(prison.workspaceWrite(), script);

    assertThat(list(prison.workspace)).contains(".git");
    assertThat(list(prison.workspace))
        .doesNotContain(".codex", ".runs", ".agents", ".aws", ".orchestrator", "old", "c");
    assertThat(prison.workspace.resolve(".git/config")).hasContent("[core]");
    assertThat(prison.workspace.resolve(".git/hooks")).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = "landlock")
  void says_that_landlock_does_not_protect_names_in_a_writable_root(String backend)
      throws Exception {
    var prison = Prison.of(backend, folder);

    prison.run(prison.workspaceWrite(), "mkdir .codex");

    // Today it can; what is allowed below a folder cannot be taken back for a name in it.
    assertThat(list(prison.workspace)).containsExactly(".codex");
    assertThat(prison.notHeld(prison.workspaceWrite()))
        .anyMatch(it -> it.startsWith("protected names (.git, .codex"));
  }

  @ParameterizedTest
  @ValueSource(strings = "bubblewrap")
  void keeps_folders_around_a_protected_place_from_being_renamed(String backend) throws Exception {
    var prison = Prison.of(backend, folder);
    var inner = Files.createDirectories(prison.workspace.resolve("a/b/inner/.git"));
    var confinement =
        Confinements.of(
            Confinement.Level.WORKSPACE_WRITE,
            inner.getParent(),
            java.util.List.of(prison.workspace),
            java.util.List.of(),
            false,
            false,
            java.util.Optional.empty(),
            java.util.List.of());

    var it =
        prison.run(confinement, "mv a away; mv a/b away; mkdir -p a/b/inner/.git/hooks; echo done");

    assertThat(it.output()).endsWith("done\n");
    assertThat(inner).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(strings = "bubblewrap")
  void hides_the_orchestrators_home(String backend) throws Exception {
    var prison = Prison.of(backend, folder);

    assertThat(prison.run(prison.readOnly(), "ls -A $HOME_OF_OURS").output()).isEmpty();
  }

  static java.util.List<String> list(Path folder) throws Exception {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.map(it -> it.getFileName().toString()).sorted().toList();
    }
  }
}
