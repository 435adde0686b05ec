package dev.orchestrator.engine.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class InstantTextTest {
  private final InstantText text = new InstantText();

  @Test
  void writes_instants_as_java_does() {
    for (var nanos :
        new int[] {
          0, 1, 999, 1_000, 1_001, 999_000, 999_999, 1_000_000, 1_000_001, 120_000_000, 999_999_999
        }) {
      assertAsJava(Instant.ofEpochSecond(1_796_000_000L, nanos));
    }
  }

  @Test
  void writes_instants_of_any_second_in_any_order() {
    var random = new Random(1);
    var second = 0L;
    for (var round = 0; round < 5_000; round++) {
      if (random.nextInt(3) == 0) {
        second = random.nextLong(-62_167_219_200L, 253_402_300_800L);
      }
      assertAsJava(Instant.ofEpochSecond(second, random.nextInt(1_000_000_000)));
    }
  }

  private void assertAsJava(Instant instant) {
    assertThat(text.of(instant)).isEqualTo(instant.toString());
  }
}
