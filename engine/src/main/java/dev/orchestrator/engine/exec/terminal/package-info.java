/// Terminals for children: two ways to start a program on one, behind one interface.
///
/// | start with  | for                                         |
/// |-------------|---------------------------------------------|
/// | [Terminals] | choosing a backend and starting a program   |
///
/// **Depends on** `posix`, `event`. **Invariant:** the only package that knows pty4j.
@NullMarked
package dev.orchestrator.engine.exec.terminal;

import org.jspecify.annotations.NullMarked;
