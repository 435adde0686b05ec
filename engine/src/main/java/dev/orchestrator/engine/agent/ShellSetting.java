package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.nio.file.Path;
import java.util.List;

/// How commands of a model are run.
///
/// @param file the user's shell: bash, zsh or sh; absolute
/// @param loginAllowed whether the model may have it read the user's profile
/// @param environment `NAME=value` entries that every command gets
/// @param directory where they run unless the model says otherwise; absolute
/// @param spoolCapBytes most bytes of output kept of each
/// @param pollAtMostMillis longest time that a look at a command may wait, in milliseconds
/// @param limit how much of an output the model reads
/// @param isConfined whether the run has a sandbox
public record ShellSetting(
    Path file,
    boolean loginAllowed,
    List<String> environment,
    Path directory,
    long spoolCapBytes,
    long pollAtMostMillis,
    Limit limit,
    boolean isConfined) {
  /// Codex's `background_terminal_max_timeout`.
  public static final long POLL_AT_MOST_MILLIS = 300_000;

  public ShellSetting {
    environment = List.copyOf(environment);
  }

  /// How much of one output a model reads.
  ///
  /// @param amount most of it; of tokens a quarter as many as bytes
  /// @param inTokens whether it is counted in tokens, of four bytes each; in bytes otherwise
  public record Limit(long amount, boolean inTokens) {}

  static boolean opensNetwork(Opening opening) {
    return opening instanceof Opening.Network
        || opening instanceof Opening.Localhost
        || opening instanceof Opening.Everything;
  }

  OutputText.Limit output() {
    return limit.inTokens
        ? OutputText.Limit.tokens(limit.amount)
        : OutputText.Limit.bytes(limit.amount);
  }
}
