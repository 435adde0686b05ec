/// A shell command as a plan: simple commands, redirections, assignments, wherever they stand.
///
/// | start with   | for                                                      |
/// |--------------|----------------------------------------------------------|
/// | [Plan]       | what a plan tells                                        |
/// | [Plans]      | making one                                               |
/// | [Dangers]    | what destroys something                                  |
/// | [KnownReads] | what changes nothing                                     |
/// | [Privileged] | variables that no rule for a program covers              |
/// | [Statements] | how a script is walked through                           |
/// | [Script]     | what tree-sitter's tree is checked for before it is used |
///
/// **Depends on** nothing of ours. The only package that knows tree-sitter, which is loaded when
/// the first script is read. **Invariant:** what is not understood is a doubt, never left out.
@NullMarked
package dev.orchestrator.engine.plan;

import org.jspecify.annotations.NullMarked;
