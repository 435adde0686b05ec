package dev.orchestrator.engine.event;

/// Hears every fact in order, on a thread of the bus: always the same one. It must be quick, as
/// others may hear the fact after it.
public interface Subscriber {
  /// Takes one fact.
  ///
  /// @param last whether no further fact is waiting, so that buffered work should be finished now
  /// @throws Exception if it cannot go on; the bus then reports failure to whoever publishes
  void accept(Envelope envelope, boolean last) throws Exception;
}
