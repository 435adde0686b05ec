package dev.orchestrator.engine.rules;

/// What a rule says, from the most to the least permissive. Of several the last one counts.
public enum RuleDecision {
  ALLOW,
  PROMPT,
  FORBIDDEN
}
