package dev.orchestrator.engine.event;

/// Where facts are told.
public interface EventSink {
  /// Tells a fact. Returns before anyone has seen it; waits while the bus is full.
  ///
  /// @throws IllegalStateException if facts can no longer be kept
  void publish(Event event);
}
