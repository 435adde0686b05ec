package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.event.Exit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Tells from how a command ended and what it said whether its confinement stopped it.
public final class Evidence {
  private Evidence() {}

  /// What a command was denied.
  ///
  /// @param confinement what it was held to
  /// @param cwd where it ran; names in its output are relative to that
  /// @param environment what it got, for its language and the sockets it was told about
  /// @param exit how it ended; a denial may hide behind code 0
  /// @param output what it said: beginning and end are enough, standard output and error together
  /// @return the surest first, each opening once; empty if nothing speaks for a denial
  public static List<Denial> of(
      Confinement confinement,
      Path cwd,
      Map<String, String> environment,
      Exit exit,
      String output) {
    return List.of();
  }
}
