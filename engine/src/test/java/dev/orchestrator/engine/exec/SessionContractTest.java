package dev.orchestrator.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.Event.InputRequested;
import dev.orchestrator.engine.event.Exit.Exited;
import dev.orchestrator.engine.event.Exit.Signalled;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.exec.Tree.Step;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.SpawnException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What every kind of session promises, on real processes.
@Timeout(60)
class SessionContractTest {
  @TempDir Path folder;
  private final List<SessionBench> benches = new ArrayList<>();

  @AfterEach
  void nothing_is_left() {
    benches.forEach(it -> assertThat(it.tree().endAll(Step.KILL).killed()).isEmpty());
    assertThat(Processes.children()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void delivers_short_commands_16_at_a_time(SessionBench.Kind kind) throws Exception {
    delivers(2 * rounds(kind), kind);
  }

  /// Each of pty4j's commands forks this JVM.
  private static int rounds(SessionBench.Kind kind) {
    return kind == SessionBench.Kind.PTY4J_TERMINAL ? 8 : 50;
  }

  /// A thousand forks of a JVM, for pty4j, take a minute on a machine where forks are dear.
  @ParameterizedTest
  @EnumSource
  @Tag("slow")
  @Timeout(180)
  void delivers_1000_short_commands_16_at_a_time(SessionBench.Kind kind) throws Exception {
    delivers(1000, kind);
  }

  private void delivers(int count, SessionBench.Kind kind) throws Exception {
    var bench = bench(kind);
    var before = Processes.openDescriptors().size();
    try (var pool = Executors.newFixedThreadPool(16)) {
      var runs =
          IntStream.range(0, count)
              .<Callable<String>>mapToObj(n ->
                  () -> {
                    var ended = bench.run("echo line-" + n + "; exit " + n % 200);
                    return ended.output().strip() + " " + ended.fact().exit().shellCode();
                  })
              .toList();
      var results = new ArrayList<String>();
      for (var run : pool.invokeAll(runs)) {
        results.add(run.get());
      }

      assertThat(results)
          .isEqualTo(IntStream.range(0, count).mapToObj(n -> "line-" + n + " " + n % 200).toList());
    }
    assertThat(Processes.openDescriptors()).hasSizeLessThanOrEqualTo(before + 2);
  }

  @ParameterizedTest
  @EnumSource
  void tells_a_signal_from_a_code(SessionBench.Kind kind) throws Exception {
    var bench = bench(kind);

    assertThat(bench.run("exit 137").fact().exit()).isEqualTo(new Exited(137));
    assertThat(bench.run("kill -9 $$").fact().exit()).isEqualTo(new Signalled(9, "SIGKILL"));
    assertThat(bench.run("kill -TERM $$").fact().exit()).isEqualTo(new Signalled(15, "SIGTERM"));
    assertThat(bench.run("kill -QUIT $$").fact().exit()).isEqualTo(new Signalled(3, "SIGQUIT"));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PIPES")
  void shows_every_child_the_asked_window(SessionBench.Kind kind) throws Exception {
    var bench = bench(kind).sized(new WindowSize(132, 50));

    for (var round = 0; round < rounds(kind); round++) {
      assertThat(bench.run("stty size </dev/tty").output()).isEqualTo("50 132\r\n");
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PIPES")
  void resizes_a_running_child(SessionBench.Kind kind) throws Exception {
    var bench = bench(kind);
    var session =
        bench.start("trap 'stty size </dev/tty; exit 0' WINCH; echo ready; sleep 30 & wait");
    bench.awaitOutput("ready");

    session.resize(new WindowSize(90, 20));

    assertThat(session.await().output()).contains("20 90");
  }

  @ParameterizedTest
  @EnumSource
  void names_a_bad_directory_and_a_bad_program(SessionBench.Kind kind) throws Exception {
    var bench = bench(kind);
    var plain = Files.writeString(folder.resolve("plain"), "not a program");

    assertThatThrownBy(() -> bench.startProgram(Path.of("/no/such/folder"), "true"))
        .isInstanceOf(SpawnException.class)
        .hasMessage("no such working directory: /no/such/folder; create it or name another");
    assertThatThrownBy(() -> bench.startProgram(folder, "no-such-program-here"))
        .isInstanceOf(SpawnException.class)
        .hasMessage("no such program: no-such-program-here; no folder of PATH has it");
    assertThatThrownBy(() -> bench.startProgram(folder, plain.toString()))
        .isInstanceOf(SpawnException.class)
        .hasMessage("not executable: " + plain + "; try chmod +x, or name its interpreter");
    assertThatThrownBy(() -> bench.startProgram(folder, "echo", "x".repeat(200_000)))
        .isInstanceOf(SpawnException.class)
        .hasMessage(
            "argument 1 is 200,000 bytes long; the system allows 131,071: pass it in a file");
    assertThatThrownBy(() -> bench.startProgram(folder, "echo", "a\0b"))
        .isInstanceOf(SpawnException.class)
        .hasMessage("argument 1 contains a NUL character");
  }

  @ParameterizedTest
  @EnumSource
  void runs_a_script_without_a_first_line(SessionBench.Kind kind) throws Exception {
    var script = Files.writeString(folder.resolve("script"), "echo from $0 $1\n");
    assertThat(script.toFile().setExecutable(true)).isTrue();

    var ended = bench(kind).startProgram(folder, "./script", "word").await();

    assertThat(ended.output().strip()).endsWith("script word");
  }

  @ParameterizedTest
  @EnumSource
  void passes_what_is_typed_and_its_end(SessionBench.Kind kind) throws Exception {
    var session = bench(kind).typing().start("read x; echo got $x; cat");
    session.write("pear\nrest\n".getBytes(StandardCharsets.UTF_8));
    session.closeInput();

    assertThat(session.await().output()).contains("got pear").contains("rest");
    assertThat(session.await().fact().exit()).isEqualTo(new Exited(0));
    assertThat(session.await().fact().used().bytesIn()).isEqualTo(10);
  }

  @ParameterizedTest
  @EnumSource
  void ends_a_reader_at_once_when_nobody_types(SessionBench.Kind kind) throws Exception {
    assertThat(bench(kind).run("cat; echo over").output().strip()).isEqualTo("over");
  }

  @ParameterizedTest
  @EnumSource
  void interrupts(SessionBench.Kind kind) throws Exception {
    var bench = bench(kind);
    var session = bench.start("trap 'echo caught; exit 7' INT; echo ready; sleep 30 & wait");
    bench.awaitOutput("ready");

    session.interrupt();

    assertThat(session.await().fact().exit()).isEqualTo(new Exited(7));
    assertThat(session.await().output()).contains("caught");
  }

  @ParameterizedTest
  @EnumSource
  void keeps_a_character_whole_that_comes_in_pieces(SessionBench.Kind kind) throws Exception {
    var bench = bench(kind);

    bench.run("printf '\\342'; printf '\\202'; printf '\\254'");

    assertThat(bench.texts()).containsExactly("€");
  }

  @ParameterizedTest
  @EnumSource
  void ends_and_names_what_holds_the_output_open(SessionBench.Kind kind) throws Exception {
    var bench = bench(kind);

    var ended = bench.run("trap '' HUP; sleep 300 & echo started");

    assertThat(ended.fact().exit()).isEqualTo(new Exited(0));
    assertThat(ended.output().strip()).isEqualTo("started");
    assertThat(ended.reaped().killed()).extracting(it -> it.command()).contains("sleep 300");
    assertThat(ended.reaped().survivors()).isEmpty();
    assertThat(ended.fact().heldBy()).extracting(it -> it.command()).contains("sleep 300");
  }

  @ParameterizedTest
  @EnumSource
  void lets_a_late_writer_finish(SessionBench.Kind kind) throws Exception {
    var trapped = "trap '' HUP; ";
    assertThat(bench(kind).run(trapped + "(sleep 0.3; echo late) & echo early").output())
        .contains("early")
        .contains("late");
  }

  @ParameterizedTest
  @EnumSource
  void ends_whoever_tries_to_escape(SessionBench.Kind kind) throws Exception {
    var bench = bench(kind);
    var session =
        bench.start(
            """
            trap '' INT TERM HUP
            setsid sleep 301 &
            (setsid sh -c 'trap "" TERM HUP INT; exec sleep 302' >/dev/null 2>&1 </dev/null &)
            env -i PATH="$PATH" setsid sleep 303 >/dev/null 2>&1 &
            (env -i PATH="$PATH" setsid sleep 304 >/dev/null 2>&1 &)
            sh -c 'sleep 305 & kill -STOP $$' &
            while ! pgrep -f 'sleep 305' >/dev/null; do :; done
            echo ready; sleep 306
            """);
    bench.awaitOutput("ready");

    var reaped = session.end(Step.INTERRUPT);
    var swept = bench.tree().endAll(Step.KILL);

    assertThat(reaped.survivors()).isEmpty();
    assertThat(swept.survivors()).isEmpty();
    assertThat(session.await(Duration.ofSeconds(5))).isPresent();
    assertThat(Processes.all())
        .noneMatch(it -> Processes.command(it.pid()).matches("sleep 30[1-6]"));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "PIPES")
  void notices_who_asks_for_a_password(SessionBench.Kind kind) throws Exception {
    var bench = bench(kind).typing();
    var session =
        bench.start("stty -echo </dev/tty; printf 'Password: '; read x; echo; echo ok $x");

    var asked = bench.await(InputRequested.class);
    session.write("secret\n".getBytes(StandardCharsets.UTF_8));

    assertThat(asked.prompt()).isEqualTo("Password:");
    assertThat(asked.secret()).isTrue();
    assertThat(session.await().output()).contains("ok secret");
  }

  private SessionBench bench(SessionBench.Kind kind) {
    var bench = new SessionBench(kind, folder);
    benches.add(bench);
    return bench;
  }
}
