package dev.orchestrator.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BytesTest {
  @Test
  void stay_as_they_were_when_the_array_changes() {
    var array = new byte[] {1, 2, 3, 4};
    var bytes = Bytes.copyOf(array, 1, 2);
    array[1] = 9;

    assertThat(bytes.shared()).containsExactly(2, 3);
    assertThat(bytes.size()).isEqualTo(2);
  }

  @Test
  void are_equal_when_they_are_the_same_bytes() {
    var bytes = Bytes.of("grün");

    assertThat(bytes)
        .isEqualTo(Bytes.copyOf("xgrün".getBytes(java.nio.charset.StandardCharsets.UTF_8), 1, 5))
        .hasSameHashCodeAs(Bytes.of("grün"))
        .hasToString("grün")
        .isNotEqualTo(Bytes.of("grau"))
        .isNotEqualTo("grün");
  }
}
