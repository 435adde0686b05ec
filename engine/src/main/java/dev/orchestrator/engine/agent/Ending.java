package dev.orchestrator.engine.agent;

import org.jspecify.annotations.Nullable;

/// What the calls of a turn say about how the run will have ended. The first of a kind counts.
///
/// Safe from any thread.
final class Ending {
  // Guarded by this.
  private @Nullable String unanswered;
  private @Nullable String refused;
  private @Nullable String unconfined;
  private @Nullable String fatal;

  /// A call was not run.
  ///
  /// @param nobody whether somebody had to be asked and nobody answered
  synchronized void refused(String reason, boolean nobody) {
    if (nobody) {
      unanswered = unanswered == null ? reason : unanswered;
    } else {
      refused = refused == null ? reason : refused;
    }
  }

  /// There was no sandbox to run a call in.
  synchronized void unconfined(String reason) {
    unconfined = unconfined == null ? reason : unconfined;
  }

  /// The run is to fail for an answer that did not come.
  synchronized void endRun(String reason) {
    fatal = fatal == null ? reason : fatal;
  }

  synchronized @Nullable String unanswered() {
    return unanswered;
  }

  synchronized @Nullable String refused() {
    return refused;
  }

  synchronized @Nullable String unconfined() {
    return unconfined;
  }

  synchronized @Nullable String fatal() {
    return fatal;
  }
}
