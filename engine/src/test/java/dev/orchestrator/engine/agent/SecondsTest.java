package dev.orchestrator.engine.agent;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SecondsTest {
  @ParameterizedTest
  @CsvSource({
    "0,             4, 0.0000",
    "49999,         4, 0.0000",
    "50000,         4, 0.0001",
    "1234567890,    4, 1.2346",
    "999960000,     4, 1.0000",
    "61000000000,   1, 61.0",
    "49999999,      1, 0.0",
    "50000000,      1, 0.1",
    "1,             9, 0.000000001"
  })
  void are_rounded_half_up(long nanos, int decimals, String text) {
    assertThat(Seconds.text(nanos, decimals)).isEqualTo(text);
  }
}
