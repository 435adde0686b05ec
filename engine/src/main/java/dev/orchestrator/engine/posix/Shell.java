package dev.orchestrator.engine.posix;

import java.util.List;
import java.util.stream.Collectors;

/// Quotes words so that a shell reads them back as they are (POSIX.1-2024, XCU 2.2).
///
/// Among the many ways to quote, this takes the one of the `shlex` crate 1.3, which Codex shows
/// commands with: plain if possible, else in single quotes, else in double quotes; a word that
/// needs two of them is quoted piece by piece.
public final class Shell {
  private static final String PLAIN = "+-./:@]_";

  private Shell() {}

  /// The words as one line of shell.
  public static String quote(List<String> words) {
    return words.stream().map(Shell::quote).collect(Collectors.joining(" "));
  }

  private static String quote(String word) {
    if (word.isEmpty()) {
      return "''";
    }
    var quoted = new StringBuilder();
    for (var at = 0; at < word.length(); ) {
      at = append(quoted, word, at);
    }
    return quoted.toString();
  }

  /// Appends the longest piece that one kind of quotes can hold.
  ///
  /// @return where the next piece begins
  private static int append(StringBuilder quoted, String word, int from) {
    // A shell with history expansion takes a leading ^ for a substitution.
    var startsWithCaret = word.charAt(from) == '^';
    var plain = !startsWithCaret;
    var single = true;
    var twice = !startsWithCaret;
    var to = startsWithCaret ? from + 1 : from;
    for (; to < word.length(); to++) {
      var it = word.charAt(to);
      var stillPlain = plain && isPlain(it);
      // Some shells give a backslash a meaning even in single quotes.
      var stillSingle = single && "'^\\".indexOf(it) < 0;
      var stillTwice = twice && "`$!^".indexOf(it) < 0;
      if (!stillPlain && !stillSingle && !stillTwice) {
        break;
      }
      plain = stillPlain;
      single = stillSingle;
      twice = stillTwice;
    }
    var piece = word.substring(from, to);
    if (plain) {
      quoted.append(piece);
    } else if (single) {
      quoted.append('\'').append(piece).append('\'');
    } else {
      quoted.append('"').append(piece.replaceAll("[\"\\\\]", "\\\\$0")).append('"');
    }
    return to;
  }

  private static boolean isPlain(char it) {
    return (it >= 'a' && it <= 'z')
        || (it >= 'A' && it <= 'Z')
        || (it >= '0' && it <= '9')
        || PLAIN.indexOf(it) >= 0;
  }
}
