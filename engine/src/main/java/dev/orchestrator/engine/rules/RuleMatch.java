package dev.orchestrator.engine.rules;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A rule that speaks about a command.
///
/// @param origin where the rule stands: file and line
/// @param prefix the first words of the command, as far as the rule looks at them
/// @param justification null if nothing is said
public record RuleMatch(
    String origin, List<String> prefix, RuleDecision decision, @Nullable String justification) {
  public RuleMatch {
    prefix = List.copyOf(prefix);
  }
}
