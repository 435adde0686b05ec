/// Every fact, and every value that appears in one.
///
/// | start with  | for                                          |
/// |-------------|----------------------------------------------|
/// | [Event]     | what can happen, in the order it can happen  |
/// | [EventSink] | saying that it happened                      |
/// | [Subscriber]| hearing about it                             |
///
/// **Depends on** nothing. **Invariant:** everything here is immutable and does no input or output.
@NullMarked
package dev.orchestrator.engine.event;

import org.jspecify.annotations.NullMarked;
