package dev.orchestrator.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orchestrator.app.logging.FileLoggerFinder;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/// Runs what most runs do once, so that the build can keep the classes in an AOT cache.
final class Training {
  private Training() {}

  /// Exercises the program; records go to the orchestrator's home.
  public static void main(String[] arguments) {
    var home = Home.fromEnvironment();
    System.setProperty(FileLoggerFinder.HOME, home.folder().toString());
    var main = new Main(new PrintStream(System.out, false, UTF_8), System.err, home);
    var runs = home.folder().resolve("runs").toString();
    for (var options :
        List.of(
            List.of("--no-tty"),
            List.of("--json", "--no-tty"),
            List.of("--json=full", "--timeout", "1m", "--task", "training"),
            List.of("--tty", "--env", "A=b"))) {
      var line = new ArrayList<>(List.of("run", "--runs-dir", runs));
      line.addAll(options);
      line.addAll(List.of("--", "sh", "-c", "echo out; echo err >&2"));
      main.run(line);
    }
    main.run(List.of("run", "--ephemeral", "--", "true"));
    main.run(List.of("run", "--runs-dir", runs, "--", "no-such-program"));
    main.run(List.of("run", "--help"));
    main.run(List.of("reap"));
  }
}
