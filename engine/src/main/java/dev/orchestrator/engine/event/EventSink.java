package dev.orchestrator.engine.event;

import java.util.List;

/// Where facts are told.
@FunctionalInterface
public interface EventSink {
  /// Tells a fact. Returns before anyone has seen it; waits while the bus is full.
  ///
  /// @throws IllegalStateException if facts can no longer be kept
  void publish(Event event);

  /// Tells several facts that follow each other; waking the others once is cheaper than each time.
  ///
  /// @throws IllegalStateException if facts can no longer be kept
  default void publishAll(List<Event> events) {
    events.forEach(this::publish);
  }
}
