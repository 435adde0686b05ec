package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.Program;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Holds nothing, and says so.
public record NoSandbox() implements Sandbox {
  @Override
  public String name() {
    return "none";
  }

  @Override
  public ConfinedLaunch launch(Confinement confinement, boolean terminal) {
    return new Plain();
  }

  @Override
  public List<String> notHeld(Confinement confinement) {
    return confinement.isNone() ? List.of() : List.of("nothing is held: no sandbox works here");
  }

  /// A start as it is.
  record Plain() implements ConfinedLaunch {
    @Override
    public <T> T start(Program program, Path file, Start<T> start) throws IOException {
      return Launch.PLAIN.start(program, file, start);
    }

    @Override
    public void close() {}
  }
}
