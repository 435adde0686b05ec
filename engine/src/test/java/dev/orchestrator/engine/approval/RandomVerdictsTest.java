package dev.orchestrator.engine.approval;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.Decision;
import dev.orchestrator.engine.plan.Scripts;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Verdicts about scripts that nobody would write.
class RandomVerdictsTest {
  private static final List<Policy> POLICIES =
      List.of(
          new Policy.Untrusted(),
          new Policy.OnFailure(),
          new Policy.OnRequest(),
          new Policy.Never(),
          new Policy.Granular(true, false, false));

  @TempDir Path folder;
  private Workshop workshop;

  @BeforeEach
  void workshop() throws IOException {
    workshop = new Workshop(folder).rules("forbidden rm", "prompt git push", "allow echo");
  }

  @Test
  void are_never_more_permissive_than_asking_when_the_script_is_not_understood()
      throws IOException {
    judgeFor(Duration.ofSeconds(1), 20261122);
  }

  @Test
  @Tag("slow")
  void are_never_more_permissive_than_asking_for_a_minute() throws IOException {
    judgeFor(Duration.ofMinutes(1), System.nanoTime());
  }

  private void judgeFor(Duration time, long seed) throws IOException {
    var scripts = new Scripts(seed);
    var end = System.nanoTime() + time.toNanos();
    var opaque = 0;
    while (System.nanoTime() < end) {
      opaque += judge(scripts.noise(), seed) + judge(scripts.next(), seed);
    }
    assertThat(opaque).as("scripts that were not understood").isPositive();
  }

  /// @return 1 if the script was not understood
  private int judge(String script, long seed) throws IOException {
    var subject = workshop.shell(script);
    var forbidden =
        subject.plan().commands().stream()
            .anyMatch(it ->
                !it.words().isEmpty()
                    && it.words().getFirst().isLiteral()
                    && it.words().getFirst().text().equals("rm"));
    for (var level : List.of(Level.WORKSPACE_WRITE, Level.DANGER_FULL_ACCESS)) {
      for (var policy : POLICIES) {
        var decision = workshop.at(level).under(policy).judge().judge(subject).decision();
        var what = "seed %d, %s, %s: %s".formatted(seed, level, policy, script);
        if (subject.plan().isOpaque()) {
          assertThat(decision).as(what).isNotEqualTo(Decision.RUN);
        }
        if (forbidden) {
          assertThat(decision).as(what).isEqualTo(Decision.REFUSE);
        }
        if (policy instanceof Policy.Never) {
          assertThat(decision).as(what).isNotEqualTo(Decision.ASK);
        }
      }
    }
    return subject.plan().isOpaque() ? 1 : 0;
  }
}
