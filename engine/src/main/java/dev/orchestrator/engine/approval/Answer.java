package dev.orchestrator.engine.approval;

import org.jspecify.annotations.Nullable;

/// What somebody says to a question.
public sealed interface Answer {
  /// Yes.
  ///
  /// @param choice one of the question's choices; empty for its preset
  record Allow(String choice) implements Answer {}

  /// No.
  ///
  /// @param reason what the model is told; null if nothing was said
  /// @param remembered whether the same is refused from now on in this workspace
  record Deny(@Nullable String reason, boolean remembered) implements Answer {}
}
