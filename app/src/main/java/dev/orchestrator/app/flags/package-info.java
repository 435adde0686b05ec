/// The command line: what can be said, and what was said.
///
/// | start with     | for                                         |
/// |----------------|---------------------------------------------|
/// | [CommandLines] | help, manual and completion                 |
/// | [RunFlags]     | what was asked of `orchestrator run`        |
///
/// **Depends on** values of `approval`, `event`, `exec`, `record`, `sandbox`, `wire` and
/// `headless`. **Invariant:** the only package that knows picocli.
@NullMarked
package dev.orchestrator.app.flags;

import org.jspecify.annotations.NullMarked;
