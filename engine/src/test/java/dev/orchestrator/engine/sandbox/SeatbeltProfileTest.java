package dev.orchestrator.engine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeatbeltProfileTest {
  @Test
  void denies_by_default_and_writes_nowhere() {
    var it = of(Level.READ_ONLY, false);

    assertThat(it.text())
        .startsWith("(version 1)\n(deny default)\n")
        .contains("(allow file-read* file-test-existence)")
        .doesNotContain("network", "(allow file-write* ");
    assertThat(it.parameters()).isEmpty();
  }

  @Test
  void protects_names_after_it_allows_their_root() {
    var it = of(Level.WORKSPACE_WRITE, false);

    assertThat(it.text())
        .containsSubsequence(
            "(allow file-write* (subpath (param \"ROOT_0\")))",
            "(deny file-write* (subpath (param \"PROTECTED_1\")))",
            "(deny file-write* (subpath (param \"PROTECTED_6\")))");
    assertThat(it.parameters())
        .containsEntry("ROOT_0", Path.of("/ws"))
        .containsEntry("PROTECTED_1", Path.of("/ws/.git"));
  }

  @Test
  void closes_the_orchestrators_own_folders_last() {
    var confinement =
        new Confinement(
            Level.WORKSPACE_WRITE,
            List.of(Path.of("/ws")),
            List.of(new Opening.WritablePath(Path.of("/home"))),
            false,
            List.of(Path.of("/home/ours")));

    assertThat(SeatbeltProfile.of(confinement).text())
        .endsWith("(deny file-read* file-write* (subpath (param \"CLOSED_8\")))\n");
  }

  @Test
  void takes_no_path_for_a_rule() {
    var evil = Path.of("/ws\") (allow default) (\"");
    var confinement =
        new Confinement(Level.WORKSPACE_WRITE, List.of(evil), List.of(), false, List.of());

    var it = SeatbeltProfile.of(confinement);

    assertThat(it.text()).doesNotContain("allow default");
    assertThat(it.options()).contains("-D", "ROOT_0=" + evil);
  }

  @Test
  void opens_one_socket_localhost_or_everything() {
    assertThat(of(Level.READ_ONLY, false, new Opening.UnixSocket(Path.of("/run/s"))).text())
        .contains("(allow network-outbound (literal (param \"SOCKET_0\")))");
    assertThat(of(Level.READ_ONLY, false, new Opening.Localhost()).text())
        .contains("(allow network-outbound (remote ip \"localhost:*\"))");
    assertThat(of(Level.READ_ONLY, true).text()).contains("(allow network*)");
  }

  private static SeatbeltProfile of(Level level, boolean network, Opening... openings) {
    return SeatbeltProfile.of(
        new Confinement(level, List.of(Path.of("/ws")), List.of(openings), network, List.of()));
  }
}
