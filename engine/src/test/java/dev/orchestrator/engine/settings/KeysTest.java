package dev.orchestrator.engine.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class KeysTest {
  @Test
  void stand_in_the_documentation_as_they_are_known() throws Exception {
    assertThat(Files.readString(Path.of("../docs/config.md")))
        .as("docs/config.md has this table:\n%s", Settings.documentation())
        .contains(Settings.documentation());
  }

  @Test
  void have_defaults_of_their_own_kind() {
    for (var key : Keys.all()) {
      var preset = key.preset();
      if (preset != null) {
        assertThat(key.accept(preset, Path.of("/"), Path.of("/"))).as(key.text()).isEqualTo(preset);
      }
    }
  }

  @Test
  void are_known_once() {
    var seen = new HashSet<String>();

    assertThat(Keys.all()).hasSizeGreaterThan(120).allMatch(it -> seen.add(it.text()));
  }

  @Test
  void have_an_order_if_a_project_may_tighten_them() {
    assertThat(Keys.all()).allMatch(Tightening::hasOrder);
  }
}
