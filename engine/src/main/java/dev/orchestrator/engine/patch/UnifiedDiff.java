package dev.orchestrator.engine.patch;

import java.util.ArrayList;
import java.util.List;

/// Two texts side by side in the unified format (POSIX, `diff -u`), without the names of files.
///
/// The shortest way from one to the other is sought (Myers 1986) as long as it is not long.
final class UnifiedDiff {
  private static final int CONTEXT = 3;

  /// Beyond so many lines gone and come, what is between the first and the last of them is shown as
  /// gone and come altogether.
  private static final int MOST_EDITS = 1000;

  private final List<String> before;
  private final List<String> after;

  /// Runs of lines that differ, in order, none touching another.
  private final List<Run> runs = new ArrayList<>();

  /// Lines that differ; ends exclusive.
  private record Run(int from, int to, int newFrom, int newTo) {}

  private UnifiedDiff(List<String> before, List<String> after) {
    this.before = before;
    this.after = after;
  }

  static String of(String before, String after) {
    var it = new UnifiedDiff(lines(before), lines(after));
    it.compare();
    return it.text();
  }

  /// With their ends, so that a line that has lost one differs.
  private static List<String> lines(String text) {
    var lines = new ArrayList<String>();
    var start = 0;
    while (start < text.length()) {
      var lineFeed = text.indexOf('\n', start);
      var end = lineFeed < 0 ? text.length() : lineFeed + 1;
      lines.add(text.substring(start, end));
      start = end;
    }
    return lines;
  }

  private void compare() {
    var head = 0;
    var most = Math.min(before.size(), after.size());
    while (head < most && before.get(head).equals(after.get(head))) {
      head++;
    }
    var tail = 0;
    while (tail < most - head
        && before.get(before.size() - 1 - tail).equals(after.get(after.size() - 1 - tail))) {
      tail++;
    }
    var to = before.size() - tail;
    var newTo = after.size() - tail;
    if (head == to && head == newTo) {
      return;
    }
    if (!shortest(head, to, newTo)) {
      runs.add(new Run(head, to, head, newTo));
    }
  }

  /// Finds the runs between two places; false if there is no short way.
  private boolean shortest(int head, int to, int newTo) {
    var width = to - head;
    var height = newTo - head;
    var trace = new ArrayList<int[]>();
    var reach = new int[] {0, 0, 0};
    for (var edits = 0; edits <= MOST_EDITS; edits++) {
      // Diagonals -edits … edits, with one more on each side.
      var next = new int[2 * edits + 3];
      for (var k = -edits; k <= edits; k += 2) {
        var x = edits == 0 ? 0 : step(reach, edits, k);
        while (x < width
            && x - k < height
            && before.get(head + x).equals(after.get(head + x - k))) {
          x++;
        }
        next[k + edits + 1] = x;
        if (x >= width && x - k >= height) {
          trace.add(next);
          collect(head, trace, width, height);
          return true;
        }
      }
      trace.add(next);
      reach = next;
    }
    return false;
  }

  /// How far one reaches on a diagonal with one edit more, before following equal lines.
  private static int step(int[] reach, int edits, int k) {
    var down = k < edits ? at(reach, edits - 1, k + 1) : -1;
    var right = k > -edits ? at(reach, edits - 1, k - 1) + 1 : -1;
    return Math.max(down, right);
  }

  private static int at(int[] reach, int edits, int k) {
    return reach[k + edits + 1];
  }

  /// Walks back, from the end to the start, and keeps what is not diagonal.
  private void collect(int head, List<int[]> trace, int width, int height) {
    var x = width;
    var y = height;
    var backwards = new ArrayList<Run>();
    for (var edits = trace.size() - 1; edits > 0; edits--) {
      var k = x - y;
      var reach = trace.get(edits - 1);
      var down = k < edits ? at(reach, edits - 1, k + 1) : -1;
      var right = k > -edits ? at(reach, edits - 1, k - 1) + 1 : -1;
      var goesDown = down >= right;
      var beforeX = goesDown ? down : right - 1;
      var beforeY = goesDown ? beforeX - (k + 1) : beforeX - (k - 1);
      backwards.add(
          goesDown
              ? new Run(head + beforeX, head + beforeX, head + beforeY, head + beforeY + 1)
              : new Run(head + beforeX, head + beforeX + 1, head + beforeY, head + beforeY));
      x = beforeX;
      y = beforeY;
    }
    for (var it : backwards.reversed()) {
      join(it);
    }
  }

  private void join(Run it) {
    if (!runs.isEmpty() && runs.getLast().to == it.from && runs.getLast().newTo == it.newFrom) {
      var last = runs.removeLast();
      runs.add(new Run(last.from, it.to, last.newFrom, it.newTo));
    } else {
      runs.add(it);
    }
  }

  private String text() {
    var text = new StringBuilder();
    var first = 0;
    while (first < runs.size()) {
      var last = first;
      while (last + 1 < runs.size() && runs.get(last + 1).from - runs.get(last).to <= 2 * CONTEXT) {
        last++;
      }
      hunk(runs.subList(first, last + 1), text);
      first = last + 1;
    }
    return text.toString();
  }

  private void hunk(List<Run> close, StringBuilder text) {
    var lead = Math.min(CONTEXT, close.getFirst().from);
    var from = close.getFirst().from - lead;
    var newFrom = close.getFirst().newFrom - lead;
    var trail = Math.min(CONTEXT, before.size() - close.getLast().to);
    var to = close.getLast().to + trail;
    var newTo = close.getLast().newTo + trail;
    text.append(
        "@@ -%s +%s @@\n".formatted(range(from, to - from), range(newFrom, newTo - newFrom)));
    var at = from;
    for (var run : close) {
      append(' ', before.subList(at, run.from), text);
      append('-', before.subList(run.from, run.to), text);
      append('+', after.subList(run.newFrom, run.newTo), text);
      at = run.to;
    }
    append(' ', before.subList(at, to), text);
  }

  /// An empty range is named by the line before it.
  private static String range(int from, int count) {
    if (count == 1) {
      return Integer.toString(from + 1);
    }
    return (count == 0 ? from : from + 1) + "," + count;
  }

  private static void append(char sign, List<String> lines, StringBuilder text) {
    for (var it : lines) {
      text.append(sign).append(it);
      if (!it.endsWith("\n")) {
        text.append("\n\\ No newline at end of file\n");
      }
    }
  }
}
