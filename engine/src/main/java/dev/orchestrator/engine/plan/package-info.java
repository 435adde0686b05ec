/// A shell command as a plan: simple commands, redirections, assignments, wherever they stand.
///
/// | start with | for                              |
/// |------------|----------------------------------|
/// | [Plan]     | what a plan tells                |
///
/// **Depends on** nothing of ours. **Invariant:** what is not understood is a doubt, never left
/// out.
@NullMarked
package dev.orchestrator.engine.plan;

import org.jspecify.annotations.NullMarked;
