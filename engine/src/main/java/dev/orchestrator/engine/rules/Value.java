package dev.orchestrator.engine.rules;

import java.util.List;

/// A literal argument.
sealed interface Value {
  Position position();

  record Text(String value, Position position) implements Value {}

  record Items(List<Value> values, Position position) implements Value {
    public Items {
      values = List.copyOf(values);
    }
  }

  /// `None`: as if the argument was not given.
  record Nothing(Position position) implements Value {}

  /// `True` or `False`, which no argument takes.
  record Truth(Position position) implements Value {}
}
