package dev.orchestrator.engine.settings;

import java.util.List;

/// Settings that cannot be used. The message names every problem: file or origin, line, key, what
/// is there and what is expected.
public final class SettingsException extends Exception {
  private static final long serialVersionUID = 1;
  private static final int MOST_TOLD = 20;

  private final transient List<String> problems;

  SettingsException(List<String> problems) {
    super(joined(problems));
    this.problems = List.copyOf(problems);
  }

  private static String joined(List<String> problems) {
    var told = String.join("; ", problems.subList(0, Math.min(problems.size(), MOST_TOLD)));
    return problems.size() <= MOST_TOLD
        ? told
        : "%s; and %d more".formatted(told, problems.size() - MOST_TOLD);
  }

  /// One by one, in the order in which they were found.
  public List<String> problems() {
    return problems;
  }
}
