package dev.orchestrator.engine.thread;

import java.nio.file.Path;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A thread as a list shows it. Immutable.
///
/// @param id names it
/// @param name what people call it; null for nothing
/// @param cwd where it began
/// @param provider the model provider it began with
/// @param updated when something was last kept
/// @param prompt the beginning of its first prompt, one line of at most 80 characters; empty if
///   there was none
/// @param file where it is kept
public record ListedThread(
    UUID id,
    @Nullable String name,
    Path cwd,
    String provider,
    Instant updated,
    String prompt,
    Path file) {}
