package dev.orchestrator.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.Event.ExecEnded;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.exec.Tree.Step;
import dev.orchestrator.engine.exec.terminal.Terminals;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.Program;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The sessions of a run together, on real processes.
@Timeout(60)
class SessionsTest {
  private static final EventSink NOBODY = _ -> {};

  @TempDir Path folder;
  private int started;

  @Test
  void forget_one_that_is_over_and_its_output() throws Exception {
    var sessions = sessions(NOBODY);
    var over = new WeakReference<>(start(sessions, "seq 1 200000"));
    awaitEnd(over);

    assertThat(sessions.running()).isEmpty();
    while (over.get() != null) {
      System.gc();
    }
  }

  private static void awaitEnd(WeakReference<Session> session) throws InterruptedException {
    var it = session.get();
    if (it != null) {
      it.await();
    }
  }

  @Test
  void end_the_oldest_one_when_another_would_be_too_many() throws Exception {
    var sessions = sessions(NOBODY);
    var first = start(sessions, "exec sleep 100");
    var others =
        IntStream.range(1, Sessions.LIMIT)
            .mapToObj(_ -> start(sessions, "exec sleep 100"))
            .toList();
    assertThat(first.isOver()).isFalse();

    var last = start(sessions, "exec sleep 100");

    assertThat(first.await().fact().exit().shellCode()).isEqualTo(128 + 15);
    assertThat(sessions.running()).containsAll(others).contains(last).hasSize(Sessions.LIMIT);
    for (var it : sessions.running()) {
      it.end(Step.KILL);
      it.await();
    }
    assertThat(sessions.running()).isEmpty();
  }

  @Test
  void let_go_whoever_waits_for_one_whose_end_could_not_be_told() throws Exception {
    var sessions =
        sessions(event -> {
          if (event instanceof ExecEnded) {
            throw new AssertionError("a defect");
          }
        });
    var session = start(sessions, "true");

    assertThatThrownBy(session::await)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("a defect hides how session s1");
  }

  private Sessions sessions(EventSink events) {
    return new Sessions(
        events,
        ReaderPace.UNLIMITED,
        Tree.adopting("test-" + UUID.randomUUID()),
        Terminals.choose("native"),
        folder.resolve("spool"),
        "");
  }

  private Session start(Sessions sessions, String script) {
    var spec =
        new SessionSpec(
            new SessionId("s" + ++started),
            null,
            new Program(List.of("sh", "-c", script), List.of("PATH=/usr/bin:/bin"), folder),
            Optional.empty(),
            false,
            Spool.DEFAULT_CAP_BYTES,
            Optional.empty(),
            Launch.PLAIN,
            null);
    try {
      return sessions.start(spec);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
