package dev.orchestrator.engine.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.testing.Timing;
import dev.orchestrator.engine.testing.Timing.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a verdict costs, with two hundred answers remembered.
class JudgeCostTest {
  private static final int STEPS = 2000;

  @TempDir private Path folder;

  @Test
  void is_far_below_a_millisecond() throws Exception {
    var shop = new Workshop(folder);
    for (var i = 0; i < 200; i++) {
      shop.grants()
          .add(
              shop.yes(
                  new Cover.Shape(List.of("program" + i, "*")),
                  Scope.WORKSPACE,
                  Level.WORKSPACE_WRITE));
    }
    var scripts =
        List.of("git status", "npm test 2>&1 | tail -5", "cd sub && make all", "cat a | grep b");
    var calls = scripts.stream().map(shop::shell).toList();
    var judge = shop.judge();
    var judging = p95(i -> assertThat(judge.judge(calls.get(i % calls.size()))).isNotNull());
    var planning = p95(i -> assertThat(shop.shell(scripts.get(i % scripts.size()))).isNotNull());

    System.getLogger("figures")
        .log(
            System.Logger.Level.INFO,
            "p95 of judging {0} µs, of planning {1} µs",
            judging.toNanos() / 1000,
            planning.toNanos() / 1000);
    assertThat(judging).isLessThan(Duration.ofMillis(5));
  }

  private static Duration p95(Step step) throws IOException {
    Timing.sortedNanos(STEPS, step);
    return Duration.ofNanos(Timing.sortedNanos(STEPS, step)[STEPS * 95 / 100]);
  }
}
