package dev.orchestrator.engine;

import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.event.WindowSize;
import dev.orchestrator.engine.exec.SessionSpec.PassThrough;
import dev.orchestrator.engine.posix.Program;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One command to run, and its limits.
///
/// @param thread names the conversation the run belongs to
/// @param version of the orchestrator
/// @param subject the command as it is judged and asked about
/// @param window size of its terminal; empty for pipes
/// @param typing whether its standard input is open
/// @param timeout longest time it may take; positive
/// @param idleTimeout longest time it may neither write nor work; positive
/// @param spoolCapBytes most bytes of output kept; 0 or more
/// @param failOnCap whether to end it when the cap is reached
/// @param passThrough descriptors that get its output unchanged
/// @param folder where the run is kept; null for an ephemeral run
/// @param obstacle why the command must not be started; null if nothing is in the way
public record RunRequest(
    RunId run,
    String thread,
    String task,
    String version,
    Program program,
    Subject subject,
    Optional<WindowSize> window,
    boolean typing,
    Optional<Duration> timeout,
    Optional<Duration> idleTimeout,
    long spoolCapBytes,
    boolean failOnCap,
    Optional<PassThrough> passThrough,
    @Nullable Path folder,
    @Nullable String obstacle) {}
