/// Measures the distribution beside the plainest thing that does the same work.
///
/// | start with   | for                                             |
/// |--------------|-------------------------------------------------|
/// | [Benchmarks] | the order of the parts, and when a run fails    |
/// | [Table]      | what is printed                                 |
/// | [Watch]      | how time and memory of a process are taken      |
///
/// **Depends on** the engine's packages, as a user of them. **Invariant:** nothing is left behind,
/// and nothing is written outside the build folder, but for the empty folders that a sandbox guards
/// protected names in `/tmp` with while a command runs.
@NullMarked
package dev.orchestrator.app.bench;

import org.jspecify.annotations.NullMarked;
