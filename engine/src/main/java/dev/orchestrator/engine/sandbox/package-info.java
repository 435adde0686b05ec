/// Confinements, the backends that hold a command to them, the probe, and the evidence of a denial.
///
/// | start with    | for                                   |
/// |---------------|---------------------------------------|
/// | [Confinement] | what a command may do                 |
///
/// **Depends on** nothing of ours. **Invariant:** nothing is called confined that was not.
@NullMarked
package dev.orchestrator.engine.sandbox;

import org.jspecify.annotations.NullMarked;
