package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.event.SandboxReport.Finding;
import dev.orchestrator.engine.posix.ConfinedThread;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Refusals;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tries bubblewrap with a shell that looks around inside and attempts a write, held exactly as a
/// command would be.
final class BubblewrapTrial {
  /// Prints what a command sees: its process number, its networks, its filter, and whether it can
  /// make a file. Only words of the shell itself, so that it is one process.
  private static final String LOOK =
      """
      echo "pid $$"
      while read -r a b; do case $a in *:) echo "net $a";; esac; done </proc/net/dev
      while read -r a b; do case $a in Seccomp:|NoNewPrivs:|CapEff:) echo "$a $b";; esac; done \
      </proc/self/status
      (: >"$0") 2>/dev/null && echo written
      echo end
      """;

  private static final int FIRST_NUMBERS = 9;

  private static final Confinement NOTHING =
      new Confinement(Level.READ_ONLY, List.of(), List.of(), false, List.of());

  private final Tools tools;
  private final List<Finding> findings;

  private BubblewrapTrial(Tools tools, List<Finding> findings) {
    this.tools = tools;
    this.findings = findings;
  }

  /// Tries it.
  ///
  /// @param all whether to ask for its version as well, which costs a process
  static Optional<Sandbox> run(Tools tools, List<Finding> findings, boolean all) {
    return new BubblewrapTrial(tools, findings).run(all);
  }

  private Optional<Sandbox> run(boolean all) {
    var program = Posix.isSupported() ? tools.find("bwrap") : Optional.<Path>empty();
    if (program.isEmpty()) {
      findings.add(
          new Finding(
              "bubblewrap", false, "bwrap not found in PATH; install the package bubblewrap"));
      return Optional.empty();
    }
    try {
      var version = all ? " (" + version(program.get()) + ")" : "";
      findings.add(new Finding("bubblewrap", true, program.get() + version));
      return look(new BubblewrapSandbox(program.get(), tools.find("env"), true));
    } catch (IOException e) {
      findings.add(new Finding("bubblewrap", false, String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  private static String version(Path program) throws IOException {
    return Trial.run(List.of(program.toString(), "--version")).output().strip();
  }

  /// Tries with everything first, and without what turns out to be missing in older tools.
  private Optional<Sandbox> look(BubblewrapSandbox sandbox) throws IOException {
    var folder = Files.createTempDirectory("orchestrator-probe");
    var file = folder.resolve("file");
    try (var launch = sandbox.launch(NOTHING, true)) {
      var seen = Trial.run(List.of("/bin/sh", "-c", LOOK, file.toString()), launch).output();
      if (seen.endsWith("end\n")) {
        return judge(seen, Files.exists(file)) ? Optional.of(sandbox) : Optional.empty();
      }
      var simpler = without(sandbox, seen);
      if (simpler.isPresent()) {
        return look(simpler.get());
      }
      findings.add(blame(seen.strip()));
      return Optional.empty();
    } finally {
      Files.deleteIfExists(file);
      Files.delete(folder);
    }
  }

  /// The same without what a complaint is about: `--disable-userns` came with bubblewrap 0.8.0,
  /// `--ignore-signal` with GNU's `env` of coreutils 8.31, which others do not have.
  static Optional<BubblewrapSandbox> without(BubblewrapSandbox sandbox, String complaint) {
    if (sandbox.closesUserNamespaces() && complaint.contains("--disable-userns")) {
      return Optional.of(new BubblewrapSandbox(sandbox.program(), sandbox.env(), false));
    }
    if (sandbox.env().isPresent() && complaint.contains("-signal")) {
      return Optional.of(
          new BubblewrapSandbox(
              sandbox.program(), Optional.empty(), sandbox.closesUserNamespaces()));
    }
    return Optional.empty();
  }

  /// Which of its abilities bubblewrap complains about.
  static Finding blame(String complaint) {
    var said = complaint.lines().findFirst().orElse("it ended without a word");
    if (said.contains("RTM_NEWADDR") || said.contains("loopback")) {
      return new Finding(
          "network-namespace",
          false,
          said + " (common in containers: no right to set up a network)");
    }
    if (said.contains("namespace") || said.contains("uid map") || said.contains("setgroups")) {
      return new Finding(
          "user-namespace",
          false,
          said + " (user namespaces are switched off, or not allowed here)");
    }
    return new Finding("mounts", false, said);
  }

  private boolean judge(String seen, boolean written) throws IOException {
    var lines = seen.lines().toList();
    var before = findings.size();
    var pid = lines.getFirst().replace("pid ", "");
    var ownProcesses = pid.length() == 1 && pid.charAt(0) <= '0' + FIRST_NUMBERS;
    findings.add(
        new Finding(
            "user-namespace",
            ownProcesses && lines.contains("CapEff: 0000000000000000"),
            "the trial was process " + pid + " of its own"));
    var networks = new ArrayList<>(lines.stream().filter(it -> it.startsWith("net ")).toList());
    findings.add(
        new Finding(
            "network-namespace",
            networks.equals(List.of("net lo:")),
            "it saw " + (networks.isEmpty() ? "no network" : String.join(", ", networks))));
    var refused = !written && !lines.contains("written");
    findings.add(
        new Finding(
            "mounts", refused, refused ? "a write was refused" : "a write was not refused"));
    var filtered =
        lines.contains("Seccomp: 2")
            && lines.contains("NoNewPrivs: 1")
            && ConfinedThread.call(BubblewrapSandbox.restriction(NOTHING), Refusals::ofUnixSockets);
    findings.add(LandlockTrial.seccomp(filtered));
    return findings.stream().skip(before).allMatch(Finding::works);
  }
}
