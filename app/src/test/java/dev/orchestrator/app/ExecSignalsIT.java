package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.app.Program.Input;
import dev.orchestrator.engine.model.ScriptedModelServer;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A turn that is cut short ends in order, leaves nothing running, and goes on where it was.
@Execution(ExecutionMode.CONCURRENT)
class ExecSignalsIT {
  private static final Duration AT_MOST = Duration.ofSeconds(5);
  private static final Answer DONE = ScriptedModelServer.items(ScriptedModelServer.message("done"));

  @TempDir Path folder;

  /// A number, fit for `sleep`, that no other process has in its command line.
  private final String mark = "87654." + ThreadLocalRandom.current().nextInt(1_000_000_000);

  /// Starts a turn that comes to wait for something.
  private Running started(ExecProgram exec, String moment, String... words) throws Exception {
    switch (moment) {
      case "model" -> exec.server().then(ScriptedModelServer.nothing());
      case "command" ->
          exec.server()
              .then(
                  ScriptedModelServer.items(
                      ScriptedModelServer.message("I begin"),
                      ExecProgram.shell("c1", "echo begun; sleep " + mark),
                      ExecProgram.shell("c2", "setsid sleep %s & echo away".formatted(mark)),
                      ExecProgram.shell("c3", "echo finished-$((1 + 1))")));
      default ->
          exec.server().then(ScriptedModelServer.items(ExecProgram.shell("c1", "rm -rf /srv/x")));
    }
    var running = exec.start(new Input("", true), words);
    switch (moment) {
      case "model" -> Waiting.until("a request", () -> !exec.server().requests().isEmpty());
      case "command" -> {
        Waiting.until("two", () -> ProcTable.with("sleep " + mark).size() >= 2);
        running.awaitOut("\"aggregated_output\":\"finished-2");
      }
      default -> running.awaitOut("approval.requested");
    }
    return running;
  }

  private void awaitNobody() throws Exception {
    Waiting.until("the end of everything", AT_MOST, () -> ProcTable.with(mark).isEmpty());
  }

  @ParameterizedTest
  @CsvSource({"INT, command, 130", "TERM, question, 143", "HUP, model, 129"})
  void a_signal_ends_the_turn_in_order(String signal, String moment, int code) throws Exception {
    endBy(signal, moment, code);
  }

  @Tag("slow")
  @ParameterizedTest
  @CsvSource({"INT, model, 130", "INT, question, 130", "TERM, command, 143"})
  void any_other_signal_ends_the_turn_in_order(String signal, String moment, int code)
      throws Exception {
    endBy(signal, moment, code);
  }

  private void endBy(String signal, String moment, int code) throws Exception {
    try (var exec = ExecProgram.in(folder)) {
      var running = started(exec, moment, "--full-auto", "--json=full", "--approvals=stdio", "go");

      Running.signal(signal, running.launcher());

      awaitNobody();
      var ended = running.end();
      assertThat(ended.code()).as(ended.out() + ended.err()).isEqualTo(code);
      requireOrder(ended.facts());
      assertThat(ended.facts().the("turn.failed").at("/error/message").asString())
          .isEqualTo("stopped by SIG" + signal);
      assertThat(ended.facts().summary().path("outcome").asString()).isEqualTo("interrupted");
      assertThat(ended.facts().summary().path("survivors")).isEmpty();
      requireResumable(exec, moment);
      if (moment.equals("command")) {
        // What a call has said before the others were cut short is not lost.
        assertThat(exec.server().requests().getLast().body()).contains("finished-2");
      }
    }
  }

  @Test
  void a_signal_is_code_1_for_a_reader_of_codex_lines() throws Exception {
    try (var exec = ExecProgram.in(folder)) {
      var running = started(exec, "command", "--json", "go");

      Running.signal("INT", running.launcher());

      awaitNobody();
      var ended = running.end();
      assertThat(ended.code()).isEqualTo(1);
      requireOrder(ended.facts());
      assertThat(ended.facts().types()).last().isEqualTo("turn.failed");
    }
  }

  @Test
  void a_timeout_ends_the_turn_in_order() throws Exception {
    try (var exec = ExecProgram.in(folder)) {
      var running = started(exec, "command", "--json=full", "--timeout", "3s", "go");

      var ended = running.end();

      awaitNobody();
      assertThat(ended.code()).isEqualTo(16);
      requireOrder(ended.facts());
      assertThat(ended.facts().the("turn.failed").at("/error/message").asString())
          .isEqualTo("timed out after 3 s");
      requireResumable(exec, "command");
    }
  }

