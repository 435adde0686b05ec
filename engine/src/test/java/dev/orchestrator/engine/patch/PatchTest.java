package dev.orchestrator.engine.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.patch.Patch.Chunk;
import dev.orchestrator.engine.patch.Patch.Hunk;
import dev.orchestrator.engine.patch.Patch.Line;
import dev.orchestrator.engine.patch.Patch.Line.Sign;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatchTest {
  @Test
  void has_every_part_in_its_order() throws Exception {
    var patch =
        Patch.parse(
            """
            *** Begin Patch
            *** Add File: a b.txt
            +one
            +
            *** Delete File: /srv/c
            *** Update File: d
            *** Move to: e/f
            @@ fn main()
             same

            -old
            +new
            *** End of File
            @@
            +last
            *** End Patch
            """);

    assertThat(patch)
        .isEqualTo(
            new Patch(
                List.of(
                    new Hunk.AddFile("a b.txt", List.of("one", "")),
                    new Hunk.DeleteFile("/srv/c"),
                    new Hunk.UpdateFile(
                        "d",
                        "e/f",
                        List.of(
                            new Chunk(
                                "fn main()",
                                List.of(
                                    new Line(Sign.CONTEXT, "same"),
                                    new Line(Sign.CONTEXT, ""),
                                    new Line(Sign.REMOVED, "old"),
                                    new Line(Sign.ADDED, "new")),
                                true),
                            new Chunk(null, List.of(new Line(Sign.ADDED, "last")), false))))));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<<EOF", "<<'EOF'", "<<\"EOF\""})
  void may_stand_in_a_here_document(String start) throws Exception {
    var text = framed("*** Add File: a\n+1");

    assertThat(Patch.parse(start + "\n" + text + "\nEOF\n")).isEqualTo(Patch.parse(text));
  }

  @Test
  void may_have_lines_that_end_in_crlf_and_padded_markers() throws Exception {
    var plain = framed("*** Update File: a\n@@ x\n-1\n+2");

    assertThat(Patch.parse(plain.replace("\n", "\r\n"))).isEqualTo(Patch.parse(plain));
    var padded = plain.replaceAll("(?m)^[*].*$", " $0\t");
    assertThat(Patch.parse("\n\u00a0" + padded + "\n\n")).isEqualTo(Patch.parse(plain));
  }

  @Test
  void keeps_a_carriage_return_within_a_line() throws Exception {
    assertThat(Patch.parse(framed("*** Add File: a\n+one\rtwo")).hunks())
        .containsExactly(new Hunk.AddFile("a", List.of("one\rtwo")));
  }

  @Test
  void may_be_empty() throws Exception {
    assertThat(Patch.parse(framed("").replace("\n\n", "\n")).hunks()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          *** begin patch;*** End Patch | The first line of the patch must be '*** Begin Patch'
          *** Begin Patch | The last line of the patch must be '*** End Patch'
          *** Begin Patch;*** End Patch;EOF | The last line of the patch must be '*** End Patch'
          <<EOF;*** Begin Patch;x;EOF | The last line of the patch must be '*** End Patch'
          <<END;*** Begin Patch;*** End Patch;END | The first line of the patch must be '*** Begin Patch'
          """)
  void says_that_it_is_none(String lines, String why) {
    assertThatThrownBy(() -> Patch.parse(lines.replace(';', '\n')))
        .isInstanceOfSatisfying(
            PatchException.class,
            it -> {
              assertThat(it.getMessage()).isEqualTo("Invalid patch: " + why);
              assertThat(it.toolMessage())
                  .isEqualTo("apply_patch verification failed: invalid patch: " + why);
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          *** add file: a | 2 | '*** add file: a' is not a valid hunk header. Valid hunk headers: '*** Add File: {path}', '*** Delete File: {path}', '*** Update File: {path}'
          *** Add File: | 2 | '*** Add File:' is not a valid hunk header. Valid hunk headers: '*** Add File: {path}', '*** Delete File: {path}', '*** Update File: {path}'
          *** Update File: a;*** Move to: b | 2 | Update file hunk for path 'a' is empty
          *** Update File: a;@@ | 4 | Update hunk does not contain any lines
          *** Update File: a;@@;*** End of File | 4 | Update hunk does not contain any lines
          *** Update File: a;x | 4 | Unexpected line found in update hunk: 'x'. Every line should start with ' ' (context line), '+' (added line), or '-' (removed line)
          *** Update File: a;@@;@@ b;-1 | 4 | Unexpected line found in update hunk: '@@ b'. Every line should start with ' ' (context line), '+' (added line), or '-' (removed line)
          *** Update File: a;-1;x | 4 | Expected update hunk to start with a @@ context marker, got: 'x'
          """)
  void says_which_line_is_wrong(String body, int line, String why) {
    assertThatThrownBy(() -> Patch.parse(framed(body.replace(';', '\n'))))
        .isInstanceOfSatisfying(
            PatchException.class,
            it -> {
              assertThat(it.getMessage())
                  .isEqualTo("Invalid patch hunk on line %d: %s".formatted(line, why));
              assertThat(it.toolMessage())
                  .isEqualTo(
                      "apply_patch verification failed: invalid hunk at line %d, %s"
                          .formatted(line, why));
            });
  }

  @Test
  void is_not_read_when_it_is_too_long() {
    assertThatThrownBy(() -> Patch.parse("x".repeat(Patch.MOST_CHARS + 1)))
        .hasMessageContaining("4194305 characters, 4194304 are allowed");
    assertThatThrownBy(
            () -> Patch.parse(framed("*** Add File: a\n" + "+\n".repeat(Patch.MOST_LINES))))
        .hasMessageContaining("more than 250000 lines");
    assertThatThrownBy(
            () -> Patch.parse(framed("*** Delete File: a\n".repeat(Patch.MOST_HUNKS) + "x")))
        .hasMessageContaining("more than 1000 files");
  }

  @Test
  void is_not_read_with_characters_that_no_file_can_hold() {
    assertThatThrownBy(() -> Patch.parse(framed("*** Add File: a\n+\ud800")))
        .hasMessageContaining("half a character");
    assertThatThrownBy(() -> Patch.parse(framed("*** Add File: a\0b")))
        .hasMessage("Invalid patch hunk on line 2: The path has a NUL character");
  }

  private static String framed(String body) {
    return "*** Begin Patch\n" + body + "\n*** End Patch";
  }
}
