package dev.orchestrator.app;

import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.sandbox.Sandboxes;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// Finds out which sandbox works here, beside whatever else there is to do: it starts a program or
/// two and mostly waits for them.
final class Probing {
  private final FutureTask<Optional<Sandboxes.Probe>> task;

  private Probing(FutureTask<Optional<Sandboxes.Probe>> task) {
    this.task = task;
  }

  /// Begins; nothing is tried if nothing is to be confined.
  static Probing start(Access access, Invocation invocation) {
    var task = new FutureTask<>(() -> Parts.probe(access, invocation));
    Thread.ofPlatform().name("probe").daemon().start(task);
    return new Probing(task);
  }

  /// Waits for what was found.
  ///
  /// @throws UsageError if the environment asks for a sandbox that does not exist
  Optional<Sandboxes.Probe> await() throws UsageError, InterruptedException {
    try {
      return task.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case UsageError it -> throw it;
        case RuntimeException it -> throw it;
        case Error it -> throw it;
        case null, default -> throw new IllegalStateException(e);
      }
    }
  }
}
