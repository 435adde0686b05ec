/// Test support that other modules may use as well.
@NullMarked
package dev.orchestrator.engine.testing;

import org.jspecify.annotations.NullMarked;
