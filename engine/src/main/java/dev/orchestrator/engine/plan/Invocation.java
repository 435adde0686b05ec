package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Assignment;
import dev.orchestrator.engine.plan.Command.Redirection;
import dev.orchestrator.engine.plan.Command.Word;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A simple command on its way to a plan, while wrappers are taken off.
///
/// @param scope what holds around it
/// @param place where it runs
/// @param isInShell whether a shell runs it itself, so that builtins and functions count
record Invocation(
    List<Word> words,
    List<Assignment> assignments,
    List<Redirection> redirections,
    List<String> wrappers,
    Scope scope,
    Place place,
    Dialect dialect,
    boolean isInShell) {

  static Invocation of(
      List<Word> words,
      List<Assignment> assignments,
      List<Redirection> redirections,
      Scope scope,
      Dialect dialect) {
    return new Invocation(
        words, assignments, redirections, scope.wrappers(), scope, scope.place, dialect, true);
  }

  /// The command behind a wrapper that takes the first words.
  Invocation without(int taken, boolean stillInShell) {
    return new Invocation(
        words.subList(taken, words.size()),
        assignments,
        redirections,
        wrappers,
        scope,
        place,
        dialect,
        stillInShell);
  }

  Invocation of(List<Word> others) {
    return new Invocation(
        others, assignments, redirections, wrappers, scope, place, dialect, isInShell);
  }

  Invocation at(Place other) {
    return new Invocation(
        words, assignments, redirections, wrappers, scope, other, dialect, isInShell);
  }

  Invocation with(Assignment more) {
    var all = new ArrayList<>(assignments);
    all.add(more);
    return setting(all);
  }

  Invocation setting(List<Assignment> all) {
    return new Invocation(words, all, redirections, wrappers, scope, place, dialect, isInShell);
  }

  Invocation within(String wrapper) {
    var all = new ArrayList<>(wrappers);
    all.add(wrapper);
    return new Invocation(words, assignments, redirections, all, scope, place, dialect, isInShell);
  }

  /// The value of a word; null if there is none or it is not known.
  @Nullable String literal(int index) {
    return index < words.size() && words.get(index).isLiteral() ? words.get(index).text() : null;
  }

  Command toCommand() {
    var all = new ArrayList<>(scope.around());
    all.addAll(redirections);
    return new Command(words, scope.variablesAnd(assignments), all, place.folder(), wrappers);
  }
}
