/// A step of the build, and no part of a run: see [dev.orchestrator.app.link.LinkAhead].
@NullMarked
package dev.orchestrator.app.link;

import org.jspecify.annotations.NullMarked;
