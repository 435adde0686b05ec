package dev.orchestrator.engine.tool;

import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.sandbox.Denial;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// One call of a tool, ready to be put through the [ToolOrchestrator].
///
/// @param <R> what an attempt results in
public interface Tool<R> {
  /// Its name in facts, such as `exec_command`.
  String name();

  /// What is judged and asked about.
  Subject subject();

  /// What speaks for it in the words of whoever calls it, to be shown when somebody is asked.
  default List<Reason> reasons() {
    return List.of();
  }

  /// Where it runs; absolute.
  Path directory();

  /// Whether it gets a terminal.
  default boolean onTerminal() {
    return false;
  }

  /// Whether it starts programs, which must then be held; what it does itself is not.
  default boolean startsPrograms() {
    return true;
  }

  /// Tries once. Blocks until it is over. A command that ran and failed is a result.
  ///
  /// @throws TransientFailure if another try may well succeed, before anything was done
  /// @throws IOException if it cannot be done
  R attempt(Attempt attempt) throws InterruptedException, IOException;

  /// Signs that the attempt was stopped by its confinement.
  List<Denial> denials(R result, Attempt attempt);
}
