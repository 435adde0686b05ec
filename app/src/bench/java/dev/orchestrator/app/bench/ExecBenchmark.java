package dev.orchestrator.app.bench;

import dev.orchestrator.engine.model.ScriptedModelServer;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import dev.orchestrator.engine.model.ScriptedModelServer.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// How long a turn of a model takes that calls `true`, and how much memory, beside Codex.
///
/// The model is a server in this process that answers at once, the same for both.
final class ExecBenchmark {
  /// Where Codex's program is; without it nothing stands beside ours.
  private static final String PROPERTY = "codex";

  private static final int ROUNDS = 9;
  private static final int LONG_ROUNDS = 3;
  private static final int MANY_CALLS = 50;
  private static final int LOOK_MILLIS = 2;
  private static final double MOST_MEGABYTES = 75;

  private final Watch watch;
  private final Distribution distribution;
  private final Workplace place;

  ExecBenchmark(Watch watch, Distribution distribution, Workplace place) {
    this.watch = watch;
    this.distribution = distribution;
    this.place = place;
  }

  /// Times of both in the same rounds, in milliseconds.
  ///
  /// @param codex empty without Codex
  private record Times(List<Double> ours, List<Double> codex) {}

  List<Row> measure() throws IOException {
    var workspace = Files.createDirectories(place.file("workspace"));
    var rows = new ArrayList<Row>();
    try (var server = ScriptedModelServer.start()) {
      settings(server.baseUrl());
      for (var level : List.of("danger-full-access", "workspace-write")) {
        if (level.equals("workspace-write")
            && watch.run(distribution.doctor()).output().contains("\"sandbox\":\"none\"")) {
          rows.add(Row.of("no sandbox works here", Amount.none()));
          continue;
        }
        var times = inTurn(server, 1, ROUNDS, workspace, level);
        rows.add(row("one call, " + level + ", median of " + ROUNDS, times, 2));
        rows.add(fastest("one call, " + level + ", fastest", times));
      }
      rows.add(memory(server, workspace));
      var many = inTurn(server, MANY_CALLS, LONG_ROUNDS, workspace, "danger-full-access");
      rows.add(row(MANY_CALLS + " calls, median of " + LONG_ROUNDS, many, 3));
    } finally {
      place.delete(".codex");
    }
    return rows;
  }

  /// In the home of what is measured, where both look.
  private void settings(String url) throws IOException {
    Files.writeString(
        Files.createDirectories(place.file(".codex")).resolve("config.toml"),
        """
        model = "gpt-5.5"
        model_provider = "bench"
        [model_providers.bench]
        name = "bench"
        base_url = "%s"
        wire_api = "responses"
        """
            .formatted(url));
  }

  private Times inTurn(
      ScriptedModelServer server, int calls, int rounds, Path workspace, String level)
      throws IOException {
    server.then(answer(server, calls));
    var ours = new ArrayList<Double>();
    var codex = new ArrayList<Double>();
    var words = words(workspace, level);
    see(ours(words), calls); // The first one reads the program from disk.
    if (hasCodex()) {
      see(codex(words), calls);
    }
    for (var round = 0; round < rounds; round++) {
      ours.add(see(ours(words), calls));
      if (hasCodex()) {
        codex.add(see(codex(words), calls));
      }
    }
    return new Times(ours, codex);
  }

  /// @return milliseconds
  private double see(List<String> words, int calls) throws IOException {
    var seen = watch.run(words);
    var commands =
        seen.output()
            .lines()
            .filter(it -> it.contains("item.completed") && it.contains("command_execution"))
            .count();
    if (commands != calls) {
      throw new IOException("%d commands instead of %d: %s".formatted(commands, calls, words));
    }
    return seen.seconds() * 1000;
  }

  private Row memory(ScriptedModelServer server, Path workspace) throws IOException {
    server.then(answer(server, 1));
    var words = words(workspace, "danger-full-access");
    var row =
        Row.of("one call, peak memory", Amount.memory(peak(ours(words)))).never(MOST_MEGABYTES);
    return hasCodex() ? row.beside("codex", Amount.memory(peak(codex(words)))) : row;
  }

  /// Only the child of what is started is looked at: our launcher's Java, and a shell's Codex.
  private long peak(List<String> words) throws IOException {
    return watch.withMemory(words, LOOK_MILLIS).peakBytes();
  }

  private static Row row(String what, Times times, int share) {
    var ours = new Sample(times.ours()).median();
    var row = Row.of(what, Amount.millis(ours));
    if (times.codex().isEmpty()) {
      return row;
    }
    var codex = new Sample(times.codex()).median();
    return row.beside("codex", Amount.millis(codex)).atMost(Math.rint(codex / share));
  }

  private static Row fastest(String what, Times times) {
    var row = Row.of(what, Amount.millis(new Sample(times.ours()).least()));
    return times.codex().isEmpty()
        ? row
        : row.beside("codex", Amount.millis(new Sample(times.codex()).least()));
  }

  private static List<String> words(Path workspace, String level) {
    return List.of(
        "exec",
        "--json",
        "--skip-git-repo-check",
        "-s",
        level,
        "--cd",
        workspace.toString(),
        "call true");
  }

  private List<String> ours(List<String> words) {
    var all = new ArrayList<>(List.of(distribution.program().toString()));
    all.addAll(words);
    return all;
  }

  /// Through a shell that waits, so that Codex is a child as our Java is; what it says on standard
  /// error in every run is left out.
  private static List<String> codex(List<String> words) {
    var all =
        new ArrayList<>(
            List.of(
                "sh",
                "-c",
                "\"$0\" \"$@\" 2>/dev/null; exit $?",
                System.getProperty(PROPERTY, "")));
    all.addAll(words);
    return all;
  }

  private static boolean hasCodex() {
    return !System.getProperty(PROPERTY, "").isEmpty();
  }

  /// Calls `true` until the conversation has so many outputs, and says that it is done.
  private static Answer answer(ScriptedModelServer server, int calls) {
    return out -> {
      var outputs = outputs(server.requests());
      var next =
          outputs < calls
              ? ScriptedModelServer.call(
                  "call_" + outputs, "exec_command", "{\"cmd\":\"true\",\"login\":false}")
              : ScriptedModelServer.message("done");
      return ScriptedModelServer.items(next).write(out);
    };
  }

  /// How many outputs the last conversation holds. Codex also asks for other things.
  private static int outputs(List<Request> requests) {
    var body =
        requests.reversed().stream()
            .filter(it -> it.path().endsWith("/responses"))
            .findFirst()
            .map(Request::body)
            .orElse("");
    return body.split("\"function_call_output\"", -1).length - 1;
  }
}
