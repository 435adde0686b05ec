/// One turn: ask the model, run its calls, until it has nothing more to call.
///
/// | start with | for |
/// |---|---|
/// | [Agent] | a turn from its prompt to its end |
/// | `Turn` | the loop |
/// | `Toolbox` | the calls of one reply |
/// | `ExecCommand`, `WriteStdin`, `ApplyPatch`, `UpdatePlan`, `ViewImage` | a tool each |
/// | `Items` | what a person sees of it |
///
/// **Depends on** `approval`, `event`, `exec`, `model`, `patch`, `plan`, `posix`, `sandbox`,
/// `secret`, `thread`, `tool`, `wire`.
///
/// **Invariant:** every call goes through the one door and is answered, in its place; every item
/// that was started is completed.
///
/// **Threads:** `call-N`, one for each call of a reply that has several.
@NullMarked
package dev.orchestrator.engine.agent;

import org.jspecify.annotations.NullMarked;
