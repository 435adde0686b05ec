package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Assignment;
import dev.orchestrator.engine.plan.Command.Word;
import dev.orchestrator.engine.plan.Place.After;
import dev.orchestrator.engine.plan.WordReader.Inside;
import java.util.ArrayList;
import java.util.List;

/// Walks over the statements of one script and hands every simple command on.
///
/// Confined to the thread that reads the script. Recursive, as deep as the tree, which is limited.
final class Statements {
  private final Script script;
  private final Findings findings;
  private final Commands commands;
  private boolean exitsOnError;
  private boolean isTopLevel = true;

  Statements(Script script, Findings findings) {
    this.script = script;
    this.findings = findings;
    this.commands = new Commands(findings);
  }

  After read(Scope scope) {
    if (Foresight.movesInFunction(script.root, script)) {
      scope.place = Place.UNKNOWN;
    }
    return sequence(script.root.children(), scope, true);
  }

  /// Statements one after the other; tokens between them say how.
  private After sequence(List<Syntax> statements, Scope scope, boolean isTop) {
    var last = After.still(scope.place);
    var outer = isTopLevel;
    for (var i = 0; i < statements.size(); i++) {
      var it = statements.get(i);
      if (!it.isNamed() || it.is("comment")) {
        continue;
      }
      isTopLevel = outer && isTop;
      var next = i + 1 < statements.size() ? statements.get(i + 1).type() : "";
      if (next.equals("&")) {
        // In the background: a shell of its own.
        statement(it, scope.copy());
        last = After.still(scope.place);
      } else {
        last = statement(it, scope);
        scope.place =
            exitsOnError && isTopLevel && it.is("command") ? last.success() : last.either();
      }
      exitsOnError |= isTopLevel && it.is("command") && Foresight.setsErrexit(script.textOf(it));
    }
    isTopLevel = outer;
    return last;
  }

  private After statement(Syntax it, Scope scope) {
    return statement(it, List.of(), scope);
  }

  /// One statement. The grammar gives the redirections at the end of a list to the whole list; they
  /// belong to its last command.
  private After statement(Syntax it, List<Syntax> redirects, Scope scope) {
    return switch (it.type()) {
      case "command" -> command(it, redirects, scope);
      case "variable_assignment", "variable_assignments" -> assignments(it, redirects, scope);
      case "declaration_command", "unset_command" -> declaration(it, redirects, scope);
      case "test_command" -> test(it, redirects, scope);
      case "redirected_statement" -> redirected(it, redirects, scope);
      case "list" -> list(it, redirects, scope);
      case "pipeline" -> pipeline(it, redirects, scope);
      case "negated_command" -> negated(it, redirects, scope);
      default -> redirects.isEmpty() ? compound(it, scope) : group(it, redirects, scope);
    };
  }

  private After compound(Syntax it, Scope scope) {
    return switch (it.type()) {
      case "subshell" -> shell(it.children(), scope);
      case "compound_statement" ->
          it.children().getFirst().is("((")
              ? test(it, List.of(), scope)
              : sequence(it.children(), scope, false);
      case "do_group" -> sequence(it.children(), scope, false);
      case "if_statement" -> conditional(it.children(), scope);
      case "while_statement", "for_statement", "c_style_for_statement" -> loop(it, scope);
      case "case_statement" -> choice(it, scope);
      case "function_definition" -> function(it, scope);
      case "comment" -> After.still(scope.place);
      default -> {
        script.doubt("a %s that is not understood".formatted(it.type()), it.start());
        yield After.still(Place.UNKNOWN);
      }
    };
  }

  private After command(Syntax it, List<Syntax> redirects, Scope scope) {
    var reader = new SimpleReader(script, findings, scope.place);
    reader.command(it);
    reader.lost(it.start(), redirects);
    redirects.forEach(reader::redirect);
    var simple = reader.done(true);
    inside(simple.inside(), scope);
    var after =
        commands.run(
            Invocation.of(
                simple.words(),
                simple.assignments(),
                simple.redirections(),
                scope,
                script.dialect));
    return rest(simple.rest(), scope, after);
  }

  /// Statements that the grammar puts into a here-document, because they stand on its first line.
  private After rest(List<Syntax> statements, Scope scope, After after) {
    if (statements.isEmpty()) {
      return after;
    }
    var here = scope.copy();
    here.place = after.either();
    for (var it : statements) {
      if (it.isNamed()) {
        here.place = statement(it, here).either();
      }
    }
    scope.learn(here);
    return After.still(after.either().or(here.place));
  }

  private After assignments(Syntax it, List<Syntax> redirects, Scope scope) {
    var reader = new SimpleReader(script, findings, scope.place);
    if (it.is("variable_assignment")) {
      reader.assignment(it);
    } else {
      it.children().forEach(reader::assignment);
    }
    redirects.forEach(reader::redirect);
    return own(reader.done(false), scope);
  }

