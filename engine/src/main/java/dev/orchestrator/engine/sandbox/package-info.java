/// Confinements, the backends that hold a command to them, the probe, and the evidence of a denial.
///
/// | start with    | for                                                       |
/// |---------------|-----------------------------------------------------------|
/// | [Confinement] | what a command may do                                     |
/// | [Sandboxes]   | finding out what works here, and choosing a backend       |
/// | [Sandbox]     | holding one command; `Mounts` is the heart of bubblewrap's |
/// | [Evidence]    | telling afterwards whether the confinement stopped it     |
///
/// **Depends on** `posix`, `event`. **Invariant:** nothing is called confined that was not.
/// **Threads:** one per start (`confined`), which gives up its rights, starts the command, and
/// ends.
@NullMarked
package dev.orchestrator.engine.sandbox;

import org.jspecify.annotations.NullMarked;
