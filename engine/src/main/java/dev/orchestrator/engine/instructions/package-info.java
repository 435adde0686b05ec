/// What users and projects tell agents, in `AGENTS.md` files, and where an agent works.
///
/// | start with           | for                                                |
/// |----------------------|----------------------------------------------------|
/// | [Instructions]       | finding the files, the message that they make      |
/// | [EnvironmentContext] | telling the model where it works                   |
///
/// **Depends on** `settings`. **Invariant:** a project that is marked as untrusted tells nothing;
/// no project tells more bytes than `project_doc_max_bytes`.
@NullMarked
package dev.orchestrator.engine.instructions;

import org.jspecify.annotations.NullMarked;
