package dev.orchestrator.engine.event;

/// Tokens: of a request, a turn, or a thread so far.
public record Usage(long input, long cachedInput, long cacheWrite, long output, long reasoning) {
  /// A thread that has asked no model.
  public static final Usage NONE = new Usage(0, 0, 0, 0, 0);

  /// Both together.
  public Usage plus(Usage more) {
    return new Usage(
        input + more.input,
        cachedInput + more.cachedInput,
        cacheWrite + more.cacheWrite,
        output + more.output,
        reasoning + more.reasoning);
  }

  /// What of this is not in another, earlier one.
  public Usage minus(Usage earlier) {
    return new Usage(
        input - earlier.input,
        cachedInput - earlier.cachedInput,
        cacheWrite - earlier.cacheWrite,
        output - earlier.output,
        reasoning - earlier.reasoning);
  }
}