  /// A command without a program: what it sets holds from here on.
  private After own(SimpleReader.Simple simple, Scope scope) {
    inside(simple.inside(), scope);
    var none = new ArrayList<Word>();
    if (!simple.words().isEmpty()) {
      none.addAll(simple.words());
    }
    commands.run(
        Invocation.of(none, simple.assignments(), simple.redirections(), scope, script.dialect));
    return rest(simple.rest(), scope, After.still(scope.place));
  }

  private After declaration(Syntax it, List<Syntax> redirects, Scope scope) {
    var reader = new SimpleReader(script, findings, scope.place);
    var declared = new SimpleReader(script, findings, scope.place);
    var last = it.start();
    for (var child : it.children()) {
      if (script.hasNewline(last, child.start())) {
        script.doubt("a command over two lines", last);
      }
      last = child.end();
      if (child.is("variable_assignment")) {
        declared.assignment(child);
      } else if (!child.is("comment")) {
        reader.word(child);
      }
    }
    redirects.forEach(reader::redirect);
    var simple = reader.done(true);
    var set = declared.done(false);
    inside(set.inside(), scope);
    inside(simple.inside(), scope);
    commands.declare(
        Invocation.of(
            simple.words(), set.assignments(), simple.redirections(), scope, script.dialect));
    return rest(simple.rest(), scope, After.still(scope.place));
  }

  private After redirected(Syntax it, List<Syntax> outer, Scope scope) {
    var redirects = new ArrayList<Syntax>();
    Syntax body = null;
    var last = it.start();
    for (var child : it.children()) {
      if (script.hasNewline(last, child.start())) {
        script.doubt("a redirection over two lines", last);
      }
      last = child.end();
      if (child.type().endsWith("_redirect")) {
        redirects.add(child);
      } else if (body == null) {
        body = child;
      } else {
        script.doubt("a redirection that is not understood", child.start());
      }
    }
    redirects.addAll(outer);
    if (body == null) {
      var reader = new SimpleReader(script, findings, scope.place);
      redirects.forEach(reader::redirect);
      return own(reader.done(true), scope);
    }
    return statement(body, redirects, scope);
  }

  private After group(Syntax body, List<Syntax> redirects, Scope scope) {
    var reader = new SimpleReader(script, findings, scope.place);
    redirects.forEach(reader::redirect);
    var simple = reader.done(false);
    if (!simple.words().isEmpty()) {
      script.doubt("words behind a group", body.end());
    }
    inside(simple.inside(), scope);
    var inner = scope.within(simple.redirections());
    var after = statement(body, inner);
    scope.learn(inner);
    return rest(simple.rest(), scope, after);
  }

  private After list(Syntax it, List<Syntax> redirects, Scope scope) {
    var parts = it.children().stream().filter(child -> !child.is("comment")).toList();
    if (parts.size() != 3) {
      script.doubt("a list that is not understood", it.start());
      return sequence(it.children(), scope, false);
    }
    var outer = isTopLevel;
    isTopLevel = false;
    var first = statement(parts.getFirst(), scope);
    var isAnd = parts.get(1).is("&&");
    scope.place = isAnd ? first.success() : first.failure();
    var second = statement(parts.getLast(), redirects, scope);
    isTopLevel = outer;
    return isAnd
        ? new After(second.success(), first.failure().or(second.failure()))
        : new After(first.success().or(second.success()), second.failure());
  }

  private After pipeline(Syntax it, List<Syntax> redirects, Scope scope) {
    var outer = isTopLevel;
    isTopLevel = false;
    var parts =
        it.children().stream().filter(child -> child.isNamed() && !child.is("comment")).toList();
    var after = scope.place;
    for (var i = 0; i < parts.size(); i++) {
      var own = scope.copy();
      var isLast = i == parts.size() - 1;
      after = after.or(statement(parts.get(i), isLast ? redirects : List.of(), own).either());
      // Some shells run the last part themselves.
      scope.learn(own);
    }
    isTopLevel = outer;
    return After.still(after);
  }

  private After shell(List<Syntax> statements, Scope scope) {
    sequence(statements, scope.copy(), false);
    return After.still(scope.place);
  }

  private After negated(Syntax it, List<Syntax> redirects, Scope scope) {
    var after = After.still(scope.place);
    for (var child : it.children()) {
      if (child.isNamed()) {
        after = statement(child, redirects, scope);
      }
    }
    return new After(/* success= */ after.failure(), /* failure= */ after.success());
  }

  /// `if`, `elif` and `else`: statements up to `then` decide, those behind it follow.
  private After conditional(List<Syntax> parts, Scope scope) {
    var then = Foresight.indexOf(parts, "then");
    var before = scope.place;
    var condition = sequence(parts.subList(0, then), scope, false);
    scope.place = condition.success();
    var rest = new ArrayList<Syntax>();
    var others = new ArrayList<Syntax>();
    for (var it : parts.subList(then, parts.size())) {
      (it.is("elif_clause") || it.is("else_clause") ? others : rest).add(it);
    }
    var after = sequence(rest, scope, false).or(After.still(scope.place));
    var unmet = condition.failure().or(then == parts.size() ? before : Place.NEVER);
    for (var it : others) {
      scope.place = unmet;
      var other =
          it.is("elif_clause")
              ? conditional(it.children(), scope)
              : sequence(it.children(), scope, false).or(After.still(scope.place));
      after = after.or(other);
      unmet = it.is("elif_clause") ? unmet.or(other.either()) : Place.NEVER;
    }
    return after.or(After.still(unmet));
  }

