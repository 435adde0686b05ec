package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.event.SandboxReport.Finding;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Looks for macOS's sandbox.
final class SeatbeltTrial {
  private static final Path PROGRAM = Path.of("/usr/bin/sandbox-exec");

  private SeatbeltTrial() {}

  static Optional<Sandbox> run(List<Finding> findings) {
    var found = Files.isExecutable(PROGRAM);
    findings.add(
        new Finding("seatbelt", found, found ? PROGRAM.toString() : PROGRAM + " is missing"));
    return found ? Optional.of(new SeatbeltSandbox(PROGRAM)) : Optional.empty();
  }
}
