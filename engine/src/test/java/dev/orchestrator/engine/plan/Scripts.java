package dev.orchestrator.engine.plan;

import java.util.List;
import java.util.Random;

/// Makes scripts up: from a grammar, so that they run, and from pieces, so that they may not.
///
/// Programs are called `p0` to `p4`; nothing else is run, and nothing is written but a file `f`.
public final class Scripts {
  private static final List<String> WORDS =
      List.of(
          "a",
          "'b c'",
          "\"d\"",
          "x\\ y",
          "l\"s\"",
          "$x",
          "\"$x\"",
          "${x:-y}",
          "\"$(P)\"",
          "$(P)",
          "`p1`",
          "<(P)",
          "$((1+2))",
          "{a,b}",
          "*",
          "~",
          "$'a\\'b'",
          "é",
          "#",
          "a#b",
          "-",
          "=",
          "==",
          "[",
          "]",
          "\"`p2`\"",
          "\"${x:-$(P)}\"",
          "$((1+$(p3; echo 1)))",
          "\\\n",
          "'\\'",
          "\"\\\"\"",
          "{",
          "}",
          "!",
          "if",
          "do",
          "done",
          "esac",
          "1",
          "2",
          "{x}",
          "\"a\nb\"");
  private static final List<String> COMMANDS =
      List.of(
          "p0",
          "p1",
          "p2",
          "p3",
          "p4",
          "'p0'",
          "p\"1\"",
          "\\p2",
          "A=1 p3",
          "x=$(P) p4",
          "eval p0",
          "command p1",
          "env p2",
          "nice p3",
          "exec p4",
          "sh -c 'P'",
          "bash -c \"P\"",
          "! p0",
          "time p1",
          "eval 'P'",
          "builtin eval p2",
          "env A=1 p3",
          "x=1",
          "export y=2",
          ">f",
          "trap 'p0' EXIT",
          "p1>f",
          "p2 2>&1",
          "xargs p3",
          "echo",
          "cd .",
          "true",
          "false",
          "[ a ]",
          "[[ a ]]",
          "((1))",
          "[[ -n $(P) ]]",
          "((1+$(p0;echo 2)))",
          "coproc p4",
          "command -v p1",
          "printf %s");
  private static final List<String> ENDS =
      List.of(
          "",
          "",
          "",
          " >f",
          " <f",
          " 2>/dev/null",
          " &>f",
          " >>f",
          " <<<x",
          " <<<\"$(P)\"",
          " <<E\nx $(P) `p2`\nE\n",
          " <<'E'\n$(p9)\nE\n",
          " <<-E\n\t`p1`\n\tE\n");
  private static final String CHARACTERS = " \n;&|()<>{}'\"`$\\#!=-x";
  private static final int MOST_DEPTH = 2;

  private final Random random;

  public Scripts(long seed) {
    random = new Random(seed);
  }

  /// A script of the grammar; one of three has a few characters changed.
  public String next() {
    var script = filled(statement(0), 0);
    return random.nextInt(3) == 0 ? mutated(script) : script;
  }

  /// Characters that mean something, in any order.
  public String noise() {
    var noise = new StringBuilder();
    for (var left = random.nextInt(60); left > 0; left--) {
      noise.append(
          switch (random.nextInt(6)) {
            case 0 -> one(WORDS);
            case 1 -> one(COMMANDS);
            case 2 -> one(ENDS);
            case 3 -> Character.toString(random.nextInt(0x180));
            default -> CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
          });
    }
    return noise.toString();
  }

  /// Puts scripts into the places of a script that are marked for them.
  private String filled(String script, int depth) {
    var full = new StringBuilder();
    for (var i = 0; i < script.length(); i++) {
      var c = script.charAt(i);
      if (c != 'P') {
        full.append(c);
        continue;
      }
      var inner = depth < MOST_DEPTH ? filled(statement(depth + 1), depth + 1) : "p0";
      var fits = inner.indexOf('\'') < 0 && inner.indexOf('"') < 0;
      full.append(fits ? inner : "p" + random.nextInt(5));
    }
    return full.toString();
  }

  private String mutated(String script) {
    var changed = new StringBuilder(script);
    for (var left = 1 + random.nextInt(2); left > 0 && !changed.isEmpty(); left--) {
      var at = random.nextInt(changed.length());
      var other = CHARACTERS.charAt(random.nextInt(CHARACTERS.length()));
      switch (random.nextInt(3)) {
        case 0 -> changed.deleteCharAt(at);
        case 1 -> changed.insert(at, other);
        default -> changed.setCharAt(at, other);
      }
    }
    return changed.toString();
  }

  private String statement(int depth) {
    if (depth > MOST_DEPTH) {
      return command();
    }
    var one = depth + 1;
    return switch (random.nextInt(16)) {
      case 0 -> "if " + statement(one) + "; then " + statement(one) + "; fi";
      case 1 -> "for i in " + one(WORDS) + " " + one(WORDS) + "; do " + statement(one) + "; done";
      case 2 -> "( " + statement(one) + " )";
      case 3 -> "{ " + statement(one) + "; }";
      case 4 -> statement(one) + " | " + statement(one);
      case 5 -> statement(one) + " && " + statement(one);
      case 6 -> statement(one) + " || " + statement(one);
      case 7 -> statement(one) + "\n" + statement(one);
      case 8 -> statement(one) + " & " + statement(one);
      case 9 ->
          "case " + one(WORDS) + " in a) " + statement(one) + ";; *) " + statement(one) + ";; esac";
      case 10 -> "f() { " + statement(one) + "; }; f " + one(WORDS);
      case 11 -> statement(one) + "; " + statement(one);
      case 12 -> "while " + statement(one) + "; do " + statement(one) + "; break; done";
      default -> command();
    };
  }

  private String command() {
    var command = new StringBuilder(one(COMMANDS));
    for (var left = random.nextInt(4); left > 0; left--) {
      command.append(' ').append(one(WORDS));
    }
    return command.append(one(ENDS)).toString();
  }

  private String one(List<String> them) {
    return them.get(random.nextInt(them.size()));
  }
}
