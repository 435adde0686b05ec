/// Runs without a screen: lines out, an exit code.
///
/// | start with   | for                                              |
/// |--------------|--------------------------------------------------|
/// | [JsonOutput] | facts as lines on standard output                |
/// | [ExitCode]   | what the orchestrator ends with                  |
/// | [HumanOutput] | the same for people, in the manner of `codex exec` |
/// | [StdioApprovals] | answers from standard input                  |
/// | [AskProgram] | answers from a program of the user's             |
/// | [NotifyProgram] | tells a program of the user's that a turn is over |
///
/// **Depends on** `engine`'s root, `approval`, `event`, `posix`, `secret`, `wire`. **Invariant:**
/// standard output has one writer. **Threads:** `stdout` and `human`, which may block on a slow
/// reader without holding anyone up; `answers`; `ask`, one for each question to a program.
@NullMarked
package dev.orchestrator.headless;

import org.jspecify.annotations.NullMarked;
