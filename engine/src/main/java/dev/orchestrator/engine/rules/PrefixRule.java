package dev.orchestrator.engine.rules;

import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A rule about commands that begin in a certain way.
///
/// @param pattern for each of the first words what it may be
/// @param match commands that it must match
/// @param notMatch commands that it must not match
record PrefixRule(
    Position position,
    List<Set<String>> pattern,
    RuleDecision decision,
    @Nullable String justification,
    List<List<String>> match,
    List<List<String>> notMatch) {
  PrefixRule {
    pattern = List.copyOf(pattern);
    match = List.copyOf(match);
    notMatch = List.copyOf(notMatch);
  }

  /// Whether it matches, with `program` in the place of the first word.
  boolean matches(String program, List<String> words) {
    if (words.size() < pattern.size() || !pattern.getFirst().contains(program)) {
      return false;
    }
    for (var i = 1; i < pattern.size(); i++) {
      if (!pattern.get(i).contains(words.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// Whether it goes on behind these words, of which the program is known to be the rule's.
  boolean beginsWith(List<String> words) {
    return words.size() < pattern.size()
        && IntStream.range(1, words.size()).allMatch(i -> pattern.get(i).contains(words.get(i)));
  }
}
