package dev.orchestrator.app;

import dev.orchestrator.app.logging.FileLoggerFinder;
import dev.orchestrator.engine.posix.Executables;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Processes;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Spawner;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinements;
import dev.orchestrator.engine.sandbox.NoSandbox;
import dev.orchestrator.engine.sandbox.Sandboxes;
import dev.orchestrator.engine.sandbox.Sandboxes.Surroundings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs what most runs do once, so that the build can keep the classes in an AOT cache: one for
/// `run`, because every class in it costs time and memory at each start, and one for everything
/// else.
///
/// Writes in the orchestrator's home, in Codex's and in the temporary folder only, all of which the
/// build names, and reaches no network but its own process. What the machine cannot do, such as
/// holding a command in a sandbox, is left out of the cache.
final class Training {
  /// Only planned, never run: a bit of everything that scripts are made of.
  private static final String SCRIPT =
      """
      cd sub && git status --short | head -n 5 >out.txt 2>&1
      for it in a "$HOME"; do [ -e "$it" ] || rm -f -- "./$it"; done
      if test -n "${A:-b}"; then B=$(date +%s) make -j2 all; else sudo true; fi
      bash -lc 'find . -name "*.tmp" -exec rm {} + ; echo $((1 + 2))' & wait
      cat <<'END' | xargs -0 grep -e x
      text
      END
      """;

  private static final String SETTINGS =
      """
      # Some of each kind.

      project_doc_max_bytes = 32_768

      [shell_environment_policy]
      exclude = ["A", 'B']
      [mcp_servers.x]
      command = "y"
      required = false
      """;

  private Training() {}

  /// Exercises the program; records go to the orchestrator's home.
  ///
  /// @param arguments `exec`, which stands for all but `run`, or anything else for that
  public static void main(String[] arguments) throws IOException {
    var invocation = Invocation.ofProcess();
    var home = invocation.home();
    System.setProperty(FileLoggerFinder.HOME, home.folder().toString());
    var main = new Main(invocation);
    if (List.of(arguments).equals(List.of("exec"))) {
      var folder = Files.createDirectories(home.folder().resolve("exec"));
      new ExecTraining(main, home, Files.createTempDirectory(folder, "")).run();
      exerciseOthers(main, home);
    } else {
      exerciseRun(main, invocation);
    }
  }

  private static void exerciseOthers(Main main, Home home) throws IOException {
    main.run(List.of("run", "--help"));
    Files.writeString(home.folder().resolve("config.toml"), SETTINGS);
    main.run(List.of("config", "show", "--origin", "-c", "model=x"));
    var workspace = Files.createDirectories(home.folder().resolve("workspace"));
    main.run(List.of("plan", "--json", "--cwd", workspace.toString(), SCRIPT));
    main.run(List.of("plan", "ls"));
  }

  private static void exerciseRun(Main main, Invocation invocation) throws IOException {
    var home = invocation.home();
    var runs = home.folder().resolve("runs").toString();
    for (var options :
        List.of(
            List.of("--no-tty"),
            List.of("--json", "--no-tty"),
            List.of("--json=full", "--timeout", "1m", "--task", "training"),
            List.of("--tty", "--env", "A=b"))) {
      runScript(main, runs, options, "echo out; echo err >&2");
    }
    main.run(List.of("run", "--ephemeral", "--", "true"));
    // More output than an item keeps, and lasting beyond the first look at its processes.
    for (var kind : List.of("--tty", "--no-tty")) {
      var options = List.of("--json=full", kind, "--idle-timeout", "400ms");
      runScript(main, runs, options, "yes 'much output' | head -c 1200000; sleep 0.2");
    }
    main.run(List.of("run", "--runs-dir", runs, "--", "no-such-program"));
    main.run(List.of("reap"));
    Files.writeString(home.folder().resolve("config.toml"), SETTINGS);
    main.run(List.of("run", "--ephemeral", "--", "true"));
    var workspace = Files.createDirectories(home.folder().resolve("workspace"));
    runScript(main, runs, List.of("--quiet", "--timeout", "1m", "-s", "read-only"), "true");
    for (var backend : List.of("bubblewrap", "landlock")) {
      confine(backend, workspace, invocation);
    }
  }

  private static void runScript(Main main, String runs, List<String> options, String script) {
    var line = new ArrayList<>(List.of("run", "--runs-dir", runs));
    line.addAll(options);
    line.addAll(List.of("--", "sh", "-c", script));
    main.run(line);
  }

  /// As `run -s workspace-write` confines a command, but for the system's temporary folder, which
  /// is not to be written here.
  private static void confine(String backend, Path workspace, Invocation invocation) {
    var untouchable = workspace.resolveSibling("untouchable");
    var confinement =
        Confinements.of(
            Level.WORKSPACE_WRITE,
            workspace,
            List.of(),
            List.of(),
            false,
            false,
            Optional.empty(),
            List.of(untouchable));
    var path = Access.surroundings(invocation, confinement.writable(), "").path();
    var sandbox =
        Sandboxes.probe(new Surroundings(path, confinement.writable(), backend)).sandbox();
    if (sandbox instanceof NoSandbox) {
      return;
    }
    try (var launch = sandbox.launch(confinement, false)) {
      var program = new Program(List.of("true"), Processes.ownEnvironment(), workspace);
      var pid =
          launch.start(
              program,
              Executables.find(program),
              (it, file) -> Spawner.onPipes(it, file, -1, 1, 2));
      Posix.await(pid);
    } catch (IOException e) {
      System.err.println("training: " + backend + ": " + e.getMessage());
    }
  }
}
