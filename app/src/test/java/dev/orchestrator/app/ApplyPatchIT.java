package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.app.Program.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// `orchestrator apply-patch` as a process: its standard input, and bytes that are no text.
@Execution(ExecutionMode.CONCURRENT)
class ApplyPatchIT {
  private static final String ADD = "*** Begin Patch\n*** Add File: ü.txt\n+→ 😀\n*** End Patch";

  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.in(folder);
  }

  @ParameterizedTest
  @MethodSource("standardInput")
  void reads_standard_input_without_an_argument(List<String> words) throws Exception {
    var ended = program.call(Input.of(ADD + "\n"), words.toArray(String[]::new));

    assertThat(ended.out()).isEqualTo("Success. Updated the following files:\nA ü.txt\n");
    assertThat(program.directory().resolve("ü.txt")).hasContent("→ 😀\n");
  }

  static List<List<String>> standardInput() {
    return List.of(List.of("apply-patch"), List.of("apply-patch", "-"));
  }

  @Test
  void takes_no_patch_that_is_not_text() throws Exception {
    var file = folder.resolve("patch");
    Files.write(file, new byte[] {'*', (byte) 0xff});

    var ended =
        program
            .with("FILE", file.toString())
            .script(
                """
                "$1" apply-patch "$(cat "$FILE")"; echo $?
                "$1" apply-patch <"$FILE"; echo $?
                """);

    assertThat(ended.err())
        .isEqualTo(
            """
            Error: apply_patch requires a UTF-8 PATCH argument.
            Error: Failed to read PATCH from stdin.
            it is not valid UTF-8
            """);
    assertThat(ended.out()).isEqualTo("1\n1\n");
  }
}
