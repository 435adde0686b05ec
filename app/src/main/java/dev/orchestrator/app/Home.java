package dev.orchestrator.app;

import dev.orchestrator.engine.event.RunId;
import java.nio.file.Path;
import java.util.Optional;

/// The orchestrator's home: `ORCHESTRATOR_HOME`, or `.orchestrator` in the user's.
record Home(Path folder) {
  private static final String LIVE = "orchestrator.live";

  static Home fromEnvironment() {
    var named = System.getenv("ORCHESTRATOR_HOME");
    if (named != null && !named.isEmpty()) {
      return new Home(Path.of(named).toAbsolutePath());
    }
    return new Home(user().resolve(".orchestrator"));
  }

  /// The user's own: `HOME`, or as the system knows it.
  static Path user() {
    var user = System.getenv("HOME");
    var base = user == null || user.isEmpty() ? System.getProperty("user.home", "/") : user;
    return Path.of(base).toAbsolutePath();
  }

  /// Codex's: `CODEX_HOME`, or `.codex` in the user's.
  static Path codex() {
    var named = System.getenv("CODEX_HOME");
    return named == null || named.isEmpty()
        ? user().resolve(".codex")
        : Path.of(named).toAbsolutePath();
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
