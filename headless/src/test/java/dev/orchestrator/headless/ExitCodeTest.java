package dev.orchestrator.headless;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.Stop;
import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.posix.Signal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {
  private static final String TABLE =
      """
      # outcome       | command's end | stopped by | as command | contract
      SUCCEEDED       | 0             |            | 0          | 0
      COMMAND_FAILED  | 1             |            | 1          | 10
      COMMAND_FAILED  | 255           |            | 255        | 10
      COMMAND_FAILED  | SIGSEGV       |            | 139        | 10
      COMMAND_FAILED  | unended       |            | 137        | 10
      COMMAND_FAILED  |               |            | 125        | 10
      NOT_FOUND       |               |            | 127        | 10
      NOT_EXECUTABLE  |               |            | 126        | 10
      FAILED          |               |            | 125        | 1
      FAILED          | 0             | record     | 125        | 1
      REFUSED         |               |            | 125        | 11
      UNANSWERED      |               |            | 125        | 12
      NO_SANDBOX      |               |            | 125        | 13
      BLOCKED         | 1             |            | 1          | 11
      BLOCKED         | 0             |            | 0          | 11
      BLOCKED         | SIGSYS        |            | 159        | 11
      IDLE_TIMEOUT    | SIGTERM       | idle       | 124        | 15
      TIMEOUT         | SIGTERM       | timeout    | 124        | 16
      TIMEOUT         | 0             | timeout    | 124        | 16
      OUTPUT_CAP      | SIGTERM       | cap        | 125        | 17
      OUTPUT_CAP      | 0             |            | 125        | 17
      INTERRUPTED     | SIGINT        | SIGINT     | 130        | 130
      INTERRUPTED     | SIGTERM       | SIGTERM    | 143        | 143
      INTERRUPTED     | 0             | SIGHUP     | 129        | 129
      READER_GONE     | SIGTERM       | reader     | 141        | 141
      READER_GONE     |               |            | 141        | 141
      BUG             |               |            | 70         | 70
      """;

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = TABLE)
  void follows_the_table(Outcome outcome, String exit, String stop, int asCommand, int contract) {
    assertThat(ExitCode.AS_COMMAND.code(outcome, exit(exit), stop(stop))).isEqualTo(asCommand);
    assertThat(ExitCode.CONTRACT.code(outcome, exit(exit), stop(stop))).isEqualTo(contract);
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCEEDED, , 0",
    "REFUSED, , 0",
    "UNANSWERED, , 0",
    "FAILED, , 1",
    "TIMEOUT, timeout, 1",
    "READER_GONE, reader, 1",
    "BUG, , 1",
    "INTERRUPTED, SIGINT, 1",
    "INTERRUPTED, SIGTERM, 143",
    "INTERRUPTED, SIGHUP, 129",
    "INTERRUPTED, , 1"
  })
  void is_codexs_code_or_that_of_the_signal(Outcome outcome, String stop, int code) {
    assertThat(ExitCode.AS_CODEX.code(outcome, Optional.empty(), stop(stop))).isEqualTo(code);
  }

  @Test
  void has_every_outcome_in_its_table() {
    var shown = new ArrayList<String>();
    TABLE.lines().skip(1).forEach(it -> shown.add(it.substring(0, it.indexOf(' '))));

    assertThat(shown).containsAll(Arrays.stream(Outcome.values()).map(Enum::name).toList());
  }

  @Test
  void gives_each_code_one_meaning() {
    assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::code)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(ExitCode.values()).map(ExitCode::meaning))
        .doesNotHaveDuplicates()
        .noneMatch(String::isBlank);
  }

  private static Optional<Exit> exit(String text) {
    return switch (text) {
      case null -> Optional.empty();
      case "unended" -> Optional.of(new Exit.Unended());
      case String it when it.startsWith("SIG") ->
          Optional.of(new Exit.Signalled(signal(it).number(), it));
      case String it -> Optional.of(new Exit.Exited(Integer.parseInt(it)));
    };
  }

  private static Optional<Stop> stop(String text) {
    return switch (text) {
      case null -> Optional.empty();
      case "record" -> Optional.of(new Stop.RecordFailed("no space left on device"));
      case "idle" -> Optional.of(new Stop.Idle());
      case "timeout" -> Optional.of(new Stop.TimedOut());
      case "cap" -> Optional.of(new Stop.Capped());
      case "reader" -> Optional.of(new Stop.ReaderGone());
      case String it -> Optional.of(new Stop.Signalled(signal(it)));
    };
  }

  private static Signal signal(String name) {
    return List.of(Signal.HUP, Signal.INT, Signal.TERM, new Signal(11), new Signal(31)).stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
