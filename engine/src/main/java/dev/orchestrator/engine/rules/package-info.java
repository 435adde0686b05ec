/// Rules about commands, as Codex's `.rules` files say them.
///
/// | start with         | for                                        |
/// |--------------------|--------------------------------------------|
/// | [RuleSet]          | loading files, asking about a command      |
/// | [RulesException]   | what is said about a file that is not read |
/// | [Declarations]     | which calls a file may hold                |
///
/// **Depends on** nothing of ours. **Invariant:** a file that is not understood to its last
/// character gives no rules at all.
@NullMarked
package dev.orchestrator.engine.rules;

import org.jspecify.annotations.NullMarked;
