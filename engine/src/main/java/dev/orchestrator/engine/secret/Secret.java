package dev.orchestrator.engine.secret;

/// A key, a token or a password. Its text says nothing, so that no message and no log can.
///
/// Immutable.
public final class Secret {
  private final String value;

  public Secret(String value) {
    this.value = value;
  }

  /// The secret itself, for whoever sends it.
  public String reveal() {
    return value;
  }

  @Override
  public String toString() {
    return "[redacted]";
  }
}
