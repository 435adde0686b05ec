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

  private final Tools tools;
  private final List<Finding> findings;

  private BubblewrapTrial(Tools tools, List<Finding> findings) {
    this.tools = tools;
    this.findings = findings;
  }

  static Optional<Sandbox> run(Tools tools, List<Finding> findings) {
    return new BubblewrapTrial(tools, findings).run();
  }

  private Optional<Sandbox> run() {
    var program = Posix.isSupported() ? tools.find("bwrap") : Optional.<Path>empty();
    if (program.isEmpty()) {
      findings.add(
          new Finding(
              "bubblewrap", false, "bwrap not found in PATH; install the package bubblewrap"));
      return Optional.empty();
    }
    try {
      var version = Trial.run(List.of(program.get().toString(), "--version")).output().strip();
      findings.add(new Finding("bubblewrap", true, "%s (%s)".formatted(program.get(), version)));
      var env = tools.find("env").filter(BubblewrapTrial::canIgnoreSignals);
      var sandbox = new BubblewrapSandbox(program.get(), env, closesUserNamespaces(version));
      return look(sandbox) ? Optional.of(sandbox) : Optional.empty();
    } catch (IOException e) {
      findings.add(new Finding("bubblewrap", false, String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }

  /// GNU's since coreutils 8.31; others complain about the option.
  private static boolean canIgnoreSignals(Path env) {
    try {
      var words = List.of(env.toString(), "--ignore-signal=INT", "--default-signal=INT", "true");
      return Trial.run(words).code() == 0;
    } catch (IOException _) {
      return false;
    }
  }

  /// `--disable-userns` came with 0.8.0.
  static boolean closesUserNamespaces(String version) {
    var numbers = version.replaceFirst("^\\D*", "").split("\\.", -1);
    try {
      return numbers.length > 1
          && (Integer.parseInt(numbers[0]) > 0 || Integer.parseInt(numbers[1]) >= 8);
    } catch (NumberFormatException _) {
      return false;
    }
  }

  private boolean look(BubblewrapSandbox sandbox) throws IOException {
    var folder = Files.createTempDirectory("orchestrator-probe");
    var nothing = new Confinement(Level.READ_ONLY, List.of(), List.of(), false, List.of());
    try (var launch = sandbox.launch(nothing, false)) {
      var words = List.of("/bin/sh", "-c", LOOK, folder.resolve("file").toString());
      var seen = Trial.run(words, launch);
      if (!seen.output().endsWith("end\n")) {
        findings.add(blame(seen.output().strip()));
        return false;
      }
      return judge(seen.output(), Files.exists(folder.resolve("file")), nothing);
    } finally {
      Files.deleteIfExists(folder.resolve("file"));
      Files.delete(folder);
    }
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

  private boolean judge(String seen, boolean written, Confinement nothing) throws IOException {
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
            && ConfinedThread.call(BubblewrapSandbox.restriction(nothing), Refusals::ofUnixSockets);
    findings.add(LandlockTrial.seccomp(filtered));
    return findings.stream().skip(before).allMatch(Finding::works);
  }
}
