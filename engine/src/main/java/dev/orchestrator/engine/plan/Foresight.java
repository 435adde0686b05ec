package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Assignment;
import dev.orchestrator.engine.plan.Command.Word;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What a part of a script may do later, told before it is read: a loop's end comes before its
/// beginning, and a function runs after what stands behind it.
final class Foresight {
  private static final Set<String> MOVES =
      Set.of("cd", "chdir", "pushd", "popd", "eval", "source", ".", "autoload");

  /// What the shell makes of these, the plan depends on: no function may take their names.
  private static final Set<String> KNOWN =
      Set.of(
          "cd",
          "chdir",
          "pushd",
          "popd",
          "command",
          "builtin",
          "exec",
          "eval",
          "trap",
          "export",
          "set",
          "unset",
          "alias",
          "exit",
          "return",
          "source",
          ".",
          "env",
          "sudo",
          "xargs",
          "sh",
          "bash",
          "read",
          "printf",
          "declare",
          "typeset",
          "local",
          "readonly");

  /// Builtins whose arguments may be variables to set.
  private static final Set<String> READS =
      Set.of("read", "mapfile", "readarray", "getopts", "printf", "wait", "unset", "let");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern SETS = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*):?=");

  private Foresight() {}

  /// Whether the plan depends on what the shell makes of this name.
  static boolean isKnown(String name) {
    return KNOWN.contains(name);
  }

  static boolean setsErrexit(String command) {
    return command.matches("set( -[a-z]+)* -[a-df-z]*e[a-z]*( pipefail)?");
  }

  static int indexOf(List<Syntax> parts, String type) {
    for (var i = 0; i < parts.size(); i++) {
      if (parts.get(i).is(type)) {
        return i;
      }
    }
    return parts.size();
  }

  private static void add(String name, String value, List<Assignment> found) {
    if (NAME.matcher(name).matches()) {
      found.add(new Assignment(name, new Word(value, false)));
    }
  }

  /// Whether a call of a function may change the directory.
  static boolean movesInFunction(Syntax it, Script script) {
    if (it.is("function_definition")) {
      return moves(it, script);
    }
    return it.children().stream().anyMatch(child -> movesInFunction(child, script));
  }

  /// Whether the directory may change somewhere below.
  static boolean moves(Syntax it, Script script) {
    return (it.is("word") && MOVES.contains(script.textOf(it)))
        || it.children().stream().anyMatch(child -> moves(child, script));
  }

  /// Every variable that may be set somewhere below.
  static List<Assignment> setIn(Script script, Syntax it) {
    var found = new ArrayList<Assignment>();
    var passing = Collections.<Syntax>newSetFromMap(new IdentityHashMap<>());
    it.forEach(child -> {
      switch (child.type()) {
        case "command" -> {
          // Those before a program are for it alone.
          passing.addAll(child.children());
          var name = child.child("command_name");
          if (name != null && READS.contains(script.textOf(name))) {
            child.children().stream()
                .filter(word -> word.is("word"))
                .forEach(word -> add(script.textOf(word), "", found));
          }
        }
        case "variable_assignment" -> {
          if (!passing.contains(child)) {
            var text = script.textOf(child);
            add(
                text.replaceFirst("(?s)[^A-Za-z0-9_].*", ""),
                text.substring(text.indexOf('=') + 1),
                found);
          }
        }
        case "for_statement" -> {
          var variable = child.child("variable_name");
          if (variable != null) {
            // Its values are told where the loop is read.
            found.add(new Assignment(script.textOf(variable), new Word("0", false)));
          }
        }
        case "expansion" -> {
          var sets = SETS.matcher(script.textOf(child));
          if (sets.lookingAt()) {
            add(sets.group(1), "", found);
          }
        }
        default -> {}
      }
    });
    return found;
  }

  /// A function's name; empty if it is not a plain one.
  static String functionName(Syntax it, Script script) {
    for (var child : it.children()) {
      if (child.is("word")) {
        var name = script.textOf(child);
        return name.matches("[A-Za-z0-9_.:+-]+") ? name : "";
      }
    }
    return "";
  }

  /// Whether a function runs itself in a pipe or in the background.
  static boolean multiplies(Syntax function, String name, Script script) {
    var found = new boolean[1];
    function.forEach(it -> {
      var children = it.children();
      for (var i = 0; i < children.size(); i++) {
        var isMany = it.is("pipeline") || (i + 1 < children.size() && children.get(i + 1).is("&"));
        found[0] |= isMany && calls(children.get(i), name, script);
      }
    });
    return found[0];
  }

  private static boolean calls(Syntax it, String name, Script script) {
    return (it.is("command_name") && script.textOf(it).equals(name))
        || it.children().stream().anyMatch(child -> calls(child, name, script));
  }
}
