/// The C library, as this project uses it: descriptors, processes, signals and terminals.
///
/// | start with  | for                                                            |
/// |-------------|----------------------------------------------------------------|
/// | [Posix]     | reading, writing, waiting for and signalling by number         |
/// | [Spawner]   | starting a program with `posix_spawn`                          |
/// | [OsText]    | argument and environment bytes that are not valid UTF-8        |
/// | [Processes] | what `/proc` says about processes                              |
/// | [ConfinedThread] | starting something with rights given up: [SyscallFilter], [Landlock] |
///
/// **Depends on** `event`, for the size of a window. **Invariant:** no other package uses
/// `java.lang.foreign`. **Threads:** [ConfinedThread] starts one and waits for it; every other call
/// runs, and may block, on its caller's thread.
@NullMarked
package dev.orchestrator.engine.posix;

import org.jspecify.annotations.NullMarked;
