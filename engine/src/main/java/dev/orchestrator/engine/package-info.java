/// The engine as its front ends see it: a request in, facts out.
///
/// | start with   | for                                             |
/// |--------------|-------------------------------------------------|
/// | [CommandRun] | one command from request to summary             |
/// | [Reaper]     | what a killed run has left                      |
///
/// **Depends on** everything below. **Invariant:** a run that has begun ends with a
/// [dev.orchestrator.engine.event.Summary], on every path.
@NullMarked
package dev.orchestrator.engine;

import org.jspecify.annotations.NullMarked;
