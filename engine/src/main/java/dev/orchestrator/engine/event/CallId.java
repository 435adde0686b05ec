package dev.orchestrator.engine.event;

/// Names one use of a tool; unique within its run.
public record CallId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
