/// Gives facts one order and carries them to the subscribers.
///
/// | start with | for                                        |
/// |------------|--------------------------------------------|
/// | [EventBus] | publishing, and starting the subscribers   |
///
/// **Depends on** `event`. **Invariant:** no subscriber sees a fact before the journal has accepted
/// it; the only package that knows the Disruptor. **Threads:** one platform thread per subscriber,
/// `bus-<n>`.
@NullMarked
package dev.orchestrator.engine.bus;

import org.jspecify.annotations.NullMarked;
