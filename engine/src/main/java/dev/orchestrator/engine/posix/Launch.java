package dev.orchestrator.engine.posix;

import java.io.IOException;
import java.nio.file.Path;

/// How a program comes into the world: as it is, or held by a sandbox.
///
/// Safe from any thread.
public interface Launch {
  /// As it is.
  Launch PLAIN =
      new Launch() {
        @Override
        public <T> T start(Program program, Path file, Start<T> start) throws IOException {
          return start.start(program, file);
        }
      };

  /// Starts a program: with other words around it, on another thread, or simply so.
  ///
  /// @param file the program's file, as [Executables] found it
  /// @param start does the starting; called once
  /// @return what it returned
  /// @throws IOException if the program cannot be started, or cannot be held as promised
  <T> T start(Program program, Path file, Start<T> start) throws IOException;

  /// Whether whoever waits for what was started is told of all processor time that was used.
  default boolean tellsAllTime() {
    return true;
  }

  /// Starts a program on descriptors that are known already.
  interface Start<T> {
    T start(Program program, Path file) throws IOException;
  }
}
