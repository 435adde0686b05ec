package dev.orchestrator.engine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What one opening allows, and what it leaves closed.
class OpeningsTest {
  private static final String COMMIT = "echo x >> f && git add f && git commit -qm more 2>&1";

  @TempDir Path folder;

  @Test
  void lets_a_repository_be_committed_to_and_keeps_what_git_runs() throws Exception {
    var prison = Prison.of("bubblewrap", folder);
    bare(prison, "git init -q . && echo 1 > f && git add f && git commit -qm first");
    var git = prison.workspace.resolve(".git");
    var config = Files.readString(git.resolve("config"));

    assertThat(prison.run(prison.workspaceWrite(), COMMIT).code()).isNotZero();
    var open = prison.workspaceWrite(Bundles.commit(prison.workspace).orElseThrow());
    var it = prison.run(open, COMMIT);
    assertThat(it.code()).as(it.output()).isZero();

    prison.run(
        open,
        """
        for f in hooks/pre-commit config config.worktree commondir modules/x info/attributes; do
        echo evil > .git/$f; done
        rm -rf .git/hooks; mv .git/config .git/old; mv .git away; git config core.hooksPath x
        """);
    assertThat(bare(prison, "git log --oneline | wc -l; git status --short").output())
        .isEqualTo("2\n");
    assertThat(git.resolve("config")).hasContent(config);
    assertThat(git.resolve("hooks/pre-commit")).doesNotExist();
    for (var name : List.of("config.worktree", "commondir", "modules", "old")) {
      assertThat(git.resolve(name)).doesNotExist();
    }
  }

  @Test
  void lets_a_linked_work_tree_be_committed_to() throws Exception {
    var prison = Prison.of("bubblewrap", folder);
    bare(
        prison,
        """
        git init -q $OUT/main && cd $OUT/main && echo 1 > f && git add f && git commit -qm first
        rmdir $WS && git worktree add -q $WS && git worktree add -q $OUT/other
        """);
    var opening = Bundles.commit(prison.workspace).orElseThrow();
    assertThat(opening.common()).isEqualTo(prison.outside.resolve("main/.git"));
    assertThat(opening.own()).isEqualTo(prison.outside.resolve("main/.git/worktrees/ws"));

    assertThat(prison.run(prison.workspaceWrite(), COMMIT).code()).isNotZero();
    var it = prison.run(prison.workspaceWrite(opening), COMMIT);
    assertThat(it.code()).as(it.output()).isZero();

    prison.run(
        prison.workspaceWrite(opening),
        """
        G=$OUT/main/.git
        for f in hooks/x config worktrees/other/commondir worktrees/ws/commondir worktrees/ws/gitdir
        do echo evil > $G/$f; done
        echo evil > $WS/.git
        """);
    assertThat(bare(prison, "grep -rl evil $OUT/main/.git/ $WS/.git; git status --short").output())
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void lets_one_path_be_written(String backend) throws Exception {
    var prison = Prison.of(backend, folder);
    var repository = prison.outside.resolve(".m2");

    var it =
        prison.run(
            prison.workspaceWrite(new Opening.WritablePath(repository)),
            "mkdir -p $HOME/.m2/repository/a && echo jar > $HOME/.m2/repository/a/a.jar;"
                + " echo x > $HOME/other");

    assertThat(repository.resolve("repository/a/a.jar")).as(it.output()).hasContent("jar");
    assertThat(prison.outside.resolve("other")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void lets_one_file_be_written(String backend) throws Exception {
    var prison = Prison.of(backend, folder);
    var file = prison.outside.resolve("secret");
    Files.writeString(prison.outside.resolve("beside"), "kept");

    prison.run(
        prison.workspaceWrite(new Opening.WritablePath(file)),
        "echo new > $OUT/secret; echo x > $OUT/beside");

    assertThat(file).hasContent("new");
    assertThat(prison.outside.resolve("beside")).hasContent("kept");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void opens_nothing_of_the_orchestrators_own(String backend) throws Exception {
    var prison = Prison.of(backend, folder);

    prison.run(
        prison.workspaceWrite(new Opening.WritablePath(prison.home)),
        "echo x > $HOME_OF_OURS/approvals.json");

    assertThat(prison.home.resolve("approvals.json")).hasContent("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void refuses_a_root_that_has_become_a_link(String backend) throws Exception {
    var prison = Prison.of(backend, folder);
    Files.delete(prison.workspace);
    Files.createSymbolicLink(prison.workspace, prison.outside);

    assertThatThrownBy(() -> prison.run(prison.workspaceWrite(), "true"))
        .hasMessageContaining("through a symbolic link; allow that path itself");
  }

  @Test
  void shares_guards_among_commands_that_run_at_once() throws Exception {
    var prison = Prison.of("bubblewrap", folder);
    var codex = prison.workspace.resolve(".codex");
    try (var first = prison.sandbox().launch(prison.workspaceWrite(), false)) {
      Trial.run(prison.program("true", Map.of()), first);
      try (var second = prison.sandbox().launch(prison.workspaceWrite(), false)) {
        Trial.run(prison.program("true", Map.of()), second);
      }
      assertThat(codex).as("the first is not over").isDirectory();
    }
    assertThat(codex).doesNotExist();
  }

  @Test
  void keeps_a_guard_that_somebody_has_made_theirs() throws Exception {
    var prison = Prison.of("bubblewrap", folder);
    var codex = prison.workspace.resolve(".codex");
    try (var launch = prison.sandbox().launch(prison.workspaceWrite(), false)) {
      Trial.run(prison.program("true", Map.of()), launch);
      Files.writeString(codex.resolve("config.toml"), "");
    }
    assertThat(codex.resolve("config.toml")).exists();
  }

  @Test
  void removes_what_a_killed_run_has_left() throws Exception {
    var prison = Prison.of("bubblewrap", folder);
    try (var guards = new Guards()) {
      assertThat(guards.hold(prison.workspace.resolve(".aws"), Optional.empty())).isTrue();
      Files.createDirectory(prison.workspace.resolve(".runs"));
      // As if the process that holds the guard had been killed: its lock goes, the folder stays.
      guards.abandon();
    }
    assertThat(FileBatteryTest.list(prison.workspace)).containsExactly(".aws", ".runs");

    prison.run(prison.workspaceWrite(), "true");

    assertThat(FileBatteryTest.list(prison.workspace)).as("ours goes").containsExactly(".runs");
  }

  @Test
  void follows_codexs_rules_for_what_may_be_written() {
    var it =
        Confinements.of(
            Level.WORKSPACE_WRITE,
            Path.of("/home"),
            List.of(Path.of("/opt")),
            List.of(Path.of("sub")),
            false,
            true,
            Optional.of(Path.of("/var/tmp")),
            List.of());

    assertThat(it.writable())
        .containsExactly(
            Path.of("/home"),
            Path.of("/opt"),
            Path.of("/home/sub"),
            Path.of("/tmp"),
            Path.of("/var/tmp"));
  }

  private static Trial bare(Prison prison, String script) throws Exception {
    return Trial.run(prison.program(script, Map.of()), Launch.PLAIN);
  }
}
