package dev.orchestrator.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/// Processes that try to outlive whoever started them, one of each kind; see `zoo.sh`.
///
/// All of them have the zoo's name in their command line, and nothing else has.
final class Zoo implements AutoCloseable {
  static final int KINDS = 10;

  private final String name = "98765." + ThreadLocalRandom.current().nextInt(1_000_000_000);
  private final Path ready;
  private final Path script;

  Zoo(Path folder) throws IOException {
    ready = Files.createDirectories(folder.resolve("ready"));
    script = folder.resolve("zoo.sh");
    try (var text = Zoo.class.getResourceAsStream("zoo.sh")) {
      Files.write(script, text.readAllBytes());
    }
  }

  /// A number, fit for `sleep`, that no other process has in its command line.
  String name() {
    return name;
  }

  /// Words that run a command with flags, a dash and the whole zoo.
  String[] words(String... flags) {
    var words = new ArrayList<>(List.of(flags));
    words.addAll(List.of("--", "sh", script.toString(), name, ready.toString()));
    return words.toArray(String[]::new);
  }

  /// Waits until every kind is there and as it wants to be.
  void awaitAll() throws InterruptedException {
    Waiting.until(
        KINDS + " processes",
        () -> {
          try (var files = Files.list(ready)) {
            return files.count() == KINDS;
          }
        });
  }

  /// Those still there.
  List<String> left() throws IOException {
    return ProcTable.with(name);
  }

  /// Waits until nobody is left; fails with their names if that takes too long.
  void awaitNone(Duration atMost) throws IOException, InterruptedException {
    try {
      Waiting.until("the end of everything", atMost, () -> left().isEmpty());
    } catch (AssertionError e) {
      throw new AssertionError("still there: " + String.join("\n", left()), e);
    }
  }

  /// Ends what a failed test has left.
  @Override
  public void close() throws IOException {
    for (var process : left()) {
      ProcessHandle.of(Long.parseLong(process.substring(0, process.indexOf(' '))))
          .ifPresent(ProcessHandle::destroyForcibly);
    }
  }
}
