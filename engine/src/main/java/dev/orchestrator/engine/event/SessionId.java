package dev.orchestrator.engine.event;

/// Names one session within its run.
public record SessionId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
