package dev.orchestrator.engine.rules;

/// A file of rules that is not read. The message names file, line and column.
public final class RulesException extends Exception {
  private static final long serialVersionUID = 1;

  RulesException(String message) {
    super(message);
  }

  RulesException(String message, Throwable cause) {
    super(message, cause);
  }
}
