package dev.orchestrator.engine.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.RunId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunFolderTest {
  @TempDir private Path folder;

  @Test
  void has_a_place_for_everything() {
    var run = new RunFolder(Path.of("/shop/.runs"), "build", new RunId("r1"));

    assertThat(run.folder()).isEqualTo(Path.of("/shop/.runs/build/cli/r1"));
    assertThat(run.manifest()).isEqualTo(Path.of("/shop/.runs/build/cli/r1/manifest.json"));
    assertThat(run.journal()).isEqualTo(Path.of("/shop/.runs/build/cli/r1/events.jsonl"));
    assertThat(run.spool()).isEqualTo(Path.of("/shop/.runs/build/cli/r1/spool"));
    assertThat(run.metrics()).isEqualTo(Path.of("/shop/.runs/build/metrics.json"));
    assertThat(run.state()).isEqualTo(Path.of("/shop/out/build/state.json"));
  }

  @Test
  void stands_at_the_root_of_the_work_tree() throws Exception {
    Files.createDirectories(folder.resolve("shop/src/.git")); // Empty, and no repository.
    Files.createFile(Files.createDirectories(folder.resolve("shop/.git")).resolve("HEAD"));
    var deep = Files.createDirectories(folder.resolve("shop/src/main"));

    assertThat(RunFolder.rootFor(deep, Path.of("/home"))).isEqualTo(folder.resolve("shop/.runs"));
    assertThat(RunFolder.taskFor(deep)).isEqualTo("shop");
    assertThat(RunFolder.workTree(deep)).contains(folder.resolve("shop"));
  }

  @Test
  void stands_at_the_root_of_a_linked_work_tree_too() throws Exception {
    var linked = Files.createDirectories(folder.resolve("shop-2"));
    Files.writeString(linked.resolve(".git"), "gitdir: /home/ada/shop/.git/worktrees/shop-2\n");

    assertThat(RunFolder.rootFor(linked, Path.of("/home"))).isEqualTo(linked.resolve(".runs"));
  }

  @Test
  void stands_in_the_home_outside_of_a_work_tree() {
    assertThat(RunFolder.rootFor(folder, Path.of("/home/ada/.orchestrator")))
        .isEqualTo(Path.of("/home/ada/.orchestrator/runs"));
    assertThat(RunFolder.taskFor(folder)).isEqualTo(folder.getFileName().toString());
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          shop,      shop
          my shop,   my-shop
          größe,     gr--e
          .hidden,   task
          -x,        -x
          a.b_c-1,   a.b_c-1
          """)
  void names_the_task_after_the_folder(String name, String task) throws Exception {
    var directory = Files.createDirectory(folder.resolve(name));

    assertThat(RunFolder.taskFor(directory)).isEqualTo(task);
    assertThat(RunFolder.isTask(task)).isTrue();
  }

  @Test
  void names_the_task_even_of_the_root_and_of_long_names() {
    assertThat(RunFolder.taskFor(Path.of("/"))).isEqualTo("root");
    assertThat(RunFolder.taskFor(folder.resolve("x".repeat(100)))).isEqualTo("x".repeat(64));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          build   | true
          1       | true
          _a.b-c  | true
          -a      | true
          ''      | false
          .       | false
          ..      | false
          .a      | false
          a/b     | false
          a b     | false
          ü       | false
          """)
  void takes_only_the_name_of_a_plain_folder_for_a_task(String text, boolean isTask) {
    assertThat(RunFolder.isTask(text)).isEqualTo(isTask);
  }

  @Test
  void takes_64_characters_for_a_task_and_no_more() {
    assertThat(RunFolder.isTask("x".repeat(64))).isTrue();
    assertThat(RunFolder.isTask("x".repeat(65))).isFalse();
    assertThat(RunFolder.isTask("a\n")).isFalse();
  }

  @Test
  void is_made_once_and_hidden_from_git() throws Exception {
    var root = folder.resolve("shop/.runs");
    var run = new RunFolder(root, "build", new RunId("r1"));
    run.create();
    new RunFolder(root, "build", new RunId("r2")).create();

    assertThat(run.folder()).isEmptyDirectory();
    assertThat(root.resolve(".gitignore")).hasContent("*\n");
    assertThatThrownBy(run::create).isInstanceOf(IOException.class);
  }

  @Test
  void leaves_a_gitignore_alone_that_is_there() throws Exception {
    var root = Files.createDirectory(folder.resolve(".runs"));
    Files.writeString(root.resolve(".gitignore"), "mine\n");

    new RunFolder(root, "build", new RunId("r1")).create();

    assertThat(root.resolve(".gitignore")).hasContent("mine\n");
  }

  @Test
  void names_the_folder_and_the_way_out_when_it_cannot_be_made() throws Exception {
    var root = Files.writeString(folder.resolve(".runs"), "a file");

    assertThatThrownBy(() -> new RunFolder(root, "build", new RunId("r1")).create())
        .isInstanceOf(IOException.class)
        .hasMessageMatching(
            "cannot keep this run's record in \\Q%s\\E: .+; pass --runs-dir DIR or --ephemeral"
                .formatted(root));
  }
}
