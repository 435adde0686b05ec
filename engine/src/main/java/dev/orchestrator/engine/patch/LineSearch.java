package dev.orchestrator.engine.patch;

import java.util.List;

/// Finds lines among the lines of a file. Confined to one thread.
///
/// The strictest likeness that finds anything wins, wherever it finds it. A search costs time in
/// proportion to the lines looked at (Knuth, Morris and Pratt), and all searches of one file
/// together may cost so much and no more.
final class LineSearch {
  static final int NOT_FOUND = -1;

  /// Some seconds; in lines compared, a long line counting for several.
  private static final long MOST_STEPS = 1_000_000_000;

  private static final int STEP_CHARS = 16;

  private final List<String> lines;
  private long stepsLeft = MOST_STEPS;

  LineSearch(List<String> lines) {
    this.lines = lines;
  }

  /// The index of the first of the wanted lines, at `start` or after it.
  ///
  /// @param atEnd whether they must be the last lines; `start` does not count then
  /// @return [#NOT_FOUND] if they are nowhere
  /// @throws PatchException if searching takes too long
  int find(List<String> wanted, int start, boolean atEnd) throws PatchException {
    if (wanted.isEmpty()) {
      return start;
    }
    if (wanted.size() > lines.size()) {
      return NOT_FOUND;
    }
    var from = atEnd ? lines.size() - wanted.size() : start;
    for (var likeness : Likeness.values()) {
      var found = find(wanted, from, likeness);
      if (found != NOT_FOUND) {
        return found;
      }
    }
    return NOT_FOUND;
  }

  private int find(List<String> wanted, int from, Likeness likeness) throws PatchException {
    if (lines.size() - from < wanted.size()) {
      return NOT_FOUND;
    }
    var borders = borders(wanted, likeness);
    var matched = 0;
    for (var i = from; i < lines.size(); i++) {
      while (matched > 0 && !alike(lines.get(i), wanted.get(matched), likeness)) {
        matched = borders[matched - 1];
      }
      if (matched > 0 || alike(lines.get(i), wanted.getFirst(), likeness)) {
        matched++;
      }
      if (matched == wanted.size()) {
        return i + 1 - matched;
      }
    }
    return NOT_FOUND;
  }

  /// For each beginning of the wanted lines, how many of its first lines are also its last.
  private int[] borders(List<String> wanted, Likeness likeness) throws PatchException {
    var borders = new int[wanted.size()];
    var matched = 0;
    for (var i = 1; i < wanted.size(); i++) {
      while (matched > 0 && !alike(wanted.get(i), wanted.get(matched), likeness)) {
        matched = borders[matched - 1];
      }
      if (matched > 0 || alike(wanted.get(i), wanted.getFirst(), likeness)) {
        matched++;
      }
      borders[i] = matched;
    }
    return borders;
  }

  private boolean alike(String one, String other, Likeness likeness) throws PatchException {
    stepsLeft -= 1 + (one.length() + other.length()) / STEP_CHARS;
    if (stepsLeft < 0) {
      throw PatchException.failed(
          "The patch takes too long to fit. Split it, or give its chunks fewer repeated lines");
    }
    return likeness.holds(one, other);
  }
}
