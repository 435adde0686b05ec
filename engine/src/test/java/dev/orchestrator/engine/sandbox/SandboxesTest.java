package dev.orchestrator.engine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.sandbox.Sandboxes.Surroundings;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SandboxesTest {
  private static final String PATH = "/usr/local/bin:/usr/bin:/bin";

  @Test
  void says_what_it_found() {
    var probe = Sandboxes.probeAll(new Surroundings(PATH, List.of(), ""));

    assertThat(probe.report().backend()).isEqualTo(probe.sandbox().name());
  }

  @Test
  void refuses_a_backend_that_does_not_exist() {
    assertThatThrownBy(() -> Sandboxes.probe(new Surroundings(PATH, List.of(), "docker")))
        .hasMessage(
            "ORCHESTRATOR_SANDBOX_BACKEND is 'docker'; use bubblewrap, landlock or none, or unset"
                + " it");
  }

  @Test
  void takes_no_tool_from_a_folder_that_commands_may_write() {
    var tools = new Tools(new Surroundings("/usr/bin:/bin", List.of(Path.of("/usr")), ""));

    assertThat(tools.find("env")).isEmpty();
  }
}
