package dev.orchestrator.engine.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.record.Metrics.Sample;
import dev.orchestrator.engine.testing.EventSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MetricsTest {
  @TempDir private Path folder;

  private Path file;

  @BeforeEach
  void inNewFolder() {
    file = folder.resolve("shop/metrics.json");
  }

  @Test
  void count_the_first_run() throws Exception {
    add("json", Outcome.SUCCEEDED, 12, 340);

    assertThat(document())
        .isEqualTo(
            "{\"schema\":1,\"runs\":1,\"json_runs\":1,\"json_adoption\":1.0,"
                + "\"outcomes\":{\"succeeded\":1},"
                + "\"approvals_asked\":0,\"approvals_reused\":0,\"approval_reuse\":null,"
                + "\"overhead_ms\":{\"p50\":12,\"p95\":12,\"p99\":12,\"last\":[12]},"
                + "\"elapsed_ms\":{\"p50\":340,\"p95\":340,\"p99\":340,\"last\":[340]}}");
  }

  @Test
  void add_up_over_runs() throws Exception {
    add("human", Outcome.SUCCEEDED, 10, 300);
    add("json", Outcome.COMMAND_FAILED, 30, 100);
    add("json_full", Outcome.SUCCEEDED, 20, 200);
    add("human", Outcome.SUCCEEDED, 20, 200);

    assertThat(document())
        .startsWith(
            "{\"schema\":1,\"runs\":4,\"json_runs\":2,\"json_adoption\":0.5,"
                + "\"outcomes\":{\"succeeded\":3,\"command_failed\":1},")
        .contains("\"p95\":30,\"p99\":30,\"last\":[10,30,20,20]}")
        .contains("\"last\":[300,100,200,200]}");
  }

  @Test
  void add_up_questions_and_answers_that_made_one_needless() throws Exception {
    var metrics = new Metrics(file);
    metrics.add(new Sample("human", Outcome.REFUSED, Duration.ZERO, Duration.ZERO, 1, 0));
    metrics.add(new Sample("json", Outcome.BLOCKED, Duration.ZERO, Duration.ZERO, 0, 2));
    metrics.add(new Sample("json", Outcome.UNANSWERED, Duration.ZERO, Duration.ZERO, 0, 0));
    metrics.add(new Sample("json", Outcome.NO_SANDBOX, Duration.ZERO, Duration.ZERO, 0, 1));

    assertThat(document())
        .contains("\"approvals_asked\":1,\"approvals_reused\":3,\"approval_reuse\":0.75,");
  }

  @Test
  void give_the_nearest_rank_as_percentile() throws Exception {
    for (var value = 1; value <= 100; value++) {
      add("human", Outcome.SUCCEEDED, value, 0);
    }

    assertThat(document()).contains("\"overhead_ms\":{\"p50\":50,\"p95\":95,\"p99\":99,");
  }

  @Test
  void remember_the_last_200_values() throws Exception {
    for (var value = 1; value <= 205; value++) {
      add("human", Outcome.SUCCEEDED, value, 0);
    }

    assertThat(document())
        .contains("\"runs\":205,")
        .contains("\"last\":[" + numbers(6, 205) + "]},\"elapsed_ms\"");
  }

  @Test
  void lose_no_run_when_many_end_at_the_same_time() throws Exception {
    var failures = Collections.synchronizedList(new ArrayList<Throwable>());
    var threads =
        IntStream.range(0, 8)
            .mapToObj(it ->
                Thread.ofPlatform()
                    .start(() -> {
                      try {
                        for (var run = 0; run < 25; run++) {
                          add(it % 2 == 0 ? "json" : "human", Outcome.SUCCEEDED, it, run);
                        }
                      } catch (IOException | RuntimeException e) {
                        failures.add(e);
                      }
                    }))
            .toList();
    for (var thread : threads) {
      thread.join();
    }

    assertThat(failures).isEmpty();
    assertThat(document())
        .startsWith(
            "{\"schema\":1,\"runs\":200,\"json_runs\":100,\"json_adoption\":0.5,"
                + "\"outcomes\":{\"succeeded\":200},");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"schema\":1,\"ru",
        "[]",
        "nonsense",
        "{}",
        "{\"runs\":\"many\",\"outcomes\":[1],\"overhead_ms\":{\"last\":\"none\"}}"
      })
  void begin_again_when_the_file_is_damaged(String damaged) throws Exception {
    Files.createDirectories(file.getParent());
    Files.writeString(file, damaged);

    add("human", Outcome.SUCCEEDED, 12, 340);

    assertThat(document()).startsWith("{\"schema\":1,\"runs\":1,\"json_runs\":0,");
  }

  @Test
  void say_so_when_they_cannot_be_written() throws Exception {
    Files.writeString(folder.resolve("shop"), "a file");

    assertThatThrownBy(() -> add("human", Outcome.SUCCEEDED, 1, 1)).isInstanceOf(IOException.class);
  }

  private void add(String format, Outcome outcome, int overheadMillis, int elapsedMillis)
      throws IOException {
    new Metrics(file)
        .add(
            new Sample(
                format,
                outcome,
                Duration.ofMillis(overheadMillis),
                Duration.ofMillis(elapsedMillis),
                0,
                0));
  }

  private String document() throws IOException {
    var document = Files.readString(file);
    EventSchema.of("metrics").require(document);
    return document;
  }

  private static String numbers(int first, int last) {
    return String.join(
        ",", IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList());
  }
}
