package dev.orchestrator.engine.testing;

import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.EventSink;
import java.util.ArrayList;
import java.util.List;

/// Remembers every fact it is told.
///
/// Safe from any thread.
public final class RecordingSink implements EventSink {
  // Guarded by this.
  private final List<Event> facts = new ArrayList<>();

  @Override
  public synchronized void publish(Event event) {
    facts.add(event);
  }

  /// What was told so far, in order.
  public synchronized List<Event> facts() {
    return List.copyOf(facts);
  }

  /// What was told so far of one kind, in order.
  public <T extends Event> List<T> facts(Class<T> kind) {
    return facts().stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}
