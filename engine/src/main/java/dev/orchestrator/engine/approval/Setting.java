package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.sandbox.Confinement;
import java.nio.file.Path;

/// Where a call is judged, and by what.
///
/// @param confinement what calls run in unless something else is allowed
/// @param workspace root of the work tree, or the folder the run was started in; absolute
public record Setting(
    Policy policy, Confinement confinement, Path workspace, RunId run, String task) {

  /// The value of [Grant#where] for an answer of this scope given here.
  public String where(Scope scope) {
    return switch (scope) {
      case RUN -> run.value();
      case TASK -> task;
      case WORKSPACE -> workspace.toString();
      case USER -> "";
    };
  }

  /// Whether a remembered answer was given for here.
  boolean isIn(Grant grant) {
    return where(grant.scope()).equals(grant.where());
  }
}
