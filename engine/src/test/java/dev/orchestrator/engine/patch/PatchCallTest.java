package dev.orchestrator.engine.patch;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatchCallTest {
  private static final String PATCH = "*** Begin Patch\n*** Delete File: a\n*** End Patch\n";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          apply_patch <<EOF                            | EOF |
          applypatch <<'EOF'                           | EOF |
          ` \\n apply_patch<<"PATCH"  `                | PATCH |
          cd sub/dir && apply_patch << EOF             | EOF | sub/dir
          cd 'two words' && apply_patch <<'END_1'      | END_1 | two words
          cd "/srv/a b"  &&applypatch <<EOF            | EOF | /srv/a b
          cd .. && \\n apply_patch <<EOF               | EOF | ..
          """)
  void is_recognised(String head, String end, @Nullable String directory) {
    var script = head.translateEscapes() + "\n" + PATCH + end + "\n \n";

    assertThat(PatchCall.of(script)).contains(new PatchCall(PATCH, directory));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo x; apply_patch <<EOF",
        "FOO=1 apply_patch <<EOF",
        "apply_patch <<EOF | cat",
        "apply_patch <<EOF >out",
        "apply_patch <<-EOF",
        "apply_patch <<<EOF",
        "apply_patch --help <<EOF",
        "./apply_patch <<EOF",
        "Apply_Patch <<EOF",
        "cd a; apply_patch <<EOF",
        "cd a || apply_patch <<EOF",
        "cd a b && apply_patch <<EOF",
        "cd -P a && apply_patch <<EOF",
        "cd - && apply_patch <<EOF",
        "cd ~/a && apply_patch <<EOF",
        "cd $HOME && apply_patch <<EOF",
        "cd \"$HOME\" && apply_patch <<EOF",
        "cd \"`pwd`\" && apply_patch <<EOF",
        "cd a* && apply_patch <<EOF",
        "cd && apply_patch <<EOF",
        "cd '' && apply_patch <<EOF",
        "cd a && cd b && apply_patch <<EOF",
        "apply_patch <<\\EOF",
        "apply_patch <<$EOF",
        "apply_patch <<'E'OF",
        "(apply_patch <<EOF",
      })
  void is_not_recognised_beside_anything_else(String head) {
    assertThat(PatchCall.of(head + "\n" + PATCH + "EOF\n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EOF; echo x\n", "EOF\necho x\n", " EOF\n", "EOF \n", "", "EO"})
  void is_not_recognised_unless_the_here_document_ends_the_script(String end) {
    assertThat(PatchCall.of("apply_patch <<EOF\n" + PATCH + end)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"$x", "`x`", "\\n"})
  void is_not_recognised_if_the_shell_would_expand_it(String text) {
    var patch = "*** Begin Patch\n*** Add File: a\n+" + text + "\n*** End Patch\n";

    assertThat(PatchCall.of("apply_patch <<EOF\n" + patch + "EOF")).isEmpty();
    assertThat(PatchCall.of("apply_patch <<'EOF'\n" + patch + "EOF"))
        .contains(new PatchCall(patch, null));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PATCH,
        " \n" + PATCH,
        "<<EOF\n" + PATCH + "EOF",
        "*** Begin Patch\nsomething else",
        "*** Begin Patch",
      })
  void sees_a_patch_without_a_call(String script) {
    assertThat(PatchCall.isPatchItself(script)).isTrue();
    assertThat(PatchCall.of(script)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ls", "apply_patch <<EOF\n" + PATCH + "EOF", "cat <<EOF\n" + PATCH})
  void sees_no_patch_in_other_scripts(String script) {
    assertThat(PatchCall.isPatchItself(script)).isFalse();
  }
}
