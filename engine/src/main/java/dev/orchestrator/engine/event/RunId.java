package dev.orchestrator.engine.event;

/// Names one run; unique over machines and time, and not to be guessed.
public record RunId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
