package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Word;
import dev.orchestrator.engine.plan.Place.After;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Turns what is asked for into a [Plan]. Safe from any thread.
///
/// No text makes it throw. What is too long, too deep, takes too long to read or is not understood
/// becomes a doubt.
public final class Plans {
  private final UnaryOperator<@Nullable String> environment;

  /// @param environment looks variables up, of which `HOME` counts; null for those that are not set
  public Plans(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  /// The plan of a program and its arguments, as they are given to the system.
  ///
  /// @param directory where it is started
  public Plan ofWords(List<String> words, Path directory) {
    var findings = new Findings(environment);
    var literal = words.stream().map(it -> new Word(it, true)).toList();
    if (words.stream().anyMatch(it -> it.indexOf(0) >= 0)) {
      findings.doubt("has a NUL character");
    }
    var scope = new Scope(Place.at(directory));
    if (!words.isEmpty()) {
      new Commands(findings)
          .run(Invocation.of(literal, List.of(), List.of(), scope, Dialect.BASH).without(0, false));
    }
    return findings.toPlan(Quoting.line(words));
  }

  /// The plan of a script that bash is given.
  ///
  /// @param directory where the shell is started
  public Plan ofScript(String script, Path directory) {
    var findings = new Findings(environment);
    read(script, new Scope(Place.at(directory)), Dialect.BASH, findings);
    var plan = findings.toPlan(script);
    if (plan.commands().isEmpty() && !plan.isOpaque() && saysSomething(script)) {
      // Whatever it is, it was not seen.
      findings.doubt("no command was found in it");
      return findings.toPlan(script);
    }
    return plan;
  }

  private static boolean saysSomething(String script) {
    return script.lines().map(String::strip).anyMatch(it -> !it.isEmpty() && !it.startsWith("#"));
  }

  /// Reads a script within a script, or the outermost one.
  static After read(String script, Scope scope, Dialect dialect, Findings findings) {
    if (!findings.enter()) {
      return After.still(Place.UNKNOWN);
    }
    try {
      return switch (Grammar.parse(script)) {
        case Grammar.Outcome.Doubt doubt -> {
          findings.doubt(doubt.why());
          yield After.still(Place.UNKNOWN);
        }
        case Grammar.Outcome.Tree tree -> {
          var checked = new Script(script, tree.root(), dialect, findings);
          checked.check();
          var after = new Statements(checked, findings).read(scope);
          checked.checkRest();
          yield after;
        }
      };
    } finally {
      findings.leave();
    }
  }
}
