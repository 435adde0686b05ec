/// What a run leaves on disk besides its journal and spool: manifest, metrics and state, each
/// written atomically, and the note by which a dead run's processes are found.
///
/// | start with  | for                                                         |
/// |-------------|-------------------------------------------------------------|
/// | [RunFolder] | where a run is kept                                         |
/// | [Manifest]  | what ran, how confined, how it ended                        |
/// | [LiveRun]   | finding and ending what a killed orchestrator left running  |
/// | [Metrics]   | numbers over all runs of a task                             |
///
/// **Depends on** `event`, `wire`, `posix`. **Invariant:** a reader sees the old document or the
/// new one, never half of one.
@NullMarked
package dev.orchestrator.engine.record;

import org.jspecify.annotations.NullMarked;
