package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.event.SandboxReport.Finding;
import dev.orchestrator.engine.posix.ConfinedThread;
import dev.orchestrator.engine.posix.Landlock;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Refusals;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Tries Landlock and the filter on a thread of its own: what is refused there is refused to
/// whatever it would start.
final class LandlockTrial {
  private LandlockTrial() {}

  private record Seen(boolean writeRefused, boolean socketRefused) {}

  static Optional<Sandbox> run(List<Finding> findings) {
    var abi = Posix.isSupported() ? Landlock.abi() : 0;
    if (abi == 0) {
      findings.add(new Finding("landlock", false, "the kernel has none, or has it switched off"));
      return Optional.empty();
    }
    var sandbox = new LandlockSandbox(abi);
    try {
      var folder = Files.createTempDirectory("orchestrator-probe");
      try {
        var seen = look(sandbox, folder.resolve("file"));
        findings.add(
            new Finding(
                "landlock",
                seen.writeRefused(),
                "ABI "
                    + abi
                    + (seen.writeRefused()
                        ? ", a write was refused"
                        : ", a write was not refused")));
        if (findings.stream().noneMatch(it -> it.name().equals("seccomp"))) {
          findings.add(seccomp(seen.socketRefused()));
        }
        return seen.writeRefused() && seen.socketRefused()
            ? Optional.of(sandbox)
            : Optional.empty();
      } finally {
        Files.deleteIfExists(folder.resolve("file"));
        Files.delete(folder);
      }
    } catch (IOException e) {
      findings.add(new Finding("landlock", false, "ABI %d; %s".formatted(abi, e.getMessage())));
      return Optional.empty();
    }
  }

  private static Seen look(LandlockSandbox sandbox, Path file) throws IOException {
    var nothing = new Confinement(Level.READ_ONLY, List.of(), List.of(), false, List.of());
    return ConfinedThread.call(
        sandbox.restriction(nothing),
        () -> new Seen(Refusals.ofWriting(file), Refusals.ofUnixSockets()));
  }

  static Finding seccomp(boolean refused) {
    return new Finding(
        "seccomp", refused, refused ? "a call was refused" : "a call was not refused");
  }
}
