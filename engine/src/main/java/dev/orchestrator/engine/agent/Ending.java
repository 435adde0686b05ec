package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.tool.DeniedBy;
import dev.orchestrator.engine.tool.ToolResult;
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
  synchronized void refused(ToolResult.Refused<?> it) {
    if (it.unanswered()) {
      unanswered = unanswered == null ? it.reason() : unanswered;
    } else {
      refused(it.reason());
    }
    if (it.endsRun()) {
      endRun(it.reason());
    }
  }

  /// A call was not run.
  synchronized void refused(String reason) {
    refused = refused == null ? reason : refused;
  }

  /// A call was stopped by the sandbox. That nobody is asked is how the sandbox is meant; that
  /// somebody was asked in vain is not.
  synchronized void blocked(ToolResult.Blocked<?> it) {
    switch (it.by()) {
      case DeniedBy.Verdict _ -> {}
      case DeniedBy.Person _ -> refused(it.reason());
      case DeniedBy.Nobody _ -> unanswered = unanswered == null ? it.reason() : unanswered;
    }
    if (it.endsRun()) {
      endRun(it.reason());
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

  /// Why the run is to fail: an answer did not come. Null if it is not.
  synchronized @Nullable String fatal() {
    return fatal;
  }
}
