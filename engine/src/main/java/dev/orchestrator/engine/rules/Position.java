package dev.orchestrator.engine.rules;

/// A place in a file of rules, counted from 1.
record Position(String file, int line, int column) {
  RulesException problem(String what) {
    return new RulesException("%s:%d:%d: %s".formatted(file, line, column, what));
  }

  String origin() {
    return "%s:%d".formatted(file, line);
  }
}
