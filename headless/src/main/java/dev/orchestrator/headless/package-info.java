/// Runs without a screen: lines out, an exit code.
///
/// | start with   | for                                              |
/// |--------------|--------------------------------------------------|
/// | [JsonOutput] | facts as lines on standard output                |
/// | [ExitCode]   | what the orchestrator ends with                  |
/// | [StdioApprovals] | answers from standard input                  |
///
/// **Depends on** `engine`'s root, `approval`, `event`, `wire`. **Invariant:** standard output has
/// one writer. **Threads:** `stdout`, which may block on a slow reader without holding anyone up;
/// `answers`.
@NullMarked
package dev.orchestrator.headless;

import org.jspecify.annotations.NullMarked;
