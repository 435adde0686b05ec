package dev.orchestrator.engine.tool;

import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.Held;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.sandbox.Confinement;

/// One try of a call.
///
/// @param number from 1
/// @param launch starts its program so that the confinement holds
/// @param held the confinement, as facts tell it
public record Attempt(CallId call, int number, Confinement confinement, Launch launch, Held held) {}
