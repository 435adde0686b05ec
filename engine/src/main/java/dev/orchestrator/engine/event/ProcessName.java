package dev.orchestrator.engine.event;

/// A process as people recognise it.
///
/// @param command its command line, shortened
public record ProcessName(long pid, String command) {}
