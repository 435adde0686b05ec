package dev.orchestrator.engine.patch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.patch.PatchProgram.Ended;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// What Codex's own program was seen to do with a hundred patches.
class PatchCorpusTest {
  private static final String CASES = "/corpus/apply-patch/cases.json";

  @TempDir private Path folder;

  /// @param name what is special about it
  record Case(
      String name,
      Map<String, String> files,
      String patch,
      Ended ended,
      Map<String, String> after) {
    @Override
    public String toString() {
      return name;
    }
  }

  static List<Case> cases() throws IOException {
    var cases = new ArrayList<Case>();
    try (InputStream in =
        Objects.requireNonNull(PatchCorpusTest.class.getResourceAsStream(CASES))) {
      for (var it : new ObjectMapper().readTree(in)) {
        var ended =
            new Ended(
                it.path("exit_code").asInt(),
                it.path("stdout").asString(),
                it.path("stderr").asString());
        cases.add(
            new Case(
                it.path("name").asString(),
                texts(it.path("files")),
                it.path("patch").asString(),
                ended,
                texts(it.path("after"))));
      }
    }
    return cases;
  }

  private static Map<String, String> texts(JsonNode object) {
    var texts = new TreeMap<String, String>();
    object.properties().forEach(it -> texts.put(it.getKey(), it.getValue().asString()));
    return texts;
  }

  @ParameterizedTest
  @MethodSource("cases")
  void program_does_as_it_was_seen(Case it) throws Exception {
    Trees.make(folder, it.files);

    assertThat(PatchProgram.run(it.patch, folder)).isEqualTo(it.ended);

    assertThat(Trees.read(folder)).isEqualTo(it.after);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void plan_does_all_of_it_or_nothing(Case it) throws Exception {
    Trees.make(folder, it.files);

    if (it.ended.exitCode() == 0) {
      var plan = PatchPlan.of(Patch.parse(it.patch), folder);
      assertThat(Trees.read(folder)).isEqualTo(it.files);
      assertThat(plan.apply().text()).isEqualTo(it.ended.out());
      assertThat(Trees.read(folder)).isEqualTo(it.after);
    } else {
      assertThatThrownBy(() -> PatchPlan.of(Patch.parse(it.patch), folder))
          .isInstanceOf(PatchException.class);
      assertThat(Trees.read(folder)).isEqualTo(it.files);
    }
  }
}
