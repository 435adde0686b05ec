package dev.orchestrator.engine.event;

import java.time.Duration;

/// What a command used, each number with where it came from.
///
/// @param cpu user and system time of the process and of the descendants it waited for
/// @param cpuSource `wait4`; `lower bound` if the sandbox waits for the command and does not tell
///   of its time; or `unknown` if the process could not be waited for
/// @param peakMemoryBytes largest resident set of any one of them
/// @param memorySource `wait4`; `upper bound` if the number may be the orchestrator's own, whose
///   memory a child shares until it has become another program; or `unknown`
/// @param bytesIn bytes written to its standard input
public record Consumption(
    Duration cpu, String cpuSource, long peakMemoryBytes, String memorySource, long bytesIn) {}
