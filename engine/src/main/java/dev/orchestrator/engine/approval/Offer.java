package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.event.Question.Choice;
import java.util.List;

/// A way to say yes, and what is remembered if it is chosen.
///
/// @param covers what is allowed from now on; empty for just this once
/// @param scope how far; means nothing when nothing is remembered
public record Offer(Choice choice, List<Cover> covers, Scope scope) {
  public Offer {
    covers = List.copyOf(covers);
  }
}
