package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Assignment;
import dev.orchestrator.engine.plan.Command.Redirection;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What holds at a point of a script: place, variables, functions, redirections around it.
///
/// Confined to the thread that reads the script.
final class Scope {
  private static final int MOST_VARIABLES = 200;

  Place place;
  private final Map<String, Assignment> variables;
  private final Set<String> functions;
  private final List<Redirection> around;
  private final List<String> wrappers = new ArrayList<>();

  Scope(Place place) {
    this(place, Map.of(), Set.of(), List.of());
  }

  private Scope(
      Place place,
      Map<String, Assignment> variables,
      Set<String> functions,
      List<Redirection> around) {
    this.place = place;
    this.variables = new LinkedHashMap<>(variables);
    this.functions = new HashSet<>(functions);
    this.around = around;
  }

  /// A shell of its own: it knows what this one knows, and this one learns nothing from it.
  Scope copy() {
    var copy = new Scope(place, variables, functions, around);
    copy.wrappers.addAll(wrappers);
    return copy;
  }

  /// This one within a group that has redirections. Variables set there are not kept.
  Scope within(List<Redirection> more) {
    var all = new ArrayList<>(around);
    all.addAll(more);
    var inner = new Scope(place, variables, functions, List.copyOf(all));
    inner.wrappers.addAll(wrappers);
    return inner;
  }

  /// Notes who runs the shell that this scope is for.
  void wrap(List<String> by) {
    wrappers.clear();
    wrappers.addAll(by);
  }

  List<String> wrappers() {
    return List.copyOf(wrappers);
  }

  /// Takes over what a group that is not a shell of its own has set.
  void learn(Scope inner) {
    variables.putAll(inner.variables);
    functions.retainAll(inner.functions);
    functions.addAll(inner.functions);
  }

  void set(Collection<Assignment> them, Findings findings) {
    for (var it : them) {
      if (variables.size() >= MOST_VARIABLES && !variables.containsKey(it.name())) {
        findings.doubt("sets more than %d variables".formatted(MOST_VARIABLES));
        return;
      }
      variables.put(it.name(), it);
      if (!isTame(it.value())) {
        findings.isWild(it.name());
      }
    }
  }

  /// Whether a value is a number, or at least nothing that runs when the shell calculates with it.
  private static boolean isTame(Command.Word value) {
    var text = value.text();
    return text.startsWith("$((")
        || (!text.isEmpty() && text.chars().noneMatch(c -> "$`[".indexOf(c) >= 0));
  }

  void define(String function) {
    functions.add(function);
  }

  void forgetFunctions() {
    functions.clear();
  }

  boolean defines(String function) {
    return functions.contains(function);
  }

  boolean sets(String variable) {
    return variables.containsKey(variable);
  }

  List<Redirection> around() {
    return around;
  }

  /// What was set so far, and what a command sets for itself.
  List<Assignment> variablesAnd(List<Assignment> own) {
    var all = new ArrayList<>(variables.values());
    all.addAll(own);
    return List.copyOf(all);
  }
}
