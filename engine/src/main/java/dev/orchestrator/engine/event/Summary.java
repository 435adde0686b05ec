package dev.orchestrator.engine.event;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a run ended: what ran, how, and what is still running.
///
/// @param reason one sentence about the outcome; null if it succeeded
/// @param exit how the command's process ended; null if none was started
/// @param exitCode the code the orchestrator itself ends with
/// @param confinement how the last attempt was confined: `workspace-write by bubblewrap`, or `none`
/// @param reaped processes that outlived the command and were ended
/// @param survivors processes that could not be ended
/// @param gaps how many times output was told about instead of shown
/// @param bytesSkipped how many bytes that was
/// @param folder where the run's record is kept; null for an ephemeral run
/// @param recordError why the record is incomplete; null if it is complete
public record Summary(
    RunId run,
    String task,
    Outcome outcome,
    @Nullable String reason,
    @Nullable Exit exit,
    int exitCode,
    Duration elapsed,
    String confinement,
    List<ChannelTotal> output,
    List<ProcessName> reaped,
    List<ProcessName> survivors,
    long gaps,
    long bytesSkipped,
    @Nullable Path folder,
    @Nullable String recordError) {
  public Summary {
    output = List.copyOf(output);
    reaped = List.copyOf(reaped);
    survivors = List.copyOf(survivors);
  }

  /// Every way a run can end.
  public enum Outcome {
    /// The command ended with code 0.
    SUCCEEDED,
    /// The command ended with another code, or by a signal that was not ours.
    COMMAND_FAILED,
    /// There is no such program.
    NOT_FOUND,
    /// There is, and it cannot be run.
    NOT_EXECUTABLE,
    /// The orchestrator could not do its part: no such folder, no room for the record.
    FAILED,
    /// Policy, a rule or a person said no.
    REFUSED,
    /// Somebody had to be asked, and nobody answered.
    UNANSWERED,
    /// There is no sandbox that could hold the command.
    NO_SANDBOX,
    /// The sandbox stopped the command, and nothing more was allowed.
    BLOCKED,
    /// No output and no work for too long.
    IDLE_TIMEOUT,
    /// It took too long altogether.
    TIMEOUT,
    /// More output than allowed.
    OUTPUT_CAP,
    /// SIGINT, SIGTERM or SIGHUP reached the orchestrator.
    INTERRUPTED,
    /// Nobody reads the facts any more.
    READER_GONE,
    /// A defect of the orchestrator.
    BUG
  }
}
