/// Gives facts one order and carries them to the subscribers.
///
/// | start with | for                                        |
/// |------------|--------------------------------------------|
/// | [EventBus] | publishing, and starting the subscribers   |
///
/// **Depends on** `event`. **Invariant:** no subscriber sees a fact before the journal has accepted
/// it; the only package that knows the Disruptor. **Threads:** `bus-0` for the journal and `bus-1`
/// for everyone else.
@NullMarked
package dev.orchestrator.engine.bus;

import org.jspecify.annotations.NullMarked;
