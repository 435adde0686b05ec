package dev.orchestrator.engine.plan;

import java.util.Set;

/// Which options a wrapper takes before the command it runs.
///
/// @param plain letters of options without a value
/// @param valued letters of options with a value, in the same word or the next
/// @param longPlain long options without a value
/// @param longValued long options with a value, behind `=` or in the next word
record Options(String plain, String valued, Set<String> longPlain, Set<String> longValued) {
  static Options of(String plain, String valued) {
    return new Options(plain, valued, Set.of(), Set.of());
  }

  Options longer(Set<String> withoutValue, Set<String> withValue) {
    return new Options(plain, valued, withoutValue, withValue);
  }

  /// How many words these options take from `start` on; -1 if one of them is not known.
  int skip(Invocation it, int start) {
    var index = start;
    while (index < it.words().size()) {
      var word = it.literal(index);
      if (word == null || word.length() < 2 || word.charAt(0) != '-') {
        return index;
      }
      if (word.equals("--")) {
        return index + 1;
      }
      var taken = word.startsWith("--") ? longOption(word) : shortOptions(word);
      if (taken < 0) {
        return -1;
      }
      index += taken;
    }
    return index;
  }

  private int longOption(String word) {
    var equals = word.indexOf('=');
    var name = word.substring(2, equals < 0 ? word.length() : equals);
    if (longPlain.contains(name)) {
      return 1;
    }
    if (longValued.contains(name)) {
      return equals < 0 ? 2 : 1;
    }
    return -1;
  }

  private int shortOptions(String word) {
    for (var i = 1; i < word.length(); i++) {
      var letter = word.charAt(i);
      if (valued.indexOf(letter) >= 0) {
        return i + 1 == word.length() ? 2 : 1;
      }
      if (plain.indexOf(letter) < 0) {
        return -1;
      }
    }
    return 1;
  }
}
