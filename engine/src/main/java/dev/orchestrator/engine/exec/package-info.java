/// Sessions: start, type, resize, read, spool, end; on a terminal or on pipes, behind one
/// interface.
///
/// | start with  | for                                                       |
/// |-------------|-----------------------------------------------------------|
/// | [Sessions]  | starting a program, and those that run                    |
/// | [Session]   | what can be done with one                                 |
/// | [Spool]     | what is kept of its output, and what is declared lost     |
/// | [Tree]      | whose processes are whose, and how they are ended         |
///
/// **Depends on** `exec.terminal`, `posix`, `event`. **Invariant:** a session is over only when its
/// process has ended, its output is complete and its tree is gone. **Threads:** one platform thread
/// per session, `session-<id>`, which owns the descriptors, and serves the next session afterwards;
/// while a tree is being ended, `reap-<id>`.
@NullMarked
package dev.orchestrator.engine.exec;

import org.jspecify.annotations.NullMarked;
