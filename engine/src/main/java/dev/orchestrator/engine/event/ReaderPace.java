package dev.orchestrator.engine.event;

/// How much output the slowest reader of facts can still take.
///
/// It is asked before output becomes a fact, so that a reader who cannot keep up costs neither
/// memory nor the command's time: what it refuses is told about as a gap.
public interface ReaderPace {
  /// Every reader keeps up, or nobody reads.
  ReaderPace UNLIMITED = _ -> true;

  /// Reserves room for a piece of output. May wait a moment for a reader that is about to catch up;
  /// the sum of such moments is bounded by the reader's own progress.
  ///
  /// @return false if the piece must be left out
  boolean tryTake(int bytes);
}
