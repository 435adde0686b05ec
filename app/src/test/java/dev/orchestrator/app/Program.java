package dev.orchestrator.app;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The built program, started as a user starts it: `bin/orchestrator` as a child process; or the
/// program inside this JVM.
///
/// Each has a home and a folder of runs of its own. Its signals are at their defaults even if the
/// tests run in the background of some script, where SIGINT would be ignored.
final class Program {
  /// The distribution under test.
  static final Path DIST = Path.of(System.getProperty("orchestrator.dist", "target/orchestrator"));

  private final Path folder;
  private final boolean isInside;
  private final Map<String, String> environment = new LinkedHashMap<>();
  private String launcher = DIST.resolve("bin/orchestrator").toString();
  private Path runs;
  private Path directory;

  private Program(Path folder, boolean isInside) throws IOException {
    this.folder = folder;
    this.isInside = isInside;
    this.runs = folder.resolve("runs");
    this.directory = Files.createDirectories(folder.resolve("work"));
    environment.putAll(System.getenv());
    environment.keySet().removeIf(it -> it.startsWith("ORCHESTRATOR_"));
    environment.put("ORCHESTRATOR_HOME", home().toString());
    // Not the settings of whoever runs the tests.
    environment.put("CODEX_HOME", folder.resolve("codex").toString());
  }

  /// A program that keeps everything in a folder.
  static Program in(Path folder) throws IOException {
    return new Program(folder, false);
  }

  /// The same, but its commands are run by this JVM, one at a time.
  static Program inside(Path folder) throws IOException {
    return new Program(folder, true);
  }

  Program with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  Program without(String variable) {
    environment.remove(variable);
    return this;
  }

  /// Started by another name, looked up in `PATH` if it is not a path.
  Program startedAs(String name) {
    launcher = name;
    return this;
  }

  Program keepingRunsIn(Path folder) {
    runs = folder;
    return this;
  }

  Program startedIn(Path folder) {
    directory = folder;
    return this;
  }

  /// Confined by one backend; skips the test where that does not work.
  void requireConfinedBy(String backend) throws IOException, InterruptedException {
    with("ORCHESTRATOR_SANDBOX_BACKEND", backend);
    assumeTrue(
        call("doctor", "--json").out().contains("\"sandbox\":\"" + backend + "\""),
        backend + " does not work here");
  }

  Path home() {
    return folder.resolve("home");
  }

  /// Where it starts, and its commands unless they are told otherwise.
  Path directory() {
    return directory;
  }

  RunRecord record() throws IOException {
    return RunRecord.only(runs);
  }

  /// The words that start `orchestrator run` with this program's folder of runs.
  List<String> runWords(String... words) {
    var all = new ArrayList<>(List.of(launcher));
    all.addAll(List.of("run", "--runs-dir", runs.toString()));
    all.addAll(Arrays.asList(words));
    return all;
  }

  /// Runs `orchestrator run` to its end, without anything on standard input.
  Running.Ended run(String... words) throws IOException, InterruptedException {
    return startRun(words).end();
  }

  Running startRun(String... words) throws IOException {
    return start(runWords(words), Input.none());
  }

  Running startRun(Input input, String... words) throws IOException {
    return start(runWords(words), input);
  }

  /// Runs any other command of the program to its end.
  Running.Ended call(String... words) throws IOException, InterruptedException {
    return start(words).end();
  }

  /// The same, with something on standard input.
  Running.Ended call(Input input, String... words) throws IOException, InterruptedException {
    return start(input, words).end();
  }

  Running start(String... words) throws IOException {
    return start(Input.none(), words);
  }

  /// The same, with something on standard input.
  Running start(Input input, String... words) throws IOException {
    var all = new ArrayList<>(List.of(launcher));
    all.addAll(Arrays.asList(words));
    return start(all, input);
  }

  /// Runs a shell's script in which `"$@"` is `orchestrator run` with these words.
  Running.Ended script(String script, String... words) throws IOException, InterruptedException {
    return startScript(script, words).end();
  }

  Running startScript(String script, String... words) throws IOException {
    var all = new ArrayList<>(List.of("sh", "-c", script, "sh"));
    all.addAll(runWords(words));
    return start(all, Input.none());
  }

  /// Starts a script of bash in which `"$@"` is the program with these words.
  Running bash(String script, String... words) throws IOException {
    var all = new ArrayList<>(List.of("bash", "-c", script, "bash", launcher));
    all.addAll(Arrays.asList(words));
    return start(all, Input.none());
  }

  private Running start(List<String> words, Input input) throws IOException {
    var streams = Files.createTempDirectory(folder, "streams");
    if (isInside && words.getFirst().equals(launcher)) {
      return Running.inside(words.subList(1, words.size()), environment, directory, input, streams);
    }
    return Running.start(builder(words), input, streams);
  }

  /// Starts `orchestrator run` for a test that reads its standard output itself.
  Process startToRead(String... words) throws IOException {
    return builder(runWords(words))
        .redirectInput(Path.of("/dev/null").toFile())
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private ProcessBuilder builder(List<String> words) {
    var all = new ArrayList<>(List.of("/usr/bin/env", "--default-signal"));
    all.addAll(words);
    var builder = new ProcessBuilder(all).directory(directory.toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder;
  }

  /// What the program finds on its standard input.
  ///
  /// @param open whether more could follow
  record Input(String text, boolean open) {
    /// Nothing, and its end.
    static Input none() {
      return new Input("", false);
    }

    static Input of(String text) {
      return new Input(text, false);
    }

    /// A pipe that somebody has forgotten to close.
    static Input forgotten() {
      return new Input("never read", true);
    }
  }
}
