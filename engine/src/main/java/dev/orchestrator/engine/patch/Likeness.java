package dev.orchestrator.engine.patch;

/// How alike two lines must be to be taken for the same; the strictest first. Each is an
/// equivalence.
enum Likeness {
  EXACT,
  /// But for white space at the end.
  END_TRIMMED,
  /// But for white space at both ends.
  TRIMMED,
  /// Also with typographic dashes, quotes and spaces taken for those of ASCII.
  PLAIN;

  boolean holds(String one, String other) {
    return switch (this) {
      case EXACT -> one.equals(other);
      case END_TRIMMED -> {
        var length = Blanks.end(one);
        yield length == Blanks.end(other) && one.regionMatches(0, other, 0, length);
      }
      case TRIMMED -> {
        var from = Blanks.start(one);
        var otherFrom = Blanks.start(other);
        var length = Blanks.end(one) - from;
        yield length == Blanks.end(other) - otherFrom
            && one.regionMatches(from, other, otherFrom, length);
      }
      case PLAIN -> isPlainlySame(one, other);
    };
  }

  private static boolean isPlainlySame(String one, String other) {
    var from = Blanks.start(one);
    var otherFrom = Blanks.start(other);
    var length = Blanks.end(one) - from;
    if (length != Blanks.end(other) - otherFrom) {
      return false;
    }
    for (var i = 0; i < length; i++) {
      if (plain(one.charAt(from + i)) != plain(other.charAt(otherFrom + i))) {
        return false;
      }
    }
    return true;
  }

  private static char plain(char it) {
    return switch (it) {
      case '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2015', '\u2212' -> '-';
      case '\u2018', '\u2019', '\u201a', '\u201b' -> '\'';
      case '\u201c', '\u201d', '\u201e', '\u201f' -> '"';
      case '\u00a0', '\u202f', '\u205f', '\u3000' -> ' ';
      default -> it >= '\u2002' && it <= '\u200a' ? ' ' : it;
    };
  }
}
