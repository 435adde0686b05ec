package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.app.Program.Input;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// `orchestrator apply-patch`.
class ApplyPatchTest {
  private static final String ADD = "*** Begin Patch\n*** Add File: ü.txt\n+→ 😀\n*** End Patch";

  @TempDir Path folder;
  private Program program;

  @BeforeEach
  void program() throws IOException {
    program = Program.inside(folder);
  }

  /// Of the cases that the engine does, one of each kind.
  static Stream<JsonNode> cases() throws IOException {
    var names =
        List.of(
            "add in a new folder",
            "add over an existing file",
            "delete a file",
            "delete a folder",
            "update two chunks",
            "anchor not found",
            "typographic dash in the file",
            "crlf file",
            "move over an existing file",
            "later hunk fails after an earlier one applied",
            "unicode",
            "heredoc wrapper",
            "empty patch",
            "no begin",
            "bad line in a chunk");
    var resource = ApplyPatchTest.class.getResourceAsStream("/corpus/apply-patch/cases.json");
    try (var in = Objects.requireNonNull(resource)) {
      var all = new ObjectMapper().readTree(in);
      return all
          .valueStream()
          .filter(it -> names.contains(it.path("name").asString()))
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void does_as_codex_was_seen_to_do(JsonNode it) throws Exception {
    for (var file : it.path("files").properties()) {
      var path = program.directory().resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue().asString());
    }

    var ended = program.call("apply-patch", it.path("patch").asString());

    assertThat(ended.err()).isEqualTo(it.path("stderr").asString());
    assertThat(ended.out()).isEqualTo(it.path("stdout").asString());
    assertThat(ended.code()).isEqualTo(it.path("exit_code").asInt());
    for (var file : it.path("after").properties()) {
      assertThat(program.directory().resolve(file.getKey())).hasContent(file.getValue().asString());
    }
  }

  @Test
  void does_not_read_standard_input_with_an_argument() throws Exception {
    var ended = program.call(Input.forgotten(), "apply-patch", ADD);

    assertThat(ended.code()).as(ended.err()).isZero();
  }

  @Test
  void says_what_is_wrong_with_its_use() throws Exception {
    assertThat(program.call("apply-patch", ADD, "more"))
        .satisfies(it -> assertThat(it.code()).isEqualTo(2))
        .satisfies(it ->
            assertThat(it.err())
                .isEqualTo(
                    "orchestrator: apply-patch: 'more' is not expected; see orchestrator"
                        + " apply-patch --help\n"));
    assertThat(program.call("apply-patch"))
        .satisfies(it -> assertThat(it.code()).isEqualTo(2))
        .satisfies(it -> assertThat(it.err()).contains("standard input is empty"));
    assertThat(program.call("apply-patch", "--help").out()).contains("apply-patch 'PATCH'");
    assertThat(Files.exists(program.directory().resolve("ü.txt"))).isFalse();
  }
}
