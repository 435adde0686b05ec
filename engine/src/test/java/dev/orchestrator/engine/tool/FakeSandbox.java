package dev.orchestrator.engine.tool;

import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.sandbox.ConfinedLaunch;
import dev.orchestrator.engine.sandbox.Confinement;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Holds nothing, and counts what it was asked to hold.
final class FakeSandbox implements ToolOrchestrator.Holder {
  String name = "fake";
  @Nullable IOException failure;
  int closed;

  @Override
  public String name() {
    return name;
  }

  @Override
  public ConfinedLaunch launch(Confinement confinement, boolean terminal) throws IOException {
    if (failure != null) {
      throw failure;
    }
    return new ConfinedLaunch() {
      @Override
      public <T> T start(Program program, Path file, Start<T> start) throws IOException {
        return Launch.PLAIN.start(program, file, start);
      }

      @Override
      public void close() {
        closed++;
      }
    };
  }

  @Override
  public List<String> notHeld(Confinement confinement) {
    return List.of("nothing much");
  }
}
