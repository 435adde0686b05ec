package dev.orchestrator.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Scripts that nobody would write are read in time and without an exception, or doubted.
class RandomScriptsTest {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final Duration MOST_TIME = Duration.ofSeconds(1);

  @Property(tries = 1000)
  void any_text_is_read(@ForAll @StringLength(max = 200) String text) {
    read(text);
  }

  @Property(tries = 1500)
  void noise_is_read(@ForAll long seed) {
    read(new Scripts(seed).noise());
  }

  @Property(tries = 500)
  void made_up_scripts_are_read(@ForAll long seed) {
    read(new Scripts(seed).next());
  }

  @Test
  @Tag("slow")
  void a_minute_of_noise_is_read() {
    var end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    var scripts = new Scripts(end);
    while (System.nanoTime() < end) {
      read(scripts.noise());
      read(scripts.next());
    }
  }

  @Test
  void scripts_made_to_take_long_are_given_up() {
    for (var script :
        List.of(
            "(".repeat(10_000) + "a" + ")".repeat(10_000),
            "echo " + "a".repeat(1_000_000),
            "a;".repeat(20_000),
            "a|".repeat(5_000) + "b",
            "a && ".repeat(5_000) + "b",
            "$(( ".repeat(190) + "1" + " ))".repeat(190),
            "echo \"" + "$(echo \"".repeat(150) + "\")".repeat(150) + "\"",
            "`".repeat(20_001),
            "<<".repeat(20_000),
            "[[ ".repeat(3_000),
            "if ".repeat(3_000),
            "a=b ".repeat(20_000),
            "case x in " + "a) b;; ".repeat(5_000) + "esac",
            "eval ".repeat(3_000) + "a",
            "env ".repeat(3_000) + "a",
            "cat <<" + "E".repeat(3_000) + "\n",
            "'".repeat(200_001),
            "! ".repeat(100_000) + "a",
            "[ ".repeat(30_000),
            "a[[[[".repeat(30_000),
            "{a,".repeat(190) + "}".repeat(190),
            "x=1; ".repeat(300) + "a;".repeat(9_000))) {
      read(script);
    }
  }

  private static void read(String script) {
    // Processor time: other processes must not make this fail.
    var start = THREADS.getCurrentThreadCpuTime();
    var plan = Shown.PLANS.ofScript(script, Shown.WORKSPACE);
    Dangers.in(plan);
    plan.commands().forEach(KnownReads::isRead);
    var taken = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - start);

    assertThat(taken).as(Commands.shortened(script)).isLessThan(MOST_TIME);
    if (plan.commands().isEmpty() && !plan.isOpaque()) {
      assertThat(script.replaceAll("(?md)(?<![^ \\t\\n])#.*$", "").replace("\\\n", "")).isBlank();
    }
  }
}
