package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.sandbox.Confinement.Opening;

/// Something a command was kept from, as far as can be told.
///
/// @param grade how sure that is
/// @param smallest the smallest opening with which another attempt would get further
/// @param what what was denied, in plain words, such as `writing /srv/data`
/// @param line the line of output that says so; empty if it was not output that told
public record Denial(Grade grade, Opening smallest, String what, String line) {
  /// How sure. Only the first two are worth a question.
  public enum Grade {
    /// The kernel reported it.
    PROVED,
    /// An error line names something that this confinement denies.
    EXPLAINED,
    /// Words only.
    GUESSED
  }
}
