package dev.orchestrator.engine.exec.terminal;

import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Program;
import java.io.IOException;

/// A way to start programs on terminals of their own.
///
/// Whichever it is: the program is the leader of a new session, the terminal controls it and has
/// its size before the program starts, signals are as after login, and no descriptor of this
/// process is inherited. Safe from any thread.
public interface Terminals {
  /// The variable that chooses a backend: `native` or `pty4j`.
  String CHOICE = "ORCHESTRATOR_PTY";

  /// The backend's name in facts and messages.
  String name();

  /// Starts a program.
  ///
  /// @param typing whether its standard input is the terminal; `/dev/null` otherwise
  /// @throws dev.orchestrator.engine.posix.SpawnException if the program cannot be started
  /// @throws IOException if there is no terminal left
  Child start(Program program, WindowSize size, boolean typing, Launch launch) throws IOException;

  /// A started program.
  ///
  /// @param master the terminal's master descriptor, owned by the caller from now on
  record Child(long pid, int master) {}

  /// The backend for this system, or the one asked for.
  ///
  /// @param choice value of [#CHOICE]; empty for the best one
  /// @throws IllegalArgumentException if there is no such backend
  static Terminals choose(String choice) {
    return switch (choice) {
      case "" -> Posix.isSupported() ? new NativeTerminals() : new Pty4jTerminals();
      case "native" -> new NativeTerminals();
      case "pty4j" -> new Pty4jTerminals();
      default ->
          throw new IllegalArgumentException(
              "%s is '%s'; use native or pty4j, or unset it".formatted(CHOICE, choice));
    };
  }
}