  private After loop(Syntax it, Scope scope) {
    if (script.dialect == Dialect.SH
        && !it.is("while_statement")
        && !script.textOf(it).startsWith("for ")) {
      script.doubt("a loop that not every shell knows", it.start());
    }
    if (Foresight.moves(it, script)) {
      scope.place = Place.UNKNOWN;
    }
    // What a loop sets at its end holds at its beginning, the next time.
    scope.set(Foresight.setIn(script, it), findings);
    var place = scope.place;
    Headers.read(it, script, findings, scope, met -> inside(met, scope));
    for (var child : it.children()) {
      if (child.is("do_group") || child.is("compound_statement")) {
        sequence(child.children(), scope, false);
      } else if (it.is("while_statement") && child.isNamed()) {
        statement(child, scope);
      }
    }
    return After.still(place);
  }

  private After choice(Syntax it, Scope scope) {
    Headers.read(it, script, findings, scope, met -> inside(met, scope));
    var before = scope.place;
    var after = After.still(before);
    for (var item : it.children()) {
      if (item.is("case_item")) {
        Headers.read(item, script, findings, scope, met -> inside(met, scope));
        // Behind ;& the next one goes on where this one is.
        scope.place = after.either();
        var bodies =
            item.children()
                .subList(Foresight.indexOf(item.children(), ")"), item.children().size());
        after = after.or(sequence(bodies, scope, false)).or(After.still(scope.place));
      }
    }
    return after;
  }

  private After function(Syntax it, Scope scope) {
    var name = Foresight.functionName(it, script);
    if (name.isEmpty() || Foresight.isKnown(name)) {
      script.doubt("a function in the place of a command", it.start());
    }
    if (script.dialect == Dialect.SH && it.child("function") != null) {
      script.doubt("a function that not every shell knows", it.start());
    }
    var redirects = new ArrayList<Syntax>();
    var body = scope.copy();
    body.place = Place.UNKNOWN;
    body.define(name);
    body.set(Foresight.setIn(script, script.root), findings);
    for (var child : it.children()) {
      if (child.type().endsWith("_redirect")) {
        redirects.add(child);
      }
    }
    for (var child : it.children()) {
      switch (child.type()) {
        case "compound_statement",
            "subshell",
            "test_command",
            "if_statement",
            "while_statement",
            "for_statement",
            "c_style_for_statement",
            "case_statement" ->
            group(child, redirects, body);
        default -> {}
      }
    }
    if (Foresight.multiplies(it, name, script)) {
      script.doubt("a function that starts itself again and again", it.start());
    }
    if (isTopLevel) {
      scope.define(name);
    }
    scope.set(Foresight.setIn(script, it), findings);
    return After.still(scope.place);
  }

  /// `[[ … ]]` and `(( … ))`: they run nothing but what is expanded in them.
  private After test(Syntax it, List<Syntax> redirects, Scope scope) {
    var first = it.children().getFirst();
    var reader = new SimpleReader(script, findings, scope.place);
    var end = it.children().getLast().start();
    if (first.is("((")) {
      reader.expression(first.end(), end);
    } else {
      reader.loose(first.end(), end);
      if (first.is("[[")) {
        Headers.calculated(script.text.substring(first.end(), end), findings);
      }
    }
    if (script.dialect == Dialect.SH && !first.is("[")) {
      script.doubt("a test that not every shell knows", it.start());
    }
    redirects.forEach(reader::redirect);
    var simple = reader.done(false);
    inside(simple.inside(), scope);
    commands.test(
        Invocation.of(
            first.is("[") ? List.of(new Word("[", true)) : List.of(),
            List.of(),
            simple.redirections(),
            scope,
            script.dialect));
    return rest(simple.rest(), scope, After.still(scope.place));
  }

  private void inside(List<Inside> met, Scope scope) {
    for (var it : met) {
      switch (it) {
        case Inside.Part part -> part(part.node(), scope);
        case Inside.Text text -> Plans.read(text.script(), scope.copy(), script.dialect, findings);
        case Inside.Sets sets ->
            scope.set(List.of(new Assignment(sets.variable(), new Word("", false))), findings);
      }
    }
  }

  /// `$(…)`, `<(…)` and `>(…)`.
  private void part(Syntax it, Scope scope) {
    var redirects = new ArrayList<Syntax>();
    for (var child : it.children()) {
      if (child.type().endsWith("_redirect")) {
        redirects.add(child);
      }
    }
    if (!redirects.isEmpty()) {
      var reader = new SimpleReader(script, findings, scope.place);
      redirects.forEach(reader::redirect);
      own(reader.done(true), scope.copy());
    }
    var others = new ArrayList<>(it.children());
    others.removeAll(redirects);
    shell(others, scope);
  }
}
