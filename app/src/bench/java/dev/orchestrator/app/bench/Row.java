package dev.orchestrator.app.bench;

import org.jspecify.annotations.Nullable;

/// One line of the table.
///
/// @param what what was measured
/// @param ours the distribution's number, or the engine's
/// @param beside the same of something else, in the same run; null if there is nothing like it
/// @param bar the budget; null if there is none
record Row(String what, Amount ours, @Nullable Beside beside, @Nullable Bar bar) {

  /// What ours is compared with.
  record Beside(String what, Amount amount) {}

  /// A budget, in the unit of the amount it is for.
  ///
  /// @param most the largest number that is within it
  /// @param isHard whether a number that is well over it fails the run
  record Bar(double most, boolean isHard) {}

  /// How far over a hard bar chance can carry a number: repeated runs differ by a few percent.
  private static final double NOISE = 1.05;

  static Row of(String what, Amount ours) {
    return new Row(what, ours, null, null);
  }

  Row beside(String name, Amount amount) {
    return new Row(what, ours, new Beside(name, amount), bar);
  }

  /// A budget that depends on the machine: to be over it is reported.
  Row atMost(double most) {
    return new Row(what, ours, beside, new Bar(most, false));
  }

  /// A budget that is the same everywhere: to be well over it fails the run.
  Row never(double most) {
    return new Row(what, ours, beside, new Bar(most, true));
  }

  /// Whether a budget is exceeded by more than chance explains, on any machine.
  boolean isFailure() {
    return bar != null && bar.isHard() && ours.value() > bar.most() * NOISE;
  }

  String ratio() {
    if (beside == null || beside.amount().value() <= 0) {
      return "";
    }
    var ratio = ours.value() / beside.amount().value();
    return "%s×".formatted(ratio < 10 ? "%.2f".formatted(ratio) : "%.0f".formatted(ratio));
  }

  String limit() {
    return bar == null ? "" : "≤ " + ours.unit().exactly(bar.most());
  }

  String verdict() {
    if (bar == null) {
      return "";
    }
    return ours.value() > bar.most() ? "over" : "ok";
  }
}
