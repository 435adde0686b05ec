package dev.orchestrator.engine.exec.terminal;

import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.posix.Executables;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Spawner;
import java.io.IOException;

/// Terminals straight from the C library; Linux with glibc.
final class NativeTerminals implements Terminals {
  @Override
  public String name() {
    return "native";
  }

  @Override
  public Child start(Program program, WindowSize size, boolean typing) throws IOException {
    var file = Executables.find(program);
    var terminal = Posix.openTerminal();
    try {
      // Before the program starts, so that it never sees a size of 0x0.
      Posix.resize(terminal.master(), size);
      return new Child(
          Spawner.onTerminal(program, file, terminal.slave(), typing), terminal.master());
    } catch (IOException e) {
      Posix.close(terminal.master());
      throw e;
    }
  }
}
