package dev.orchestrator.engine.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.Event.OutputAppended;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.ReaderPace;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.exec.Session;
import dev.orchestrator.engine.exec.SessionSpec;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.exec.Tree;
import dev.orchestrator.engine.exec.Tree.Step;
import dev.orchestrator.engine.exec.terminal.Terminals;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.testing.RecordingSink;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Held commands in real sessions.
@Timeout(60)
class SandboxedSessionTest {
  private static final long SPOOL_BYTES = 1 << 20;

  @TempDir Path folder;
  private final Tree tree = Tree.adopting("sandbox-" + UUID.randomUUID());

  @AfterEach
  void nothing_is_left() {
    assertThat(tree.endAll(Step.KILL).killed()).isEmpty();
    assertThat(Processes.children()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"bubblewrap, native", "bubblewrap, pty4j", "landlock, native", "landlock, pty4j"})
  void have_their_terminal(String backend, String terminals) throws Exception {
    var it = run(backend, terminals, "tty; stty size </dev/tty");

    assertThat(it.output().lines().skip(1)).startsWith("50 132");
    assertThat(it.output()).startsWith("/dev/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void have_job_control(String backend) throws Exception {
    var it =
        run(
            backend,
            "native",
            "bash -ic 'sleep 30 & jobs -l | grep -c Running; kill %1; echo end'");

    assertThat(it.output()).contains("1\r\n").contains("end\r\n").doesNotContain("no job control");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void make_terminals_of_their_own(String backend) throws Exception {
    var it = run(backend, "native", "script -qec 'echo on $(tty)' /dev/null");

    assertThat(it.output()).contains("on /dev/pts/");
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void deal_with_an_interrupt_themselves(String backend) throws Exception {
    var prison = Prison.of(backend, folder);
    var launch = prison.sandbox().launch(prison.workspaceWrite(), true);
    var up = new CountDownLatch(1);
    EventSink sink =
        fact -> {
          if (fact instanceof OutputAppended) {
            up.countDown();
          }
        };
    var session =
        start(prison, launch, "native", "trap 'echo caught; exit 5' INT; echo up; read x", sink);
    up.await();

    session.write("\003".getBytes(StandardCharsets.UTF_8));
    var ended = session.await();
    launch.close();

    assertThat(ended.output()).contains("caught");
    assertThat(ended.fact().exit().shellCode()).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void leave_nothing_behind(String backend) throws Exception {
    run(backend, "native", "setsid sleep 61 >/dev/null 2>&1 & echo started");

    assertThat(Processes.children()).isEmpty();
  }

  @Test
  void leave_nothing_behind_in_a_bubblewrap_whatever_it_does() throws Exception {
    run(
        "bubblewrap",
        "native",
        "env -i setsid sh -c 'sleep 62 & sleep 63' >/dev/null 2>&1 & echo started");

    assertThat(Processes.children()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"bubblewrap", "landlock"})
  void end_when_they_are_ended(String backend) throws Exception {
    var prison = Prison.of(backend, folder);
    try (var launch = prison.sandbox().launch(prison.workspaceWrite(), true)) {
      var session =
          start(prison, launch, "native", "trap '' TERM INT; sleep 60 & wait", new RecordingSink());

      session.end(Step.KILL);

      assertThat(session.await().fact().exit().shellCode()).isEqualTo(137);
    }
  }

  private Session.Ended run(String backend, String terminals, String script) throws Exception {
    var prison = Prison.of(backend, folder);
    try (var launch = prison.sandbox().launch(prison.workspaceWrite(), true)) {
      return start(prison, launch, terminals, script, new RecordingSink()).await();
    }
  }

  private Session start(
      Prison prison, ConfinedLaunch launch, String terminals, String script, EventSink sink)
      throws Exception {
    var sessions =
        new Sessions(
            sink,
            ReaderPace.UNLIMITED,
            tree,
            Terminals.choose(terminals),
            folder.resolve("spool-" + UUID.randomUUID()),
            "");
    return sessions.start(
        new SessionSpec(
            new SessionId("s1"),
            null,
            prison.program(script, Map.of()),
            Optional.of(new WindowSize(132, 50)),
            true,
            SPOOL_BYTES,
            Optional.empty(),
            launch,
            null));
  }
}
