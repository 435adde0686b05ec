package dev.orchestrator.engine.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// What reading has found so far, over all scripts within scripts.
///
/// Confined to the thread that reads.
final class Findings {
  static final int MOST_COMMANDS = 10_000;
  private static final int MOST_DOUBTS = 20;
  private static final int MOST_SCRIPTS = 200;
  private static final int MOST_NESTING = 10;
  private static final Duration MOST_TIME = Duration.ofMillis(500);

  private final List<Command> commands = new ArrayList<>();
  private final Set<String> doubts = new LinkedHashSet<>();
  private final Set<String> calculated = new HashSet<>();
  private final Set<String> wild = new HashSet<>();
  private final UnaryOperator<@Nullable String> environment;
  private final long deadline = System.nanoTime() + MOST_TIME.toNanos();
  private int scripts;
  private int nesting;

  Findings(UnaryOperator<@Nullable String> environment) {
    this.environment = environment;
  }

  void add(Command it) {
    if (commands.size() < MOST_COMMANDS) {
      commands.add(it);
    } else {
      doubt("has more than %d commands".formatted(MOST_COMMANDS));
    }
  }

  void doubt(String why) {
    if (doubts.size() < MOST_DOUBTS) {
      doubts.add(why);
    }
  }

  /// Whether one more script may be read inside those that are being read; [#leave] follows if so.
  boolean enter() {
    if (nesting >= MOST_NESTING || scripts >= MOST_SCRIPTS) {
      doubt("has too many scripts within scripts");
      return false;
    }
    // The first one may take its time: the library is loaded for it.
    if (scripts > 0 && System.nanoTime() - deadline > 0) {
      doubt("takes too long to read");
      return false;
    }
    nesting++;
    scripts++;
    return true;
  }

  void leave() {
    nesting--;
  }

  @Nullable String home() {
    return environment.apply("HOME");
  }

  /// A variable whose value the shell reads as an expression, which may run commands.
  void calculates(String variable) {
    calculated.add(variable);
  }

  /// A variable that may hold anything.
  void isWild(String variable) {
    wild.add(variable);
  }

  Plan toPlan(String text) {
    for (var it : calculated) {
      if (wild.contains(it)) {
        doubt("calculates with $%s, whose value may run commands".formatted(it));
      }
    }
    return new Plan(text, commands, List.copyOf(doubts));
  }
}
