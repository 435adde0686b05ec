package dev.orchestrator.app;

import dev.orchestrator.engine.event.RunId;
import java.nio.file.Path;
import java.util.Optional;

/// The folders that things are kept in.
///
/// @param folder the orchestrator's: `ORCHESTRATOR_HOME`, or `.orchestrator` in the user's
/// @param user the user's own: `HOME`, or as the system knows it
/// @param codex Codex's: `CODEX_HOME`, or `.codex` in the user's
record Home(Path folder, Path user, Path codex) {
  private static final String LIVE = "orchestrator.live";

  static Home of(Invocation invocation) {
    var directory = invocation.directory();
    var user =
        directory.resolve(
            invocation.said("HOME").orElseGet(() -> System.getProperty("user.home", "/")));
    return new Home(
        invocation
            .said("ORCHESTRATOR_HOME")
            .map(directory::resolve)
            .orElse(user.resolve(".orchestrator")),
        user,
        invocation.said("CODEX_HOME").map(directory::resolve).orElse(user.resolve(".codex")));
  }

  /// The folder of notes about runs under way.
  Path notes() {
    return folder.resolve("live");
  }

  /// The folder of conversations.
  Path threads() {
    return folder.resolve("sessions");
  }

  /// The file of remembered answers.
  Path approvals() {
    return folder.resolve("approvals.jsonl");
  }

  /// This run's note: where the launcher looks for it, if there is a launcher.
  Path note(RunId run) {
    return Optional.ofNullable(System.getProperty(LIVE))
        .filter(it -> !it.isEmpty())
        .map(Path::of)
        .orElse(notes().resolve(run.value()));
  }
}
