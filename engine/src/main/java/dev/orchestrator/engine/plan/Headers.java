package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Assignment;
import dev.orchestrator.engine.plan.Command.Word;
import dev.orchestrator.engine.plan.WordReader.Inside;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/// What stands before the bodies of loops, choices and functions.
final class Headers {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern COMPARES = Pattern.compile("\\s-(eq|ne|lt|le|gt|ge|v)\\s|\\[-v\\s");

  private Headers() {}

  /// Reads the words of a `for`, `select`, `case` or one of its items.
  static void read(
      Syntax it, Script script, Findings findings, Scope scope, Consumer<List<Inside>> met) {
    var reader = new SimpleReader(script, findings, scope.place);
    var open = it.child("((");
    var close = it.child("))");
    if (open != null && close != null) {
      reader.expression(/* start= */ open.end(), /* end= */ close.start());
      met.accept(reader.done(false).inside());
      return;
    }
    if (it.is("case_item")) {
      var end = it.child(")");
      if (end == null) {
        script.doubt("a case that is not understood", it.start());
        return;
      }
      var begin = it.children().getFirst().is("(") ? it.start() + 1 : it.start();
      reader.loose(begin, end.start());
      met.accept(reader.done(false).inside());
      return;
    }
    var variable = new ArrayList<String>();
    words(it, script, reader, variable);
    var simple = reader.done(false);
    for (var name : variable) {
      if (simple.words().isEmpty()) {
        // Arguments, which may be anything.
        scope.set(List.of(new Assignment(name, new Word("$@", false))), findings);
      }
      for (var value : simple.words()) {
        scope.set(List.of(new Assignment(name, value)), findings);
      }
    }
    met.accept(simple.inside());
  }

  private static void words(Syntax it, Script script, SimpleReader reader, List<String> variable) {
    if (it.is("while_statement")) {
      return;
    }
    var last = -1;
    for (var child : it.children()) {
      switch (child.type()) {
        case "variable_name" -> {
          if (variable.isEmpty() && it.is("for_statement")) {
            variable.add(script.textOf(child));
          } else {
            reader.word(child);
          }
        }
        case "for", "select", "case", "esac", ";", "\n", "comment" -> {}
        case "in" -> last = child.end();
        case "do_group", "compound_statement", "case_item" -> {
          return;
        }
        default -> {
          if (last >= 0 && script.hasNewline(last, child.start())) {
            script.doubt("a list over two lines", last);
          }
          last = it.is("for_statement") ? child.end() : -1;
          reader.word(child);
        }
      }
    }
  }

  /// In `[[ a -eq b ]]` both sides are expressions.
  static void calculated(String test, Findings findings) {
    if (COMPARES.matcher(test).find()) {
      NAME.matcher(test).results().forEach(it -> findings.calculates(it.group()));
      if (test.contains("-v") && test.contains("[")) {
        findings.doubt("a test that may run what is in an index");
      }
    }
  }
}
