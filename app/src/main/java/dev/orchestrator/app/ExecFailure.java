package dev.orchestrator.app;

/// `exec` cannot begin: the message is for a person, and the code is 1, as in Codex.
final class ExecFailure extends Exception {
  private static final long serialVersionUID = 1;

  ExecFailure(String message) {
    super(message);
  }
}
