package dev.orchestrator.engine.rules;

import org.jspecify.annotations.Nullable;

/// What is said about connections to a host.
///
/// @param protocol as the file has it, such as `https`
/// @param justification null if nothing is said
public record NetworkRule(
    String host, String protocol, RuleDecision decision, @Nullable String justification) {}
