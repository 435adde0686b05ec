package dev.orchestrator.engine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BubblewrapTrialTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted | network-namespace
          bwrap: No permissions to create new namespace, likely because the kernel does not allow it | user-namespace
          bwrap: Creating new namespace failed: Operation not permitted | user-namespace
          bwrap: setting up uid map: Permission denied | user-namespace
          bwrap: Can't mount proc on /newroot/proc: Operation not permitted | mounts
          """)
  void names_what_bubblewrap_cannot_do_here(String complaint, String ability) {
    var it = BubblewrapTrial.blame(complaint);

    assertThat(it.name()).isEqualTo(ability);
    assertThat(it.works()).isFalse();
    assertThat(it.detail()).startsWith(complaint);
  }

  @Test
  void goes_without_what_older_tools_lack() {
    var env = Optional.of(Path.of("/usr/bin/env"));
    var full = new BubblewrapSandbox(Path.of("/usr/bin/bwrap"), env, true);

    assertThat(BubblewrapTrial.without(full, "bwrap: Unknown option --disable-userns"))
        .contains(new BubblewrapSandbox(full.program(), env, false));
    assertThat(BubblewrapTrial.without(full, "env: unrecognized option: ignore-signal=INT"))
        .contains(new BubblewrapSandbox(full.program(), Optional.empty(), true));
    assertThat(BubblewrapTrial.without(full, "bwrap: Creating new namespace failed")).isEmpty();
  }
}
