/// What must never be shown: values that say nothing about themselves, and texts without them.
///
/// | start with  | for                                                |
/// |-------------|----------------------------------------------------|
/// | [Secret]    | holding a key or token                             |
/// | [Redaction] | texts in which secret variables may stand          |
///
/// **Depends on** nothing of ours. **Invariant:** no text made here contains a secret.
@NullMarked
package dev.orchestrator.engine.secret;

import org.jspecify.annotations.NullMarked;
