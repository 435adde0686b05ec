package dev.orchestrator.engine.event;

import java.util.List;

/// How an attempt was confined, as far as that was verified.
///
/// @param backend `bubblewrap`, `landlock`, `seatbelt` or `none`
/// @param level `read-only`, `workspace-write` or `danger-full-access`
/// @param openings what was allowed beyond the level
/// @param notHeld what the level promises and this backend cannot hold
public record Held(String backend, String level, List<String> openings, List<String> notHeld) {
  /// Nothing was confined, because nothing was to be.
  public static final Held NOTHING = new Held("none", "danger-full-access", List.of(), List.of());

  public Held {
    openings = List.copyOf(openings);
    notHeld = List.copyOf(notHeld);
  }

  /// Whether a sandbox held the attempt.
  public boolean isConfined() {
    return !backend.equals("none");
  }

  /// One phrase: `workspace-write by bubblewrap`, or `none`.
  @Override
  public String toString() {
    return isConfined() ? level + " by " + backend : "none";
  }
}
