package dev.orchestrator.engine.event;

import org.jspecify.annotations.Nullable;

/// What a turn shows, in Codex's vocabulary.
public sealed interface Item {

  /// `item_0`, `item_1`, … in the order of first appearance.
  String id();

  /// A command.
  ///
  /// @param command its words, quoted for a shell
  /// @param output standard output and error in order of arrival, at most 1 MiB
  /// @param exitCode null while it runs, -1 if it could not be started
  record CommandExecution(
      String id, String command, String output, @Nullable Integer exitCode, Status status)
      implements Item {}

  /// How far an item has come.
  enum Status {
    IN_PROGRESS,
    COMPLETED,
    FAILED,
    /// Refused by policy, a rule or a person.
    DECLINED
  }
}
