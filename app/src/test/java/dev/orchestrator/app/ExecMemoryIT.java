package dev.orchestrator.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.model.ScriptedModelServer;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A turn may run any number of commands, and each may write as much as it likes; so may a model's
/// server.
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class ExecMemoryIT {
  /// Reading a reply at its limits costs some megabytes on top of those of a turn.
  private static final long MOST_KILOBYTES = 80 * 1024;

  private static final int MEGABYTE = 1 << 20;
  private static final String FEW_BREAKS = "model_providers.mock.stream_max_retries=1";
  private static final String FEW_RETRIES = "model_providers.mock.request_max_retries=1";

  @TempDir Path folder;

  @Test
  void forty_commands_that_write_two_megabytes_each_fit_into_memory() throws Exception {
    var ended = run(40, "seq 1 300000");

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.facts().all("item.completed"))
        .hasSize(41)
        .filteredOn(it -> it.at("/item/type").asString().equals("command_execution"))
        .allMatch(it -> it.at("/item/exit_code").asInt() == 0)
        .allMatch(it -> it.at("/item/aggregated_output").asString().endsWith("\n300000\n"));
  }

  @Test
  void fifty_commands_that_go_on_after_two_megabytes_fit_into_memory() throws Exception {
    var ended = run(50, "seq 1 300000; sleep 100", "yield_time_ms", 250);

    assertThat(ended.code()).as(ended.err()).isZero();
    assertThat(ended.facts().all("item.completed"))
        .hasSize(51)
        .filteredOn(it -> it.at("/item/type").asString().equals("command_execution"))
        .allMatch(it -> it.at("/item/aggregated_output").asString().endsWith("\n300000\n"));
  }

  private Running.Ended run(int times, String script, Object... more) throws Exception {
    var answers = new ArrayList<Answer>();
    for (var number = 0; number < times; number++) {
      answers.add(ScriptedModelServer.items(ExecProgram.shell("call_" + number, script, more)));
    }
    answers.add(ScriptedModelServer.items(ScriptedModelServer.message("done")));
    try (var exec = ExecProgram.in(folder, answers.toArray(Answer[]::new))) {
      return exec.exec("--json", "-s", "danger-full-access", "count");
    }
  }

  @Test
  void takes_little_memory_for_100_megabytes_in_one_piece(TestReporter reporter) throws Exception {
    measure(
        out -> {
          out.write(
              ("HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: "
                      + (100L * MEGABYTE)
                      + "\r\n\r\ndata: ")
                  .getBytes(US_ASCII));
          var block = new byte[64 * 1024];
          Arrays.fill(block, (byte) 'x');
          for (var sent = 0L; sent < 100L * MEGABYTE; sent += block.length) {
            out.write(block);
          }
          return false;
        },
        "an event of the reply",
        MOST_KILOBYTES,
        reporter);
  }

  @Test
  void keeps_within_its_heap_with_large_items_without_end(TestReporter reporter) throws Exception {
    var item =
        ScriptedModelServer.event(
            "{\"type\":\"response.output_item.done\",\"item\":"
                + ScriptedModelServer.message("x".repeat(3 * MEGABYTE))
                + "}");
    measure(ScriptedModelServer.endless("", item), "the items of the reply", 140 * 1024, reporter);
  }

  @Test
  void takes_little_memory_for_small_pieces_without_end(TestReporter reporter) throws Exception {
    var delta =
        ScriptedModelServer.event("{\"type\":\"response.output_text.delta\",\"delta\":\"word\"}");
    measure(
        ScriptedModelServer.endless("", delta.repeat(2000)), "the reply", MOST_KILOBYTES, reporter);
  }

  private void measure(Answer answer, String limit, long kilobytes, TestReporter reporter)
      throws Exception {
    try (var exec = ExecProgram.in(folder, answer)) {
      var running = exec.start("-c", FEW_BREAKS, "-c", FEW_RETRIES, "--json=full", "go");
      var java = running.java();
      var peak = new AtomicLong();
      var watch =
          Thread.ofPlatform()
              .daemon()
              .start(() -> {
                for (var now = 0L; now >= 0; now = ProcTable.kilobytes(java, "VmHWM")) {
                  peak.accumulateAndGet(now, Math::max);
                  LockSupport.parkNanos(5_000_000);
                }
              });

      var ended = running.end();

      watch.join();
      reporter.publishEntry("VmHWM " + peak.get() + " kB: " + limit);
      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.facts().the("turn.failed").at("/error/message").asString()).contains(limit);
      assertThat(peak.get()).as("VmHWM in kB").isBetween(1L, kilobytes);
    }
  }
}
