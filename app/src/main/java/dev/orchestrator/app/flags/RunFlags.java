package dev.orchestrator.app.flags;

import dev.orchestrator.engine.event.WindowSize;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What was asked of `orchestrator run`.
///
/// @param commandWords how many of the last words of the command line are the command
/// @param tty what was said about a terminal; empty if nothing was
/// @param env variables to set for the command
public record RunFlags(
    Format format,
    Optional<Boolean> tty,
    Optional<WindowSize> size,
    boolean stdin,
    Optional<Path> cwd,
    Map<String, String> env,
    Optional<String> task,
    Optional<Path> runsDir,
    Optional<Duration> timeout,
    Optional<Duration> idleTimeout,
    long spoolCapBytes,
    boolean failOnCap,
    boolean contractCodes,
    boolean ephemeral,
    Optional<Path> summaryFile,
    boolean quiet,
    AccessFlags access,
    int commandWords,
    List<String> command) {

  /// What goes to standard output.
  public enum Format {
    /// The command's own bytes.
    HUMAN,
    /// Codex's lines.
    JSON,
    /// Those and ours.
    JSON_FULL
  }
}
