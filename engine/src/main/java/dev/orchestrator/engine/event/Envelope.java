package dev.orchestrator.engine.event;

import java.time.Instant;

/// A fact with its place in the order of its run.
///
/// @param sequence 0 for the first fact, without gaps
public record Envelope(long sequence, Instant at, Event event) {}
