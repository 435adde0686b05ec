package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.event.ApprovalSource;
import dev.orchestrator.engine.event.Decision;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.plan.Command;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.util.List;

/// What becomes of a call, and why.
///
/// @param source where a yes or no came from
/// @param openings what remembered answers allow beyond the sandbox's level
/// @param asked the commands that somebody must be asked about; empty for an opaque call
/// @param exactOnly whether only this very call may be allowed, and nothing like it
/// @param used remembered answers that it rests on; to be counted by [Grants#use] before it is
///   acted upon
public record Verdict(
    Decision decision,
    ApprovalSource source,
    List<Reason> reasons,
    List<Opening> openings,
    List<Command> asked,
    boolean exactOnly,
    List<Grant> used) {
  public Verdict {
    reasons = List.copyOf(reasons);
    openings = List.copyOf(openings);
    asked = List.copyOf(asked);
    used = List.copyOf(used);
  }

  /// The same about more access: every part that it means anything for is asked about.
  public Verdict aboutMore(Subject subject) {
    var parts =
        subject instanceof Subject.Shell it ? Trial.thatMatter(it.plan().commands()) : asked;
    return new Verdict(decision, source, reasons, openings, parts, exactOnly, used);
  }

  /// The same, with only this very call to be allowed.
  public Verdict exactly() {
    return new Verdict(decision, source, reasons, openings, asked, true, used);
  }
}
