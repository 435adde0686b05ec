/// Whether a message is what a JSON Schema asks for.
///
/// | start with | for |
/// |---|---|
/// | [AnswerSchema] | a schema, and what is wrong with a message |
///
/// **Depends on** `agent`, `wire`.
///
/// **Invariant:** checking ends in time, whatever the schema and the message are, and fetches
/// nothing. The only package that knows the validator.
///
/// **Threads:** `schema`, one for each check.
@NullMarked
package dev.orchestrator.engine.schema;

import org.jspecify.annotations.NullMarked;
