package dev.orchestrator.engine.thread;

import java.util.UUID;

/// Where a thread was forked from. Immutable.
///
/// @param thread the other thread, which is read as well
/// @param before the first record of it that does not count
public record Origin(UUID thread, long before) {}