  /// Every item that was started is completed, and the turn's end comes after all of them.
  private static void requireOrder(Facts facts) {
    var open = new HashSet<String>();
    for (var it : facts.all()) {
      var id = it.at("/item/id").asString("");
      switch (it.path("type").asString()) {
        case "item.started" -> open.add(id);
        case "item.completed" -> open.remove(id);
        case "turn.failed" -> assertThat(open).as("items that were not completed").isEmpty();
        default -> {}
      }
    }
    assertThat(facts.all("turn.failed")).hasSize(1);
  }

  /// What the next request says has everything that was said, and an output for every call.
  private static void requireResumable(ExecProgram exec, String moment) throws Exception {
    exec.server().then(DONE);
    var ended = exec.exec("resume", "--last", "--json", "and now");
    assertThat(ended.code()).as(ended.out() + ended.err()).isZero();
    var body = exec.server().requests().getLast().body();
    assertThat(body).contains("\"text\":\"go\"", "\"text\":\"and now\"");
    if (moment.equals("command")) {
      assertThat(body).contains("I begin");
    }
    var calls = new HashSet<Object>();
    var outputs = new HashSet<Object>();
    for (var it : (List<?>) exec.server().requests().getLast().json().get("input")) {
      var item = (Map<?, ?>) it;
      switch (String.valueOf(item.get("type"))) {
        case "function_call" -> calls.add(item.get("call_id"));
        case "function_call_output" -> outputs.add(item.get("call_id"));
        default -> {}
      }
    }
    assertThat(outputs).isEqualTo(calls);
    assertThat(calls).hasSize(moment.equals("model") ? 0 : moment.equals("command") ? 3 : 1);
  }

  @Test
  void what_a_run_killed_at_a_command_has_kept_can_be_read_and_goes_on() throws Exception {
    kill("command");
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(strings = {"model", "question"})
  void what_a_run_killed_elsewhere_has_kept_can_be_read_and_goes_on(String moment)
      throws Exception {
    kill(moment);
  }

  private void kill(String moment) throws Exception {
    try (var exec = ExecProgram.in(folder)) {
      var running = started(exec, moment, "--full-auto", "--json=full", "--approvals=stdio", "go");

      Running.signal("KILL", running.java());

      awaitNobody();
      assertThat(running.end().code()).isEqualTo(137);
      var record = RunRecord.only(exec.runs());
      assertThat(record.journal().types()).contains("run.started", "turn.started");
      assertThat(record.manifest().path("status").asString()).isEqualTo("killed");
      requireResumable(exec, moment);
    }
  }

  /// What a sandbox has put into the workspace to protect names that are not there.
  private static List<Path> guards(ExecProgram exec) throws IOException {
    try (var files = Files.list(exec.workspace())) {
      return files.filter(it -> !it.endsWith(".git")).toList();
    }
  }

  @Test
  void a_reader_that_goes_away_ends_the_turn() throws Exception {
    try (var exec = ExecProgram.in(folder)) {
      exec.server().then(ScriptedModelServer.items(ExecProgram.shell("c1", "sleep " + mark)));

      var ended = exec.script("\"$@\" | head -1; echo ${PIPESTATUS[0]}", "--json", "go");

      awaitNobody();
      assertThat(ended.out()).startsWith("{\"type\":\"thread.started\"").endsWith("\n1\n");
      assertThat(guards(exec)).isEmpty();
    }
  }

  @Test
  void a_second_process_is_told_who_has_the_thread() throws Exception {
    try (var exec = ExecProgram.in(folder)) {
      var first = started(exec, "model", "--json", "go");

      var second = exec.exec("resume", "--last", "me too");

      assertThat(second.code()).isEqualTo(1);
      assertThat(second.out()).isEmpty();
      assertThat(second.err())
          .contains("is in use by another process; wait until that ends, or fork the thread")
          .hasLineCount(1);
      Running.signal("TERM", first.launcher());
      // As for Codex, whom this signal kills.
      assertThat(first.end().code()).isEqualTo(143);
    }
  }
}
