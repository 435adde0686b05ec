package dev.orchestrator.engine.tool;

import dev.orchestrator.engine.sandbox.Confinement.Opening;

/// Openings as people read them.
final class Openings {
  private Openings() {}

  static String text(Opening opening) {
    return switch (opening) {
      case Opening.WritablePath it -> "writing " + it.path();
      case Opening.UnixSocket it -> "connecting to " + it.path();
      case Opening.Localhost _ -> "connections on this machine";
      case Opening.Network _ -> "the network";
      case Opening.GitMetadata it -> "committing to " + it.common();
      case Opening.Everything _ -> "everything, without a sandbox";
    };
  }
}
