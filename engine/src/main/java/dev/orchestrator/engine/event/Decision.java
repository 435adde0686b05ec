package dev.orchestrator.engine.event;

/// What becomes of a call, from the most to the least permissive.
public enum Decision {
  /// It runs.
  RUN,
  /// Somebody must say so first.
  ASK,
  /// It does not run.
  REFUSE;

  /// The stricter of the two.
  public Decision and(Decision other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
