/// Whether a call needs an answer, who is asked, and how long a yes lasts.
///
/// | start with | for                                                        |
/// |------------|------------------------------------------------------------|
/// | [Judge]    | the verdict about a call                                   |
/// | [Desk]     | asking a question and waiting for the first valid answer   |
/// | [Grants]   | answers that are remembered                                |
/// | [Choices]  | ways to say yes, with their reach                          |
///
/// **Depends on** `event`, `plan`, `posix`, `sandbox`, `wire`. **Invariant:** under [Policy.Never]
/// nothing is ever asked; what is unsure is never more permissive than asking.
@NullMarked
package dev.orchestrator.engine.approval;

import org.jspecify.annotations.NullMarked;
