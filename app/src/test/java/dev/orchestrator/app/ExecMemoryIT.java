package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.model.ScriptedModelServer;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// A turn may run any number of commands, and each may write as much as it likes.
@Tag("slow")
@Execution(ExecutionMode.CONCURRENT)
class ExecMemoryIT {
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
}
