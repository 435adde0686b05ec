/// The program: command line, wiring, exit.
///
/// | start with    | for                                     |
/// |---------------|-----------------------------------------|
/// | [Main]        | what happens between start and exit     |
/// | [Composition] | how the parts are put together          |
///
/// **Depends on** everything. **Invariant:** the only package that reads the environment, knows the
/// settings as a whole, and ends the process.
@NullMarked
package dev.orchestrator.app;

import org.jspecify.annotations.NullMarked;
