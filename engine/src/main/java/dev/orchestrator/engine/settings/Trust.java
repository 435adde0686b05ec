package dev.orchestrator.engine.settings;

/// What the user has said about a project, in `[projects."<path>"]`.
public enum Trust {
  TRUSTED,
  UNTRUSTED,
  /// Nothing.
  UNKNOWN
}
