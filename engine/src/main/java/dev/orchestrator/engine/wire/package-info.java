/// Facts as lines of JSON and back; the only place that knows a wire name.
///
/// | start with     | for                                              |
/// |----------------|--------------------------------------------------|
/// | [JsonlEncoder] | the line of a fact, in either dialect            |
/// | [Json]         | writing and reading other JSON documents         |
/// | [Schemas]      | the JSON Schema of every line                    |
///
/// **Depends on** `event`, `posix` (for text that is not valid Unicode). **Invariant:** fields are
/// added, never renamed or removed; the only package that knows Jackson.
@NullMarked
package dev.orchestrator.engine.wire;

import org.jspecify.annotations.NullMarked;
