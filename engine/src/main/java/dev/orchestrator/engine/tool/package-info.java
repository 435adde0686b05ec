/// Takes one call from request to result: verdict, question, confinement, attempt, evidence, retry.
///
/// | start with         | for                                     |
/// |--------------------|-----------------------------------------|
/// | [ToolOrchestrator] | putting a call through                  |
/// | [Tool]             | what a tool must do for that            |
///
/// **Depends on** `event`, `approval`, `plan`, `posix`, `sandbox`. **Invariant:** no attempt
/// without a verdict, and none is called confined that was not; a bug in one tool is that call's
/// failure.
@NullMarked
package dev.orchestrator.engine.tool;

import org.jspecify.annotations.NullMarked;
