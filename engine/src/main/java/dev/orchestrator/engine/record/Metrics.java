package dev.orchestrator.engine.record;

import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Numbers over all runs of a task, kept in one small file.
///
/// Runs that end at the same time take turns by a lock on a file beside it, so none is missed.
public final class Metrics {
  /// Percentiles are of the last runs only, so that the file stays small.
  private static final int REMEMBERED = 200;

  private static final Object ONE_AT_A_TIME = new Object();

  private final Path file;

  public Metrics(Path file) {
    this.file = file;
  }

  /// What one run adds.
  ///
  /// @param format `human`, `json` or `json_full`
  /// @param overhead what the orchestrator itself took, from its start to its end
  /// @param elapsed of the run
  /// @param asked how many questions were put to somebody
  /// @param reused how many calls a remembered answer let through
  public record Sample(
      String format, Outcome outcome, Duration overhead, Duration elapsed, int asked, int reused) {}

  /// Adds a run.
  ///
  /// @throws IOException if the file cannot be written
  public void add(Sample sample) throws IOException {
    Files.createDirectories(file.getParent());
    // The file's lock is between processes; within this one it would refuse instead of wait.
    synchronized (ONE_AT_A_TIME) {
      try (var channel =
              FileChannel.open(
                  file.resolveSibling(".metrics.lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          var _ = channel.lock()) {
        var before =
            Files.exists(file) ? readable() : new LinkedHashMap<String, @Nullable Object>();
        AtomicFile.write(file, Json.line(after(before, sample)));
      }
    }
  }

  /// A file that somebody has damaged must not make runs fail: counting starts again.
  private Map<String, @Nullable Object> readable() throws IOException {
    try {
      return Json.readObject(Files.readAllBytes(file));
    } catch (IOException _) {
      return new LinkedHashMap<>();
    }
  }

  private static Map<String, @Nullable Object> after(
      Map<String, @Nullable Object> before, Sample sample) {
    var runs = number(before.get("runs")) + 1;
    var json = number(before.get("json_runs")) + (sample.format().startsWith("json") ? 1 : 0);
    var after = new LinkedHashMap<String, @Nullable Object>();
    after.put("schema", 1);
    after.put("runs", runs);
    after.put("json_runs", json);
    after.put("json_adoption", (double) json / runs);
    after.put("outcomes", counted(before.get("outcomes"), sample.outcome()));
    var asked = number(before.get("approvals_asked")) + sample.asked();
    var reused = number(before.get("approvals_reused")) + sample.reused();
    after.put("approvals_asked", asked);
    after.put("approvals_reused", reused);
    after.put("approval_reuse", asked + reused == 0 ? null : (double) reused / (asked + reused));
    after.put("overhead_ms", latest(before.get("overhead_ms"), sample.overhead()));
    after.put("elapsed_ms", latest(before.get("elapsed_ms"), sample.elapsed()));
    return after;
  }

  private static Map<String, @Nullable Object> counted(@Nullable Object before, Outcome outcome) {
    var counts = new LinkedHashMap<String, @Nullable Object>();
    if (before instanceof Map<?, ?> map) {
      map.forEach((name, count) -> counts.put(String.valueOf(name), number(count)));
    }
    var name = outcome.name().toLowerCase(Locale.ROOT);
    counts.put(name, number(counts.get(name)) + 1);
    return counts;
  }

  /// `{"last":[…],"p50":…,"p95":…,"p99":…}` with one value more.
  private static Map<String, @Nullable Object> latest(@Nullable Object before, Duration value) {
    var last = new ArrayList<Long>();
    if (before instanceof Map<?, ?> map && map.get("last") instanceof List<?> values) {
      values.forEach(it -> last.add(number(it)));
    }
    last.add(value.toMillis());
    var kept = last.subList(Math.max(0, last.size() - REMEMBERED), last.size());
    var result = new LinkedHashMap<String, @Nullable Object>();
    var sorted = kept.stream().sorted().toList();
    for (var percent : List.of(50, 95, 99)) {
      result.put("p" + percent, sorted.isEmpty() ? null : percentile(sorted, percent));
    }
    result.put("last", List.copyOf(kept));
    return result;
  }

  private static long percentile(List<Long> sorted, int percent) {
    // Nearest rank: the smallest value that at least this share of all does not exceed.
    return sorted.get((sorted.size() * percent + 99) / 100 - 1);
  }

  private static long number(@Nullable Object value) {
    return value instanceof Number it ? it.longValue() : 0;
  }
}
