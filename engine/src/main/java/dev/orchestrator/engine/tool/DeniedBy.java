package dev.orchestrator.engine.tool;

import dev.orchestrator.engine.event.Reason;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Who did not allow a call.
public sealed interface DeniedBy {
  /// The verdict: the policy, a rule or a remembered answer.
  record Verdict(List<Reason> reasons) implements DeniedBy {
    public Verdict {
      reasons = List.copyOf(reasons);
    }

    /// Whether something of this kind was among the reasons.
    public boolean isFor(String kind) {
      return reasons.stream().anyMatch(it -> it.kind().equals(kind));
    }
  }

  /// Somebody who was asked.
  ///
  /// @param words what they said; null for nothing
  record Person(@Nullable String words) implements DeniedBy {}

  /// Somebody had to be asked, and nobody answered.
  record Nobody() implements DeniedBy {}
}
