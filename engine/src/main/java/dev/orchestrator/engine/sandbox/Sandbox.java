package dev.orchestrator.engine.sandbox;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/// Something that holds a command to its confinement.
///
/// Safe from any thread.
public sealed interface Sandbox
    permits BubblewrapSandbox, LandlockSandbox, SeatbeltSandbox, NoSandbox {
  /// Its name in facts, settings and messages: `bubblewrap`, `landlock`, `seatbelt` or `none`.
  String name();

  /// Prepares to hold one command; nothing is started yet.
  ///
  /// @param terminal whether the command gets a terminal, whose keys must then reach it and not the
  ///   sandbox around it
  /// @return what starts the command; to be closed when everything it started has ended
  /// @throws IOException if the command cannot be held to this, for example because a folder that
  ///   may be written has been replaced by a symbolic link
  ConfinedLaunch launch(Confinement confinement, boolean terminal) throws IOException;

  /// What of this confinement this backend cannot hold, each a clause in plain words; empty if it
  /// holds everything it promises.
  List<String> notHeld(Confinement confinement);

  /// Why the sandbox failed before the command began, if that is what these tell.
  ///
  /// @param shellCode how the started process ended, as a shell would report it
  /// @param output the beginning of its output
  default Optional<String> failure(int shellCode, String output) {
    return Optional.empty();
  }
}
