package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `orchestrator run`: variables, folder and terminal of the command.
class RunArgumentsTest {
  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.inside(folder).with("SAID", folder.resolve("said").toString());
  }

  /// What a script says when it is run with these flags.
  private String said(String script, String... flags) throws Exception {
    var words = new ArrayList<>(List.of(flags));
    words.addAll(List.of("--", "sh", "-c", script));
    var ended = program.run(words.toArray(String[]::new));

    assertThat(ended.code()).as(ended.err()).isZero();
    return Files.readString(folder.resolve("said"));
  }

  @Test
  void sets_variables_and_keeps_the_others() throws Exception {
    program.with("KEPT", "k").with("REPLACED", "old");
    var show = "printf '%s|' \"$KEPT\" \"$REPLACED\" \"$A\" \"$B\" \"${EMPTY-unset}\" >$SAID";

    assertThat(
            said(show, "--env", "REPLACED=new", "--env", "A=1", "--env=B=x=y z", "--env", "EMPTY="))
        .isEqualTo("k|new|1|x=y z||");
  }

  @Test
  void keeps_tools_from_asking() throws Exception {
    assertThat(said("echo $GIT_TERMINAL_PROMPT $PAGER $GIT_PAGER >$SAID")).isEqualTo("0 cat cat\n");
  }

  @Test
  void runs_where_it_is_told() throws Exception {
    var elsewhere = Files.createDirectories(folder.resolve("else where"));

    assertThat(said("pwd >$SAID", "--cwd", elsewhere.toString()))
        .isEqualTo(elsewhere.toRealPath() + "\n");
    assertThat(said("pwd >$SAID", "-C", "../else where")).isEqualTo(elsewhere.toRealPath() + "\n");
    assertThat(said("pwd >$SAID")).isEqualTo(program.directory().toRealPath() + "\n");
  }

  @Test
  void gives_a_terminal_of_the_size_that_was_asked_for() throws Exception {
    var look = "test -t 1 && test -t 2 && { stty size <&2; echo $TERM; } >$SAID";
    program.without("TERM");

    assertThat(said(look, "--tty", "--size", "123x45")).isEqualTo("45 123\nxterm-256color\n");
    assertThat(said(look, "--tty")).isEqualTo("24 80\nxterm-256color\n");
  }
}
