package dev.orchestrator.engine.event;

import java.nio.file.Path;
import java.util.List;
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

  /// Something the model says.
  record AgentMessage(String id, String text) implements Item {}

  /// What the model tells of its thinking.
  ///
  /// @param text summaries, one after the other, a line each
  record Reasoning(String id, String text) implements Item {}

  /// Changes to files.
  record FileChange(String id, List<Change> changes, Status status) implements Item {
    public FileChange {
      changes = List.copyOf(changes);
    }
  }

  /// A change to one file.
  ///
  /// @param path absolute; of a file that moves, where it was
  record Change(Path path, Kind kind) {}

  /// What happens to a file.
  enum Kind {
    ADD,
    DELETE,
    UPDATE
  }

  /// The model's plan.
  record TodoList(String id, List<Todo> items) implements Item {
    public TodoList {
      items = List.copyOf(items);
    }
  }

  /// A step of a plan.
  record Todo(String text, boolean completed) {}

  /// Something that went wrong and does not end the turn.
  record Trouble(String id, String message) implements Item {}

  /// How far an item has come.
  enum Status {
    IN_PROGRESS,
    COMPLETED,
    FAILED,
    /// Refused by policy, a rule or a person.
    DECLINED
  }
}
