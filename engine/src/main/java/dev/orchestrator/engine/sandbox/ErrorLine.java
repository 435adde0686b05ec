package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.sandbox.ErrorWords.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// A line of output that has the shape of a program's error, taken apart.
///
/// The same words stand in manuals, logs, search results and differences, which are not errors of
/// this command: lines that begin like those do not count, and neither do words in the middle of a
/// sentence.
///
/// @param names what the error may be about, likeliest first: quoted words, and those before the
///   last colon
/// @param onlyWords whether the line says nothing but the error
record ErrorLine(Found found, List<String> names, boolean onlyWords) {
  private static final int MOST_CHARS = 2_000;

  /// Escape sequences of terminals (ECMA-48).
  private static final Pattern ESCAPES = Pattern.compile("\u001b\\[[0-9;?]*[ -/]*[@-~]");

  /// `file:12:`, as searches print it; a time or date; a comment, a quotation, a difference; an
  /// indented paragraph.
  private static final Pattern QUOTED_FROM_ELSEWHERE =
      Pattern.compile(
          "^(?:\\S+:\\d+[:-]\\S?|\\[?\\d{4}-\\d\\d-\\d\\d|\\[?\\d\\d:\\d\\d(?::|\\b)|[A-Z][a-z]{2}"
              + " [ \\d]\\d \\d\\d:|//|/\\*|[*#>|+<]|- |-\\S+: |@@|\\s{5,})");

  /// What may follow the words: nothing, a number, a name after a colon, or a call and a name.
  private static final Pattern GOOD_END =
      Pattern.compile(
          "^[.)\\]\"'!]*\\s*"
              + "(?:at \\S+ line \\d+\\.|\\(os error \\d+\\)[.)]*|\\(\\d+\\)|: ['\"`‘“«].*"
              + "|, \\w+ '.*|\\[Errno .*|, errno[ =:]*\\d+.*)?$");

  private static final Pattern IN_QUOTES =
      Pattern.compile(
          "'([^']+)'|\"([^\"]+)\"|`([^`']+)[`']|‘([^’]+)’|“([^”]+)”|«\\s*([^»]+?)\\s*»|„([^“]+)“|「([^」]+)」");

  private static final Pattern ABSOLUTE = Pattern.compile("(?<![\\w.:/])/[^\\s:,;'\"()]+");
  private static final Pattern UNC = Pattern.compile("unix:(?://)?(/[^\\s:,;'\"()]+)");

  /// What dash says in front of a name; it has no other languages.
  private static final Pattern OF_DASH = Pattern.compile("^cannot (?:create|open) ");

  /// The line without escape sequences and trailing blanks.
  static String plain(String line) {
    var text = line.indexOf('\u001b') < 0 ? line : ESCAPES.matcher(line).replaceAll("");
    return text.stripTrailing();
  }

  /// Whether a line looks like text that a command shows, rather than an error it reports.
  static boolean isQuotation(String line) {
    return line.length() > MOST_CHARS || QUOTED_FROM_ELSEWHERE.matcher(line).find();
  }

  /// Takes a line apart.
  ///
  /// @param line as [#plain] made it
  /// @return empty if it has no words of refusal, or not where errors have them
  static Optional<ErrorLine> of(String line, ErrorWords words) {
    return words
        .in(line)
        .filter(it -> !isQuotation(line))
        .filter(it -> GOOD_END.matcher(line.substring(it.end())).matches())
        .map(it -> new ErrorLine(it, names(line, it), isOnlyWords(line, it)));
  }

  private static boolean isOnlyWords(String line, Found found) {
    return line.substring(0, found.start()).strip().matches("(?i)(caused by:|error:|\\[.*])?");
  }

  private static List<String> names(String line, Found found) {
    var before = line.substring(0, found.start()).replaceFirst("[\\s:(\\[-]+$", "");
    var names = new ArrayList<String>();
    addQuoted(line.substring(found.end()), names);
    addQuoted(before, names);
    // `tool: what it did: NAME: words`: the last piece, or its last word.
    var piece =
        OF_DASH.matcher(before.substring(before.lastIndexOf(": ") + 1).strip()).replaceFirst("");
    if ((!piece.isEmpty() && before.contains(":")) || piece.startsWith("/")) {
      names.add(piece);
      names.add(piece.substring(piece.lastIndexOf(' ') + 1));
    } else if (piece.contains(" ")) {
      names.add(piece.substring(piece.lastIndexOf(' ') + 1)); // Go: `open NAME: words`.
    }
    addAbsolute(before, names);
    return names.stream().filter(it -> !it.isBlank()).distinct().toList();
  }

  /// Absolute paths anywhere in a text.
  static void addAbsolute(String text, List<String> to) {
    UNC.matcher(text).results().forEach(it -> to.add(it.group(1)));
    ABSOLUTE.matcher(text).results().forEach(it -> to.add(it.group()));
  }

  static void addQuoted(String text, List<String> to) {
    IN_QUOTES
        .matcher(text)
        .results()
        .forEach(it -> {
          for (var group = 1; group <= it.groupCount(); group++) {
            if (it.group(group) != null) {
              to.add(it.group(group));
            }
          }
        });
  }
}
