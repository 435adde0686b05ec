package dev.orchestrator.engine.schema;

/// A schema that cannot be used. The message says why and, if it is no JSON, where.
public final class SchemaProblem extends Exception {
  private static final long serialVersionUID = 1;

  SchemaProblem(String message) {
    super(message);
  }

  SchemaProblem(String message, Throwable cause) {
    super(message, cause);
  }
}
