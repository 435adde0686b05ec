/// The real terminal. The only package that knows JLine.
///
/// | start with   | for                                       |
/// |--------------|-------------------------------------------|
/// | [LinePrompt] | questions, a line at a time               |
///
/// **Depends on** `engine.approval`, `engine.event`. **Invariant:** what was typed before a
/// question was shown never answers it.
@NullMarked
package dev.orchestrator.tui.terminal;

import org.jspecify.annotations.NullMarked;
