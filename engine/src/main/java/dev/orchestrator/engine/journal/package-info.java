/// Appends every fact to a file before anyone sees it, and reads a run back.
///
/// | start with | for                                  |
/// |------------|--------------------------------------|
/// | [Journal]  | both                                 |
///
/// **Depends on** `event`, `wire`. **Invariant:** whatever ends the process, the file is whole
/// lines and at most one broken one.
@NullMarked
package dev.orchestrator.engine.journal;

import org.jspecify.annotations.NullMarked;
