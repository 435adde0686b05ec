package dev.orchestrator.engine.exec.terminal;

import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.posix.Executables;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.posix.Spawner;
import dev.orchestrator.engine.posix.Tty;
import java.io.IOException;

/// Terminals straight from the C library; Linux with glibc.
final class NativeTerminals implements Terminals {
  @Override
  public String name() {
    return "native";
  }

  @Override
  public Child start(Program program, WindowSize size, boolean typing, Launch launch)
      throws IOException {
    var file = Executables.find(program);
    var terminal = Tty.open();
    try {
      // Before the program starts, so that it never sees a size of 0x0.
      Tty.resize(terminal.master(), size);
      var pid =
          launch.start(
              program, file, (it, at) -> Spawner.onTerminal(it, at, terminal.slave(), typing));
      return new Child(pid, terminal.master());
    } catch (IOException e) {
      Posix.close(terminal.master());
      throw e;
    }
  }
}
