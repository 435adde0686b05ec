package dev.orchestrator.engine;

import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.event.Summary.Outcome;
import java.util.Optional;

/// Which code the orchestrator itself ends with.
public interface ExitPolicy {
  /// The code for a run's end.
  ///
  /// @param exit how the command's process ended, if one was started
  /// @param stop why the run was ended early, if it was
  /// @return 0 to 255
  int code(Outcome outcome, Optional<Exit> exit, Optional<Stop> stop);
}
