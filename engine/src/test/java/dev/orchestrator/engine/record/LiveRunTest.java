package dev.orchestrator.engine.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.Processes.Snapshot;
import dev.orchestrator.engine.record.LiveRun.Identity;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveRunTest {
  private static final RunId RUN = new RunId("r1");
  private static final Identity SELF = Identity.of(Processes.self());
  private static final Identity GONE = new Identity(Integer.MAX_VALUE, 1);
  private static final Identity REUSED = new Identity(SELF.pid(), SELF.startTicks() + 1);

  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void inNewFolder() {
    file = folder.resolve("live").resolve("r1");
  }

  @Test
  void is_read_as_it_was_written() throws Exception {
    var run =
        new LiveRun(
            RUN,
            "boot",
            new Identity(4711, 99),
            1L << 61,
            List.of(new Identity(4712, 100), new Identity(4713, 101)),
            Path.of("/runs/r1"));
    run.write(file);

    assertThat(file)
        .hasContent(
            "{\"run\":\"r1\",\"boot\":\"boot\",\"pid\":4711,\"start\":99,\"limit_mark\":2305843009213693952,"
                + "\"children\":[[4712,100],[4713,101]],\"folder\":\"/runs/r1\"}");
    assertThat(LiveRun.read(file)).isEqualTo(run);
  }

  @Test
  void may_have_neither_children_nor_folder() throws Exception {
    var run = new LiveRun(RUN, "boot", SELF, 7, List.of(), null);
    run.write(file);

    assertThat(LiveRun.read(file)).isEqualTo(run);
  }

  @Test
  void is_alive_while_its_orchestrator_is() {
    assertThat(of(SELF).isDead()).isFalse();
  }

  @Test
  void is_dead_when_its_orchestrator_has_ended() {
    assertThat(of(GONE).isDead()).isTrue();
  }

  @Test
  void is_dead_when_another_process_has_its_number() {
    assertThat(of(REUSED).isDead()).isTrue();
  }

  @Test
  void is_dead_after_the_system_was_started_again() {
    var run = new LiveRun(RUN, "another boot", SELF, 0, List.of(SELF), null);

    assertThat(run.isDead()).isTrue();
    assertThat(run.left()).isEmpty();
  }

  @Test
  void knows_which_of_its_processes_are_left() {
    var run = new LiveRun(RUN, Processes.bootId(), GONE, 0, List.of(GONE, SELF, REUSED), null);

    assertThat(run.left()).extracting(Snapshot::pid).containsExactly(SELF.pid());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[]",
        "{}",
        "{\"run\":\"\",\"boot\":\"b\",\"pid\":1,\"start\":1}",
        "{\"run\":\"r1\",\"pid\":1,\"start\":1}",
        "{\"run\":\"r1\",\"boot\":\"b\",\"pid\":\"1\",\"start\":1}",
        "{\"run\":\"r1\",\"boot\":\"b\",\"pid\":1}",
        "{\"run\":\"r1\",\"boot\":\"b\",\"pid\":1,\"start\":1,\"children\":[[1,null]]}"
      })
  void is_not_read_from_what_is_no_note(String text) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);

    assertThatThrownBy(() -> LiveRun.read(file)).isInstanceOf(IOException.class);
  }

  @Test
  void is_found_with_all_others_but_not_with_drafts() throws Exception {
    of(SELF).write(file);
    of(SELF).write(file.resolveSibling("r2"));
    Files.writeString(file.resolveSibling(".r3.4711"), "{");

    assertThat(LiveRun.all(file.getParent()))
        .containsExactlyInAnyOrder(file, file.resolveSibling("r2"));
    assertThat(LiveRun.all(folder.resolve("none"))).isEmpty();
  }

  @Test
  void is_noted_while_it_is_under_way_and_no_longer() throws Exception {
    try (var note = new LiveNote(Optional.of(file), RUN, 7, folder)) {
      assertThat(LiveRun.read(file)).isEqualTo(noted(List.of()));
      note.update(List.of(Processes.self()));
      assertThat(LiveRun.read(file)).isEqualTo(noted(List.of(SELF)));
    }

    assertThat(file).doesNotExist();
  }

  @Test
  void is_written_again_only_when_its_processes_change() throws Exception {
    try (var note = new LiveNote(Optional.of(file), RUN, 7, folder)) {
      note.update(List.of(Processes.self()));
      Files.delete(file);
      note.update(List.of(Processes.self()));

      assertThat(file).doesNotExist();
    }
  }

  @Test
  void is_done_without_where_no_note_can_be_left() throws Exception {
    Files.writeString(folder.resolve("live"), "a file");

    try (var unwritable = new LiveNote(Optional.of(file), RUN, 7, null);
        var none = new LiveNote(Optional.empty(), RUN, 7, null)) {
      unwritable.update(List.of(Processes.self()));
      none.update(List.of(Processes.self()));
    }

    assertThat(folder.resolve("live")).hasContent("a file");
  }

  private LiveRun noted(List<Identity> children) {
    return new LiveRun(RUN, Processes.bootId(), SELF, 7, children, folder);
  }

  private static LiveRun of(Identity orchestrator) {
    return new LiveRun(RUN, Processes.bootId(), orchestrator, 7, List.of(), null);
  }
}
