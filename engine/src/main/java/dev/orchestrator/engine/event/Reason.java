package dev.orchestrator.engine.event;

/// Why a verdict is what it is.
///
/// @param kind one word for programs: `policy`, `rule`, `grant`, `session`, `destructive`,
///   `opaque`, `escalation`, `untrusted`, `outside`, `sandbox`, `mcp`
/// @param text one sentence for people
public record Reason(String kind, String text) {}
