/// Conversations on disk: start, resume, fork.
///
/// | start with     | for                                                        |
/// |----------------|------------------------------------------------------------|
/// | [ThreadStore]  | finding threads, beginning, resuming and forking them      |
/// | [ThreadLog]    | what is kept while a thread is under way                   |
/// | [StoredThread] | what was kept                                              |
///
/// A thread is one file, a *rollout*, of lines in the shape that Codex gives them: `timestamp`,
/// `ordinal`, `type`, `payload`.
///
/// **Depends on** `event`, `model`, `posix`, `secret`, `wire`. **Invariant:** whatever ends the
/// process, a rollout is whole lines and at most one broken one at its end; one log at a time
/// writes it.
@NullMarked
package dev.orchestrator.engine.thread;

import org.jspecify.annotations.NullMarked;
