package dev.orchestrator.engine.event;

/// Why a verdict is what it is.
///
/// @param kind one word for programs: `policy`, `rule`, `grant`, `session`, `destructive`,
///   `opaque`, `escalation`, `untrusted`, `outside`, `sandbox`, `mcp`, `justification`
/// @param text one sentence for people
public record Reason(String kind, String text) {
  /// The kind of what the model says for its call: no fact, only its words.
  public static final String JUSTIFICATION = "justification";
}
