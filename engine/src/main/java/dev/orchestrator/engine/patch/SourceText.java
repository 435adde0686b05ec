package dev.orchestrator.engine.patch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The lines of a text, and how each of them ends. Immutable.
///
/// @param lines without their ends
/// @param endings one for each line; empty for a last line that has none
/// @param ending what ends the first line, and so any line that is put in
record SourceText(List<String> lines, List<String> endings, String ending) {
  private static final String LF = "\n";
  private static final String CRLF = "\r\n";

  /// Lines that take the place of others.
  ///
  /// @param start index of the first line that goes
  /// @param count how many go
  record Replacement(int start, int count, List<String> lines) {
    int end() {
      return start + count;
    }
  }

  /// Takes a text apart; nothing if it has more than [Patch#MOST_LINES] lines.
  static Optional<SourceText> of(String text) {
    var lines = new ArrayList<String>();
    var endings = new ArrayList<String>();
    var start = 0;
    while (start < text.length()) {
      if (lines.size() == Patch.MOST_LINES) {
        return Optional.empty();
      }
      var lineFeed = text.indexOf('\n', start);
      if (lineFeed < 0) {
        lines.add(text.substring(start));
        endings.add("");
        break;
      }
      var isCrlf = lineFeed > start && text.charAt(lineFeed - 1) == '\r';
      lines.add(text.substring(start, isCrlf ? lineFeed - 1 : lineFeed));
      endings.add(isCrlf ? CRLF : LF);
      start = lineFeed + 1;
    }
    var first = endings.isEmpty() || endings.getFirst().isEmpty() ? LF : endings.getFirst();
    return Optional.of(new SourceText(lines, endings, first));
  }

  /// The text with lines replaced; every line of it ends.
  ///
  /// @param replacements in the order of the lines, none over another
  String with(List<Replacement> replacements) {
    var text = new StringBuilder();
    var next = 0;
    for (var it : replacements) {
      copy(next, it.start(), text);
      it.lines().forEach(line -> text.append(line).append(ending));
      next = it.end();
    }
    copy(next, lines.size(), text);
    return text.toString();
  }

  private void copy(int from, int to, StringBuilder text) {
    for (var i = from; i < to; i++) {
      text.append(lines.get(i)).append(endings.get(i).isEmpty() ? ending : endings.get(i));
    }
  }
}
