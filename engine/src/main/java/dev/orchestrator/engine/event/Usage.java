package dev.orchestrator.engine.event;

/// Tokens a thread has used so far.
public record Usage(long input, long cachedInput, long cacheWrite, long output, long reasoning) {
  /// A thread that has asked no model.
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0);
}
