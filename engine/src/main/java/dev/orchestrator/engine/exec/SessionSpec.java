package dev.orchestrator.engine.exec;

import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.posix.Program;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What to start and how to hold it.
///
/// @param id unique within the run
/// @param call what it is started for; null if it is the run's own command
/// @param window size of its terminal; empty for pipes, with standard output and error apart
/// @param typing whether its standard input is open; `/dev/null` otherwise
/// @param spoolCapBytes most bytes of output kept on disk; 0 or more
/// @param passThrough copies output to two of our own descriptors as it comes
/// @param launch how it is started: plainly, or held by a sandbox
/// @param unread gets its output as well, to be taken piece by piece; null if nobody does that
public record SessionSpec(
    SessionId id,
    @Nullable CallId call,
    Program program,
    Optional<WindowSize> window,
    boolean typing,
    long spoolCapBytes,
    Optional<PassThrough> passThrough,
    Launch launch,
    @Nullable Unread unread) {

  /// Descriptors that get a session's bytes unchanged. A reader who is slow there slows the command
  /// down, exactly as in a pipeline, and one who goes away closes the command's pipe.
  ///
  /// @param out gets standard output, or everything a terminal shows
  /// @param err gets standard error
  public record PassThrough(int out, int err) {}
}
