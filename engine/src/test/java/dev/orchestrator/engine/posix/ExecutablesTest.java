package dev.orchestrator.engine.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.orchestrator.engine.posix.SpawnException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExecutablesTest {
  @TempDir private Path folder;

  @Test
  void finds_the_first_program_on_the_path() throws Exception {
    program("one/tool");
    program("two/tool");

    assertThat(find("PATH=" + folder + "/none:" + folder + "/two:" + folder + "/one", "tool"))
        .isEqualTo(folder.resolve("two/tool"));
  }

  @Test
  void passes_over_what_cannot_be_run() throws Exception {
    Files.createDirectories(folder.resolve("one/tool"));
    file("two/tool");
    program("three/tool");

    assertThat(find("PATH=" + folder + "/one:" + folder + "/two:" + folder + "/three", "tool"))
        .isEqualTo(folder.resolve("three/tool"));
  }

  @Test
  void takes_an_empty_or_relative_part_of_the_path_for_the_working_directory() throws Exception {
    program("tool");
    program("bin/other");

    assertThat(find("PATH=/nowhere:", "tool")).isEqualTo(folder.resolve("tool"));
    assertThat(find("PATH=bin", "other")).isEqualTo(folder.resolve("bin/other"));
  }

  @Test
  void searches_where_the_c_library_does_if_there_is_no_path() throws Exception {
    assertThat(find("HOME=/", "sh")).isEqualTo(Path.of("/bin/sh"));
  }

  @Test
  void takes_a_name_with_a_slash_as_it_is() throws Exception {
    program("bin/tool");

    assertThat(find("PATH=/nowhere", "bin/tool")).isEqualTo(folder.resolve("bin/tool"));
    assertThat(find("PATH=/nowhere", "/bin/sh")).isEqualTo(Path.of("/bin/sh"));
  }

  @Test
  void says_what_is_missing() throws Exception {
    assertThat(refusal("PATH=/nowhere", "mkae"))
        .isEqualTo(
            new Refusal(Reason.NOT_FOUND, "no such program: mkae; no folder of PATH has it"));
    assertThat(refusal("PATH=/nowhere", "./mkae"))
        .isEqualTo(new Refusal(Reason.NOT_FOUND, "no such program: " + folder + "/./mkae"));
  }

  @Test
  void says_what_cannot_be_run() throws Exception {
    file("tool");
    Files.createDirectories(folder.resolve("bin"));

    assertThat(refusal("PATH=" + folder, "tool"))
        .isEqualTo(
            new Refusal(
                Reason.NOT_EXECUTABLE, "not executable: " + folder + "/tool; try chmod +x"));
    assertThat(refusal("PATH=/", folder + "/tool"))
        .isEqualTo(
            new Refusal(
                Reason.NOT_EXECUTABLE,
                "not executable: " + folder + "/tool; try chmod +x, or name its interpreter"));
    assertThat(refusal("PATH=/", folder + "/bin"))
        .isEqualTo(
            new Refusal(Reason.NOT_EXECUTABLE, "not a program: " + folder + "/bin is a directory"));
  }

  @Test
  void says_which_words_no_program_can_be_given() throws Exception {
    assertThat(refusal("PATH=/bin", ""))
        .isEqualTo(new Refusal(Reason.INVALID, "the command is an empty word; name a program"));
    assertThat(refusal("PATH=/bin", "sh", "a\0b"))
        .isEqualTo(new Refusal(Reason.INVALID, "argument 1 contains a NUL character"));
    assertThat(refusal("A=\0", "sh"))
        .isEqualTo(new Refusal(Reason.INVALID, "environment variable A contains a NUL character"));
    assertThat(refusal("PATH=/bin", "sh", "x".repeat(131_072)))
        .isEqualTo(
            new Refusal(
                Reason.NOT_EXECUTABLE,
                "argument 1 is 131,072 bytes long; the system allows 131,071: pass it in a file"));
  }

  @Test
  void counts_bytes_not_characters_of_a_long_argument() throws Exception {
    assertThat(find("PATH=/bin", "sh", "x".repeat(131_071))).isEqualTo(Path.of("/bin/sh"));
    assertThat(find("PATH=/bin", "sh", "ü".repeat(65_535))).isEqualTo(Path.of("/bin/sh"));
    assertThat(refusal("PATH=/bin", "sh", "ü".repeat(65_536)).reason())
        .isEqualTo(Reason.NOT_EXECUTABLE);
  }

  @Test
  void says_which_working_directory_is_none() throws Exception {
    var file = file("file");

    assertThat(refusal(new Program(List.of("sh"), List.of(), folder.resolve("gone"))))
        .isEqualTo(
            new Refusal(
                Reason.NO_DIRECTORY,
                "no such working directory: %s/gone; create it or name another".formatted(folder)));
    assertThat(refusal(new Program(List.of("sh"), List.of(), file)))
        .isEqualTo(
            new Refusal(
                Reason.NO_DIRECTORY,
                "not a directory: %s; name a directory to work in".formatted(file)));
  }

  private Path find(String variable, String... words) throws SpawnException {
    return Executables.find(new Program(List.of(words), List.of(variable), folder));
  }

  /// Why and in which words a program was refused.
  private record Refusal(Reason reason, String message) {}

  private Refusal refusal(String variable, String... words) {
    return refusal(new Program(List.of(words), List.of(variable), folder));
  }

  private static Refusal refusal(Program program) {
    var thrown = catchThrowableOfType(SpawnException.class, () -> Executables.find(program));
    return new Refusal(thrown.reason(), thrown.getMessage());
  }

  private Path file(String name) throws IOException {
    var file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, "#!/bin/sh\n");
  }

  private void program(String name) throws IOException {
    Files.setPosixFilePermissions(file(name), PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
