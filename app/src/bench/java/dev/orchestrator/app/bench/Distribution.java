package dev.orchestrator.app.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The built program, as a user would start it.
///
/// @param folder where it is
/// @param java the words that start its Java, up to the class path, as one of its runs had them
record Distribution(Path folder, List<String> java) {
  /// Where the build says the distribution is.
  private static final String PROPERTY = "orchestrator.dist";

  /// Words that belong to one run.
  private static final List<String> OF_ONE_RUN =
      List.of("-XX:ErrorFile=", "-Dorchestrator.launcher=", "-Dorchestrator.live=");

  private static final String CACHE = "-XX:AOTCache=";

  Distribution {
    java = List.copyOf(java);
  }

  /// The folder that the build names.
  static Path locate() throws IOException {
    var folder = Path.of(System.getProperty(PROPERTY, "")).toAbsolutePath();
    if (!Files.isExecutable(program(folder))) {
      throw new IOException("no distribution at %s; set -D%s".formatted(folder, PROPERTY));
    }
    return folder;
  }

  /// Asks a running command what its parent was started with, so that no flag is written twice.
  static Distribution ask(Path folder, Watch watch) throws IOException {
    var question = "tr '\\0' '\\n' </proc/$PPID/cmdline";
    var words =
        watch
            .run(
                List.of(
                    program(folder).toString(), "run", "--ephemeral", "--", "sh", "-c", question))
            .output()
            .lines()
            .toList();
    var end = words.indexOf("-cp");
    if (end < 0) {
      throw new IOException("not the command line of a Java program: " + words);
    }
    return new Distribution(
        folder,
        words.subList(0, end).stream()
            .filter(word -> OF_ONE_RUN.stream().noneMatch(word::startsWith))
            .toList());
  }

  private static Path program(Path folder) {
    return folder.resolve("bin/orchestrator");
  }

  /// The launcher.
  Path program() {
    return program(folder);
  }

  /// The words of `orchestrator run`.
  List<String> run(List<String> more) {
    var words = new ArrayList<>(List.of(program(folder).toString(), "run"));
    words.addAll(more);
    return words;
  }

  /// The words that say as JSON what works here.
  List<String> doctor() {
    return List.of(program(folder).toString(), "doctor", "--json");
  }

  /// The words that run a class of this package in the distribution's Java: same runtime, same
  /// flags, same cache.
  List<String> java(Class<?> main) {
    var ours = Path.of(main.getProtectionDomain().getCodeSource().getLocation().getPath());
    var words = new ArrayList<>(java);
    words.addAll(List.of("-cp", folder.resolve("lib/orchestrator.jar") + ":" + ours));
    words.add(main.getName());
    return words;
  }

  /// The flags alone, for another Java, which the cache does not fit.
  List<String> flags() {
    return java.subList(1, java.size()).stream().filter(it -> !it.startsWith(CACHE)).toList();
  }
}
