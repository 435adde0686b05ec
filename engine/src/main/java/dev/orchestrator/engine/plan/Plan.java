package dev.orchestrator.engine.plan;

import java.util.List;

/// A shell command, understood: every simple command that it may run, wherever it stands.
///
/// @param text what was asked for, as one line of shell
/// @param commands in the order in which they stand; those inside pipes, substitutions, subshells,
///   loops and wrapped shells included
/// @param doubts why the list may not be everything; empty if it is
public record Plan(String text, List<Command> commands, List<String> doubts) {
  public Plan {
    commands = List.copyOf(commands);
    doubts = List.copyOf(doubts);
  }

  /// Whether it may do something that [#commands] does not tell.
  public boolean isOpaque() {
    return !doubts.isEmpty();
  }
}
