/// The command line: what can be said, and what was said.
///
/// | start with     | for                                         |
/// |----------------|---------------------------------------------|
/// | [CommandLines] | help, manual and completion                 |
/// | [RunFlags]     | what was asked of `orchestrator run`        |
///
/// **Depends on** nothing of ours but `event` and `headless` values. **Invariant:** the only
/// package that knows picocli.
@NullMarked
package dev.orchestrator.app.flags;

import org.jspecify.annotations.NullMarked;
