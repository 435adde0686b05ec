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
    var user = System.getenv("HOME");
    var base = user == null || user.isEmpty() ? System.getProperty("user.home", "/") : user;
    return new Home(Path.of(base).toAbsolutePath().resolve(".orchestrator"));
  }

  /// The folder of notes about runs under way.
  Path notes() {
    return folder.resolve("live");
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
