package dev.orchestrator.engine.posix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.posix.Processes.Snapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProcessesTest {
  @TempDir private Path folder;

  @Test
  void knows_its_own() throws Exception {
    var self = Processes.self();

    assertThat(self.pid()).isEqualTo(ProcessHandle.current().pid());
    assertThat(self.isSame()).isTrue();
    assertThat(self.isEnded()).isFalse();
    assertThat(Processes.all()).extracting(Snapshot::pid).contains(self.pid());
    assertThat(Processes.ownCommandLine().getFirst()).endsWith("java");
    assertThat(Processes.ownEnvironment()).anyMatch(it -> it.startsWith("PATH="));
    assertThat(Posix.ownPeakMemoryBytes()).isGreaterThan(1 << 20);
    assertThat(Processes.bootId()).hasSize(36).isEqualTo(Processes.bootId());
    assertThat(Processes.openDescriptors()).contains(0, 1, 2);
  }

  @Test
  void describes_a_child_whatever_its_name() throws Exception {
    var name = ") R 1 (odd name";
    var program =
        Files.copy(
            realPathOf("/bin/sleep"), folder.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
    var child = started(new ProcessBuilder(program.toString(), "1000"), "MARK", "grün");
    try {
      var seen = Processes.find(child.pid()).orElseThrow();

      assertThat(seen.parent()).isEqualTo(ProcessHandle.current().pid());
      assertThat(seen.group()).isEqualTo(Processes.self().group());
      assertThat(seen.startTicks()).isGreaterThanOrEqualTo(Processes.self().startTicks());
      assertThat(seen.isSame()).isTrue();
      assertThat(Processes.children()).contains(child.pid());
      assertThat(Processes.command(child.pid())).isEqualTo(program + " 1000");
      assertThat(Processes.variable(child.pid(), "MARK")).contains("grün");
      assertThat(Processes.variable(child.pid(), "MAR")).isEmpty();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void knows_one_no_longer_after_it_has_ended() throws Exception {
    var child = started(new ProcessBuilder("sleep", "1000"), "A", "1");
    var seen = Processes.find(child.pid()).orElseThrow();
    child.destroyForcibly().waitFor();

    assertThat(Processes.find(child.pid())).isEmpty();
    assertThat(seen.isSame()).isFalse();
    assertThat(Processes.variable(child.pid(), "A")).isEmpty();
    assertThat(Processes.command(child.pid())).isEqualTo("?");
    assertThat(Processes.holds(child.pid(), "pipe:[1]")).isFalse();
  }

  @Test
  void shortens_a_long_command_line() throws Exception {
    // Starts nothing of its own, which would be left behind.
    var child = started(new ProcessBuilder("sh", "-c", "read x; :", "x".repeat(500)), "A", "1");
    try {
      assertThat(Processes.command(child.pid()))
          .hasSize(201)
          .startsWith("sh -c read x; : xxx")
          .endsWith("x…");
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void sees_who_holds_a_file_open() throws Exception {
    var file = Files.createFile(folder.resolve("held")).toRealPath();
    var child =
        started(new ProcessBuilder("sleep", "1000").redirectOutput(file.toFile()), "A", "1");
    try {
      assertThat(Processes.holds(child.pid(), file.toString())).isTrue();
      assertThat(Processes.holds(ProcessHandle.current().pid(), file.toString())).isFalse();
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void says_nothing_about_a_process_that_was_never_there() {
    assertThat(Processes.find(Integer.MAX_VALUE)).isEmpty();
    assertThat(new Snapshot(Integer.MAX_VALUE, 1, 1, 1, 'S', 1, 0).isSame()).isFalse();
  }

  @Test
  void tells_ended_ones_by_their_state() {
    assertThat(List.of('R', 'S', 'D', 'T').stream().map(ProcessesTest::inState))
        .noneMatch(Snapshot::isEnded);
    assertThat(List.of('Z', 'X').stream().map(ProcessesTest::inState)).allMatch(Snapshot::isEnded);
  }

  private static Snapshot inState(char state) {
    return new Snapshot(7, 1, 7, 7, state, 100, 0);
  }

  private static Path realPathOf(String program) throws IOException {
    return Path.of(program).toRealPath();
  }

  private static Process started(ProcessBuilder builder, String name, String value)
      throws IOException {
    builder.environment().put(name, value);
    return builder.start();
  }
}
