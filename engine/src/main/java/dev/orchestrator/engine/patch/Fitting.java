package dev.orchestrator.engine.patch;

import dev.orchestrator.engine.patch.Patch.Chunk;
import dev.orchestrator.engine.patch.Patch.Line;
import dev.orchestrator.engine.patch.Patch.Line.Sign;
import dev.orchestrator.engine.patch.SourceText.Replacement;
import java.util.ArrayList;
import java.util.List;

/// Fits the chunks of one update into the file's lines. Confined to one thread.
final class Fitting {
  private final SourceText source;
  private final String shown;
  private final LineSearch search;

  /// In the order of the file, none over another.
  private final List<Place> places = new ArrayList<>();

  /// Where the next search begins.
  private int next;

  /// Where a chunk stands.
  ///
  /// @param end exclusive
  private record Place(int start, int end, List<Line> lines) {}

  private Fitting(SourceText source, String shown) {
    this.source = source;
    this.shown = shown;
    this.search = new LineSearch(source.lines());
  }

  /// Which lines are replaced, in the order of the lines.
  ///
  /// @param shown what the file is called in messages
  /// @throws PatchException if a chunk does not fit
  static List<Replacement> of(List<Chunk> chunks, SourceText source, String shown)
      throws PatchException {
    var it = new Fitting(source, shown);
    for (var chunk : chunks) {
      it.fit(chunk);
    }
    var found = new ArrayList<Replacement>();
    it.places.forEach(place -> replace(place, found));
    return found;
  }

  private void fit(Chunk chunk) throws PatchException {
    var anchor = chunk.anchor();
    if (anchor != null) {
      var at = search.find(List.of(anchor), next, false);
      if (at == LineSearch.NOT_FOUND) {
        throw PatchException.failed("Failed to find context '%s' in %s".formatted(anchor, shown));
      }
      next = at + 1;
    }
    var before = chunk.before();
    if (before.isEmpty()) {
      var end = endOfText();
      put(chunk, new Place(end, end, chunk.lines()));
      return;
    }
    var lines = chunk.lines();
    var at = search.find(before, next, chunk.atEnd());
    if (at == LineSearch.NOT_FOUND && before.getLast().isEmpty()) {
      // It may stand for the end of the last line, which is no line of its own.
      before = before.subList(0, before.size() - 1);
      lines = withoutLastEmpty(lines);
      at = search.find(before, next, chunk.atEnd());
    }
    if (at == LineSearch.NOT_FOUND) {
      throw notFound(chunk);
    }
    next = at + before.size();
    put(chunk, new Place(at, next, lines));
  }

  /// Lines without a place go to the end, but before an empty last line that stays.
  private int endOfText() {
    var size = source.lines().size();
    var isTaken = !places.isEmpty() && places.getLast().end() == size;
    return size > 0 && source.lines().getLast().isEmpty() && !isTaken ? size - 1 : size;
  }

  /// The last line that is looked for is taken away, and with it an empty last line of those that
  /// will stand there.
  private static List<Line> withoutLastEmpty(List<Line> lines) {
    var fewer = new ArrayList<>(lines);
    var sought = fewer.size() - 1;
    while (fewer.get(sought).sign() == Sign.ADDED) {
      sought--;
    }
    var wasContext = fewer.remove(sought).sign() == Sign.CONTEXT;
    var isLastEmpty =
        sought < fewer.size()
            && fewer.getLast().sign() == Sign.ADDED
            && fewer.getLast().text().isEmpty();
    if (isLastEmpty) {
      fewer.removeLast();
    }
    if (wasContext && sought < lines.size() - 1) {
      fewer.add(sought, new Line(Sign.ADDED, ""));
    }
    return fewer;
  }

  /// A chunk at the file's end is found wherever the chunk before it was, and may lie over it.
  private void put(Chunk chunk, Place it) throws PatchException {
    var index = indexAfter(it.start());
    var clashesBefore = index > 0 && places.get(index - 1).end() > it.start();
    var clashesAfter = index < places.size() && it.end() > places.get(index).start();
    if (clashesBefore || clashesAfter) {
      throw notFound(chunk);
    }
    places.add(index, it);
  }

  /// The index of the first place that starts later.
  private int indexAfter(int start) {
    var low = 0;
    var high = places.size();
    while (low < high) {
      var middle = (low + high) >>> 1;
      if (places.get(middle).start() > start) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  private PatchException notFound(Chunk chunk) {
    return PatchException.failed(
        "Failed to find expected lines in %s:\n%s"
            .formatted(shown, String.join("\n", chunk.before())));
  }

  /// Only what goes and comes; the lines around it stay what they are, to the last blank.
  private static void replace(Place place, List<Replacement> found) {
    var at = place.start();
    var gone = at;
    var come = new ArrayList<String>();
    for (var it : place.lines()) {
      switch (it.sign()) {
        case ADDED -> come.add(it.text());
        case REMOVED -> at++;
        case CONTEXT -> {
          add(gone, at, come, found);
          come = new ArrayList<>();
          at++;
          gone = at;
        }
      }
    }
    add(gone, at, come, found);
  }

  private static void add(int from, int to, List<String> come, List<Replacement> found) {
    if (to > from || !come.isEmpty()) {
      found.add(new Replacement(from, to - from, come));
    }
  }
}
