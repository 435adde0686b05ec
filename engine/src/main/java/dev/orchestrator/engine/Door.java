package dev.orchestrator.engine;

import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.approval.Judge;
import dev.orchestrator.engine.event.SandboxReport;
import dev.orchestrator.engine.sandbox.Sandbox;
import dev.orchestrator.engine.tool.Questions;
import java.util.Optional;

/// What every call of a run goes through.
///
/// @param report what the machine can confine; empty if nothing is to be confined
public record Door(
    Judge judge, Desk desk, Questions questions, Sandbox sandbox, Optional<SandboxReport> report) {}
