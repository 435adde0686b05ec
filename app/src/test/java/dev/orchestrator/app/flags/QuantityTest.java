package dev.orchestrator.app.flags;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.WindowSize;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantityTest {
  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          90,       90000
          90s,      90000
          1.5s,     1500
          0.001,    1
          200ms,    200
          5m,       300000
          1h,       3600000
          1h30m,    5400000
          1h30m5s,  5405000
          1h30,     3630000
          2m1.5s,   121500
          """)
  void reads_durations(String text, long millis) throws Exception {
    assertThat(Quantity.duration("--timeout", text)).isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "0",
        "0s",
        "0ms",
        "0h0m",
        "-1",
        "+1",
        "s",
        "h",
        "1d",
        "1.5h",
        "1m1h",
        "1 s",
        "1s ",
        "1e3",
        "١",
        "1.2345",
        "5M",
        "99999999999",
        "9999999h",
        "NaN"
      })
  void refuses_any_other_duration(String text) {
    assertThatThrownBy(() -> Quantity.duration("--timeout", text))
        .isInstanceOf(UsageError.class)
        .hasMessage(
            "--timeout: '%s' is not a duration; write for example 90s, 200ms or 1h30m"
                .formatted(text));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          0,                   0
          4096,                4096
          4096b,               4096
          64k,                 65536
          64K,                 65536
          64kb,                65536
          64KiB,               65536
          10m,                 10485760
          1g,                  1073741824
          2GiB,                2147483648
          1t,                  1099511627776
          999999999999999,     999999999999999
          8388607t,            9223370937343148032
          """)
  void reads_sizes(String text, long bytes) throws Exception {
    assertThat(Quantity.bytes("--spool-cap", text)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-1",
        "1.5g",
        "1 g",
        "k",
        "1p",
        "10mm",
        "1gg",
        "8388608t",
        "9999999999999999",
        "0x10"
      })
  void refuses_any_other_size(String text) {
    assertThatThrownBy(() -> Quantity.bytes("--spool-cap", text))
        .isInstanceOf(UsageError.class)
        .hasMessage(
            "--spool-cap: '%s' is not a size; write for example 4096, 64k, 10m or 1g"
                .formatted(text));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          80x24,        80,    24
          1x1,          1,     1
          65535x65535,  65535, 65535
          """)
  void reads_sizes_of_terminals(String text, int columns, int rows) throws Exception {
    assertThat(Quantity.window("--size", text)).isEqualTo(new WindowSize(columns, rows));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "80", "80x", "x24", "0x24", "80x0", "65536x1", "-1x1", "80X24", "80 x 24", "1x1x1"
      })
  void refuses_any_other_size_of_a_terminal(String text) {
    assertThatThrownBy(() -> Quantity.window("--size", text))
        .isInstanceOf(UsageError.class)
        .hasMessage(
            "--size: '%s' is not a size of a terminal; write columns and rows, for example 120x36"
                .formatted(text));
  }
}
