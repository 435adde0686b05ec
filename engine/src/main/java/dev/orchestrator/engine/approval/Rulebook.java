package dev.orchestrator.engine.approval;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the user's rules say about the first words of a command.
public interface Rulebook {
  /// No rules. Not a lambda: of an interface with a constant the cache cannot hold one.
  Rulebook EMPTY =
      new Rulebook() {
        @Override
        public List<Match> matches(List<String> words) {
          return List.of();
        }
      };

  /// Every rule that speaks about a command.
  ///
  /// @param words literal, the program first
  List<Match> matches(List<String> words);

  /// Every rule that may speak about a command of which only the first words are known: it begins
  /// with all of them and goes on.
  ///
  /// @param words literal, the program first
  default List<Match> beginningWith(List<String> words) {
    return List.of();
  }

  /// A rule that matched.
  ///
  /// @param prefix the words it matched
  /// @param justification what it says about itself; null if nothing
  record Match(Says says, List<String> prefix, @Nullable String justification) {
    public Match {
      prefix = List.copyOf(prefix);
    }
  }

  /// What a rule decides, from the most to the least permissive.
  enum Says {
    ALLOW,
    PROMPT,
    FORBIDDEN
  }
}
