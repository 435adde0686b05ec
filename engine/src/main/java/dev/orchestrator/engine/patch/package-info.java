/// Patches in Codex's `apply_patch` format: read, verified against a folder, applied.
///
/// | start with      | for                                                              |
/// |-----------------|------------------------------------------------------------------|
/// | [Patch]         | what a patch says                                                |
/// | [PatchPlan]     | what it would do, all of it verified before anything is changed  |
/// | [PatchProgram]  | the command `apply-patch`: part after part, and what it prints   |
/// | [PatchCall]     | a shell script that is nothing but a call of `apply_patch`       |
///
/// **Depends on** nothing of ours. **Invariant:** a plan changes nothing until it is applied, and
/// what is written is what the plan says, at the paths that the plan says.
@NullMarked
package dev.orchestrator.engine.patch;

import org.jspecify.annotations.NullMarked;
