package dev.orchestrator.engine.event;

/// How a process ended.
public sealed interface Exit {

  /// By itself.
  ///
  /// @param code 0 to 255
  record Exited(int code) implements Exit {}

  /// By a signal.
  ///
  /// @param name such as `SIGTERM`
  record Signalled(int number, String name) implements Exit {}

  /// Not at all: it could not be ended and is still there.
  record Unended() implements Exit {}

  /// What a shell would report: the code, or 128 and the signal's number.
  default int shellCode() {
    return switch (this) {
      case Exited it -> it.code();
      case Signalled it -> 128 + it.number();
      case Unended() -> 128 + 9;
    };
  }
}
