package dev.orchestrator.engine.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import dev.orchestrator.engine.sandbox.Sandboxes.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A workspace with something to be protected around it, and a shell that is held to it.
///
/// The shell knows `$WS` (may be written), `$OUT` (beside it) and `$HOME_OF_OURS` (untouchable).
final class Prison {
  static final String PATH = "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin";

  private final Sandbox sandbox;
  final Path workspace;
  final Path outside;
  final Path home;

  private Prison(Sandbox sandbox, Path folder) throws IOException {
    this.sandbox = sandbox;
    var real = Files.createDirectories(folder).toRealPath();
    workspace = Files.createDirectories(real.resolve("ws"));
    outside = Files.createDirectories(real.resolve("out"));
    home = Files.createDirectories(real.resolve("home"));
    Files.writeString(outside.resolve("secret"), "kept\n");
    Files.writeString(home.resolve("approvals.json"), "none\n");
  }

  /// A prison of a kind; skips the test where that kind does not work.
  static Prison of(String backend, Path folder) throws IOException {
    var probe = Sandboxes.probe(new Surroundings(PATH, List.of(), backend));
    assumeTrue(
        probe.sandbox().name().equals(backend),
        () -> backend + " does not work here: " + probe.report().findings());
    return new Prison(probe.sandbox(), folder);
  }

  Confinement readOnly() {
    return new Confinement(Level.READ_ONLY, List.of(), List.of(), false, List.of(home));
  }

  Confinement workspaceWrite(Opening... openings) {
    return new Confinement(
        Level.WORKSPACE_WRITE, List.of(workspace), List.of(openings), false, List.of(home));
  }

  /// As if `/tmp` could be written and everything lay in it.
  Confinement allAroundWritable() {
    return new Confinement(
        Level.WORKSPACE_WRITE,
        List.of(workspace, workspace.getParent()),
        List.of(),
        false,
        List.of(home));
  }

  List<String> notHeld(Confinement confinement) {
    return sandbox.notHeld(confinement);
  }

  Sandbox sandbox() {
    return sandbox;
  }

  Trial run(Confinement confinement, String script) throws IOException {
    return run(confinement, script, Map.of());
  }

  Trial run(Confinement confinement, String script, Map<String, String> more) throws IOException {
    try (var launch = sandbox.launch(confinement, false)) {
      return Trial.run(program(script, more), launch);
    }
  }

  Program program(String script, Map<String, String> more) {
    var environment =
        new ArrayList<>(
            List.of(
                "PATH=" + PATH,
                "LC_ALL=C",
                "HOME=" + outside,
                "WS=" + workspace,
                "OUT=" + outside,
                "HOME_OF_OURS=" + home,
                "GIT_AUTHOR_NAME=a",
                "GIT_AUTHOR_EMAIL=a@localhost",
                "GIT_COMMITTER_NAME=a",
                "GIT_COMMITTER_EMAIL=a@localhost"));
    more.forEach((name, value) -> environment.add(name + "=" + value));
    return new Program(List.of("sh", "-c", script), environment, workspace);
  }
}
