package dev.orchestrator.engine.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.orchestrator.engine.patch.FileChange.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PatchPlanTest {
  @TempDir private Path folder;

  @Test
  void says_what_changes_and_changes_nothing() throws Exception {
    write("a", "1\n2\n");
    write("b", "b\n");

    var plan =
        plan("*** Add File: new/c", "+c", "*** Update File: a", "-2", "+two", "*** Delete File: b");

    assertThat(plan.changes())
        .containsExactly(
            new FileChange(Kind.ADD, "new/c", path("new/c"), null, null, "c\n"),
            new FileChange(Kind.UPDATE, "a", path("a"), null, "1\n2\n", "1\ntwo\n"),
            new FileChange(Kind.DELETE, "b", path("b"), null, "b\n", ""));
    assertThat(plan.touched()).containsExactly(path("new/c"), path("a"), path("b"));
    assertThat(Trees.read(folder)).isEqualTo(Map.of("a", "1\n2\n", "b", "b\n"));
  }

  @Test
  void sees_what_earlier_parts_have_done() throws Exception {
    write("a", "1\n");

    var plan =
        plan(
            "*** Update File: a",
            "*** Move to: d/b",
            "-1",
            "+2",
            "*** Update File: d/b",
            "-2",
            "+3",
            "*** Add File: a",
            "+again",
            "*** Delete File: d/b");
    plan.apply();

    assertThat(plan.touched()).containsExactly(path("a"), path("d/b"));
    assertThat(Trees.read(folder)).isEqualTo(Map.of("a", "again\n"));
    assertFails("Failed to delete file " + path("a"), "*** Delete File: a", "*** Delete File: a");
    assertFails(
        "Failed to read file to update " + path("a") + ": No such file or directory (os error 2)",
        "*** Delete File: a",
        "*** Update File: ./a",
        "+x");
    assertFails(
        "Failed to create parent directories for "
            + path("n/m")
            + ": Not a directory (os error 20)",
        "*** Add File: n",
        "*** Add File: n/m");
    assertFails(
        "Failed to write file " + path("n") + ": Is a directory (os error 21)",
        "*** Add File: n/m",
        "*** Add File: n");
  }

  @Test
  void names_every_path_whole_wherever_it_leads() throws Exception {
    assertThat(plan("*** Add File: ../../x/./y", "*** Add File: /srv/z").touched())
        .containsExactly(folder.resolve("../../x/y").normalize(), Path.of("/srv/z"));
  }

  @Test
  void is_not_applied_to_files_that_have_changed_since() throws Exception {
    write("a", "1\n");
    var plan = plan("*** Add File: b", "+b", "*** Update File: a", "-1", "+2");
    write("a", "1\nmore\n");

    assertThatThrownBy(plan::apply)
        .hasMessageContaining(path("a") + " has changed since the patch was verified");

    assertThat(Trees.read(folder)).isEqualTo(Map.of("a", "1\nmore\n"));
  }

  @Test
  void needs_something_to_do() {
    assertThatThrownBy(() -> PatchPlan.of(Patch.parse("*** Begin Patch\n*** End Patch"), folder))
        .isInstanceOfSatisfying(
            PatchException.class,
            it ->
                assertThat(it.toolMessage())
                    .isEqualTo("apply_patch verification failed: No files were modified."));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          one\\n | -one;+two | two\\n
          one | -one;+two | two\\n
          a\\r\\nb\\r\\nc | -b;+B;+B2 | a\\r\\nB\\r\\nB2\\r\\nc\\r\\n
          a\\nb\\r\\nc\\n | -c;+C | a\\nb\\r\\nC\\n
          a\\r\\nb\\n | -b;+B | a\\r\\nB\\r\\n
          a \\t\\nb\\n | 'a;-b;+B' | a \\t\\nB\\n
          \\t\\ta\\nb\\n | ' a;-b;+B' | \\t\\ta\\nB\\n
          a\\nb\\na\\nb\\n | @@;-a;-b;+c;*** End of File | a\\nb\\nc\\n
          a\\n\\n | +b | a\\nb\\n\\n
          '' | +b | b\\n
          x\\na\\nx\\na\\n | @@ x;-a;+A;@@ x;-a;+B | x\\nA\\nx\\nB\\n
          a\\nb\\n | -a;-b; | ''
          a\\nb\\n | -b;+B; | a\\nB\\n
          a\\nb\\n\\n | -a;-b;*** End of File;@@;+z | ''
          """)
  void fits_chunks_into_lines(String before, String chunks, String after) throws Exception {
    write("f", plain(before));
    var lines = plain(chunks).replace(';', '\n').replaceFirst("^(?=[a ])", " ");

    if (after.isEmpty() && before.endsWith("\\n\\n")) {
      assertFails("Failed to find expected lines in " + path("f") + ":\na\nb", update(lines));
    } else {
      plan(update(lines)).apply();
      assertThat(Files.readString(path("f"))).isEqualTo(plain(after));
    }
  }

  private static String update(String lines) {
    return "*** Update File: f\n" + lines;
  }

  private static String plain(String text) {
    return text.translateEscapes();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a\u2014b | a-b",
        "a\u2212b | a-b",
        "\u2018a\u201b | 'a'",
        "\u201ca\u201f | \"a\"",
        "a\u00a0b\u3000c\u2009d | a b c d",
        "\u00a0a\u00a0 | a",
      })
  void takes_typographic_characters_for_plain_ones(String line, String typed) throws Exception {
    write("f", line + "\nold\n");

    plan("*** Update File: f", " " + typed, "-old", "+new").apply();

    assertThat(Files.readString(path("f"))).isEqualTo(line + "\nnew\n");
  }

  @Test
  void prefers_the_strictest_match() throws Exception {
    write("f", "  x\nx \nx\n");

    plan("*** Update File: f", "-x", "+y").apply();

    assertThat(Files.readString(path("f"))).isEqualTo("  x\nx \ny\n");
  }

  @Test
  void does_not_put_one_chunk_over_another() throws Exception {
    write("f", "a\nb\n");

    assertFails(
        "Failed to find expected lines in " + path("f") + ":\nb",
        "*** Update File: f",
        "-b",
        "+B",
        "@@",
        "-b",
        "+C",
        "*** End of File");
  }

  @Test
  void keeps_permissions_also_of_a_file_that_moves() throws Exception {
    write("run", "1\n");
    Files.setPosixFilePermissions(path("run"), PosixFilePermissions.fromString("rwxr-x--x"));

    plan("*** Update File: run", "-1", "+2").apply();
    assertThat(permissions("run")).isEqualTo("rwxr-x--x");

    plan("*** Update File: run", "*** Move to: bin/run", "-2", "+3").apply();
    assertThat(permissions("bin/run")).isEqualTo("rwxr-x--x");
    assertThat(Trees.read(folder)).isEqualTo(Map.of("bin/run", "3\n"));
  }

  private String permissions(String name) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path(name)));
  }

  @Test
  void keeps_a_file_that_moves_to_where_it_is() throws Exception {
    write("a", "1\n");

    plan("*** Update File: a", "*** Move to: ./a", "-1", "+2").apply();

    assertThat(Trees.read(folder)).isEqualTo(Map.of("a", "2\n"));
  }

  @Test
  void writes_through_no_link() throws Exception {
    write("target", "1\n");
    Files.createSymbolicLink(path("link"), Path.of("target"));
    Files.createSymbolicLink(path("dangling"), Path.of("nowhere"));

    var why = ": it is a symbolic link; name the file that it points to";
    assertFails(
        "Failed to read file to update " + path("link") + why, "*** Update File: link", "+2");
    assertFails("Failed to write file " + path("link") + why, "*** Add File: link", "+2");
    assertFails("Failed to write file " + path("dangling") + why, "*** Add File: dangling", "+2");
    assertFails(
        "Failed to write file " + path("link") + why,
        "*** Update File: target",
        "*** Move to: link",
        "+2");

    plan("*** Delete File: link").apply();
    assertThat(Files.exists(path("link"))).isFalse();
    assertThat(Trees.read(folder)).isEqualTo(Map.of("target", "1\n"));
  }

  @Test
  void writes_in_folders_that_are_links() throws Exception {
    Files.createDirectory(path("real"));
    Files.createSymbolicLink(path("dir"), Path.of("real"));

    plan("*** Add File: dir/a", "+1").apply();

    assertThat(Trees.read(folder)).isEqualTo(Map.of("real/a", "1\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"*** Add File: d\n+x", "*** Update File: f\n*** Move to: d\n-1\n+2"})
  void writes_over_no_folder(String part) throws Exception {
    write("f", "1\n");
    Files.createDirectory(path("d"));

    assertFails("Failed to write file " + path("d") + ": Is a directory (os error 21)", part);
  }

  @Test
  void reads_no_folder_pipe_or_file_below_a_file() throws Exception {
    write("f", "1\n");
    Files.createDirectory(path("d"));
    var pipe = new ProcessBuilder("mkfifo", path("pipe").toString()).start();
    assertThat(pipe.waitFor()).isZero();

    var failed = "Failed to read file to update ";
    assertFails(failed + path("d") + ": Is a directory (os error 21)", "*** Update File: d", "+x");
    assertFails(
        failed + path("f/x") + ": Not a directory (os error 20)", "*** Update File: f/x", "+x");
    assertFails(failed + path("pipe") + ": it is no regular file", "*** Update File: pipe", "+x");
    assertFails("Failed to delete file " + path("d"), "*** Delete File: d");
    assertFails(
        "Failed to create parent directories for "
            + path("f/x")
            + ": Not a directory (os error 20)",
        "*** Add File: f/x",
        "+x");
  }

  @Test
  void changes_no_file_that_is_not_text_but_deletes_and_replaces_it() throws Exception {
    Files.write(path("binary"), new byte[] {(byte) 0xff, '\n'});

    assertFails(
        "Failed to read file to update " + path("binary") + ": stream did not contain valid UTF-8",
        "*** Update File: binary",
        "+x");
    assertThat(plan("*** Delete File: binary").changes().getFirst().before()).isNull();

    plan("*** Add File: binary", "+text").apply();
    assertThat(Trees.read(folder)).isEqualTo(Map.of("binary", "text\n"));
  }

  @Test
  void changes_no_file_that_may_not_be_read_or_written() throws Exception {
    write("secret", "1\n");
    write("fixed", "1\n");
    Files.setPosixFilePermissions(path("secret"), PosixFilePermissions.fromString("-w-------"));
    Files.setPosixFilePermissions(path("fixed"), PosixFilePermissions.fromString("r--r--r--"));
    assumeFalse(Files.isReadable(path("secret")), "whoever may everything is refused nothing");

    assertFails(
        "Failed to read file to update " + path("secret") + ": Permission denied (os error 13)",
        "*** Update File: secret",
        "+x");
    assertFails(
        "Failed to write file " + path("fixed") + ": Permission denied (os error 13)",
        "*** Update File: fixed",
        "+x");
  }

  @Test
  void changes_no_file_that_is_too_long() throws Exception {
    write("bytes", "x".repeat(Disk.MOST_BYTES + 1));
    write("lines", "\n".repeat(Patch.MOST_LINES + 1));

    assertFails(
        "Failed to read file to update " + path("bytes") + ": it is longer than 8388608 bytes",
        "*** Update File: bytes",
        "+x");
    assertFails(
        "Failed to read file to update " + path("lines") + ": it has more than 250000 lines",
        "*** Update File: lines",
        "+x");
  }

  @Test
  void fits_long_repetitions_in_time() throws Exception {
    write("f", "a\n".repeat(200_000) + "b\n");
    var lines = "-a\n".repeat(100_000);

    assertTimeoutPreemptively(
        Duration.ofSeconds(30), () -> plan("*** Update File: f\n@@\n" + lines + "-b\n+c").apply());

    assertThat(Files.readString(path("f"))).isEqualTo("a\n".repeat(100_000) + "c\n");
  }

  private void assertFails(String message, String... lines) {
    assertThatThrownBy(() -> plan(lines)).isInstanceOf(PatchException.class).hasMessage(message);
  }

  private PatchPlan plan(String... lines) throws PatchException {
    var text = "*** Begin Patch\n" + String.join("\n", lines) + "\n*** End Patch\n";
    return PatchPlan.of(Patch.parse(text), folder);
  }

  private Path path(String name) {
    return folder.resolve(name);
  }

  private void write(String name, String content) throws IOException {
    Files.writeString(path(name), content);
  }
}
