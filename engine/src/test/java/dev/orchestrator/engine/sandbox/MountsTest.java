package dev.orchestrator.engine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Mounts.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MountsTest {
  @TempDir Path folder;

  /// In a folder that is hidden there is nothing to mount on, and nothing to hide.
  @Test
  void hides_what_is_inside_a_hidden_folder_with_it() throws Exception {
    var home = Files.createDirectory(folder.toRealPath().resolve("home"));
    var inner = Files.createDirectory(home.resolve("codex"));
    var cwd = Files.createDirectory(folder.toRealPath().resolve("shop"));
    var confinement =
        new Confinement(Level.READ_ONLY, List.of(), List.of(), false, List.of(home, inner));

    try (var guards = new Guards()) {
      assertThat(Mounts.of(confinement, cwd, guards)).hasSize(1).containsEntry(home, Kind.HIDDEN);
    }
  }
}
