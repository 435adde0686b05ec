package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.posix.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Holds commands with `sandbox-exec(1)` of macOS.
///
/// @param program the file of `sandbox-exec`
public record SeatbeltSandbox(Path program) implements Sandbox {
  @Override
  public String name() {
    return "seatbelt";
  }

  @Override
  public ConfinedLaunch launch(Confinement confinement, boolean terminal) {
    return confinement.isNone() ? new NoSandbox.Plain() : new Sealed(program, confinement);
  }

  @Override
  public List<String> notHeld(Confinement confinement) {
    return confinement.isNone()
        ? List.of()
        : List.of(
            "the command sees all processes, and what it leaves behind must be found and ended");
  }

  private record Sealed(Path sandboxExec, Confinement confinement) implements ConfinedLaunch {
    @Override
    public <T> T start(Program program, Path file, Start<T> start) throws IOException {
      var words = new ArrayList<>(List.of("sandbox-exec"));
      words.addAll(SeatbeltProfile.of(confinement).options());
      words.add("--");
      words.add(file.toString());
      words.addAll(program.arguments().subList(1, program.arguments().size()));
      return start.start(
          new Program(words, program.environment(), program.directory()), sandboxExec);
    }

    @Override
    public void close() {}
  }
}
