package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Assignment;
import dev.orchestrator.engine.plan.Command.Word;
import dev.orchestrator.engine.plan.Place.After;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// What the shell itself makes of a simple command; programs go on to [Wrappers].
final class Commands {
  private static final Set<String> CALCULATES =
      Set.of(
          "let",
          "test",
          "[",
          "unset",
          "printf",
          "read",
          "declare",
          "export",
          "wait",
          "getopts",
          "mapfile",
          "readarray",
          "typeset",
          "local",
          "readonly");
  private static final Set<String> DECLARES =
      Set.of("declare", "typeset", "local", "readonly", "export", "unset", "nameref", "unsetenv");
  private static final Pattern NOT_NAME = Pattern.compile("[^A-Za-z0-9_]+");
  private static final Set<String> QUIET_OPTIONS =
      Set.of(
          "nullglob",
          "globstar",
          "dotglob",
          "failglob",
          "nocaseglob",
          "nocasematch",
          "inherit_errexit");

  private final Findings findings;
  private final Wrappers wrappers;

  Commands(Findings findings) {
    this.findings = findings;
    this.wrappers = new Wrappers(findings, this);
  }

  /// Takes a command into the plan. Where the shell is afterwards is the answer.
  After run(Invocation it) {
    var here = After.still(it.place());
    if (it.words().isEmpty()) {
      findings.add(it.toCommand());
      it.scope().set(it.assignments(), findings);
      return here;
    }
    var program = it.literal(0);
    if (program == null) {
      findings.doubt(
          "which program runs is not known: %s".formatted(shortened(it.words().getFirst().text())));
      findings.add(it.toCommand());
      return After.still(Place.UNKNOWN);
    }
    if (!it.isInShell() || program.contains("/")) {
      return wrappers.run(program, it);
    }
    if (it.scope().defines(program)) {
      // What it runs, its definition tells.
      findings.add(it.of(List.of()).toCommand());
      return here;
    }
    return builtin(program, it);
  }

  private After builtin(String program, Invocation it) {
    var here = After.still(it.place());
    if (CALCULATES.contains(program)) {
      calculated(it);
    }
    switch (program) {
      case "cd", "chdir" -> {
        findings.add(it.toCommand());
        return moved(it);
      }
      case "pushd", "popd", "source", "." -> {
        findings.add(it.toCommand());
        return After.still(Place.UNKNOWN);
      }
      case "exit", "return", "logout" -> {
        findings.add(it.toCommand());
        return After.NEVER;
      }
      case "command",
          "builtin",
          "exec",
          "eval",
          "trap",
          "coproc",
          "time",
          "noglob",
          "nocorrect" -> {
        return wrappers.builtin(program, it);
      }
      case "declare", "typeset", "local", "readonly", "export", "unset" -> declare(it);
      case "alias",
          "enable",
          "hash",
          "bind",
          "complete",
          "compgen",
          "fc",
          "autoload",
          "zmodload",
          "emulate",
          "setopt",
          "unsetopt" -> {
        if (it.words().size() > 1) {
          findings.doubt("%s may change what names mean".formatted(program));
        }
        findings.add(it.toCommand());
      }
      case "set" -> set(it);
      case "shopt" -> shopt(it);
      case "read", "mapfile", "readarray", "getopts", "printf", "wait" -> assigned(program, it);
      case "repeat", "-", "always", "foreach", "function", "select", "nameref", "vared" -> {
        findings.doubt("%s is not understood".formatted(program));
        findings.add(it.toCommand());
      }
      default -> {
        return wrappers.run(program, it);
      }
    }
    return here;
  }

  /// `export`, `declare` and their like; also those that the grammar knows as such.
  void declare(Invocation it) {
    var set = new ArrayList<>(it.assignments());
    var program = it.literal(0);
    if (program == null || !DECLARES.contains(program)) {
      // The tree is wrong: it is another program, or one that is not known.
      findings.doubt("a declaration that is none");
      findings.add(it.toCommand());
      return;
    }
    calculated(it);
    for (var word : it.words().subList(Math.min(1, it.words().size()), it.words().size())) {
      var text = word.text();
      if (!word.isLiteral()) {
        var equals = text.indexOf('=');
        var name = equals < 0 ? "" : text.substring(0, equals).replaceFirst("^[\"']", "");
        if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
          findings.doubt("which variable is set is not known: %s".formatted(shortened(text)));
        }
        set.add(new Assignment(name, new Word(text, false)));
      } else if (text.startsWith("-") || text.startsWith("+")) {
        option(program, text, it);
      } else if (text.contains("=")) {
        var equals = text.indexOf('=');
        var name = text.substring(0, equals).replaceFirst("(\\[.*)?\\+?$", "");
        set.add(new Assignment(name, new Word(text.substring(equals + 1), true)));
      }
    }
    findings.add(it.setting(set).toCommand());
    it.scope().set(set, findings);
  }

  private void option(String program, String text, Invocation it) {
    if (program.equals("unset")) {
      if (text.contains("f")) {
        it.scope().forgetFunctions();
      }
    } else if ((text.contains("n") && !program.equals("export")) || text.contains("i")) {
      findings.doubt("%s %s changes what a variable means".formatted(program, text));
    }
  }

  /// A test runs nothing; only where it is redirected to matters.
  void test(Invocation it) {
    calculated(it);
    findings.add(it.toCommand());
  }

  private void calculated(Invocation it) {
    for (var word : it.words()) {
      var text = word.text();
      if (word.isLiteral() && text.contains("[") && (text.contains("$(") || text.contains("`"))) {
        findings.doubt("%s may run what is in %s".formatted(it.literal(0), shortened(text)));
      }
    }
    if (it.words().size() > 1 && "let".equals(it.literal(0))) {
      for (var word : it.words()) {
        if (!word.isLiteral()) {
          findings.doubt("let with what is not known");
        }
        for (var name : NOT_NAME.splitAsStream(word.text()).toList()) {
          findings.calculates(name);
        }
      }
    }
  }

  private After moved(Invocation it) {
    var index = 1;
    while (index < it.words().size()
        && Set.of("-P", "-L", "--").contains(String.valueOf(it.literal(index)))) {
      index++;
    }
    var place = it.place();
    if (index == it.words().size()) {
      var home = findings.home();
      var isUsual = home != null && !it.scope().sets("HOME");
      return new After(
          isUsual ? place.enter(new Word(String.valueOf(home), true)) : Place.UNKNOWN, place);
    }
    var target = it.literal(index);
    if (target == null || index + 1 < it.words().size() || target.startsWith("-")) {
      return After.still(Place.UNKNOWN);
    }
    // A name without a dot may be looked up elsewhere.
    var isLooked = it.scope().sets("CDPATH") && !target.startsWith(".") && !target.startsWith("/");
    return new After(isLooked ? Place.UNKNOWN : place.enter(new Word(target, true)), place);
  }

  private void set(Invocation it) {
    for (var word : it.words().subList(1, it.words().size())) {
      if (word.text().equals("--")) {
        break;
      }
      if (!word.isLiteral()
          || word.text().matches("[-+][a-zA-Z]*k[a-zA-Z]*")
          || Set.of("keyword", "extglob", "aliases").contains(word.text())) {
        findings.doubt("set changes how the rest is read");
      }
    }
    findings.add(it.toCommand());
  }

  private void shopt(Invocation it) {
    for (var word : it.words().subList(1, it.words().size())) {
      if (!word.isLiteral()
          || (!word.text().startsWith("-") && !QUIET_OPTIONS.contains(word.text()))) {
        findings.doubt("shopt changes how the rest is read");
      }
    }
    findings.add(it.toCommand());
  }

  /// Builtins that put what they get into variables.
  private void assigned(String program, Invocation it) {
    var set = new ArrayList<Assignment>();
    for (var i = 1; i < it.words().size(); i++) {
      var word = it.words().get(i);
      var isTarget =
          switch (program) {
            case "printf" -> i == 2 && "-v".equals(it.literal(1));
            case "wait" -> "-p".equals(it.literal(i - 1));
            default -> true;
          };
      if (!isTarget) {
        continue;
      }
      if (!word.isLiteral()) {
        findings.doubt("which variable is set is not known: %s".formatted(shortened(word.text())));
      } else if (word.text().startsWith("-C") && !program.equals("read")) {
        findings.doubt("%s -C runs a command".formatted(program));
      }
      set.add(new Assignment(word.text().replaceFirst("\\[.*", ""), new Word("", false)));
    }
    set.removeIf(assignment -> !assignment.name().matches("[A-Za-z_][A-Za-z0-9_]*"));
    if (program.equals("getopts")) {
      set.add(new Assignment("OPTARG", new Word("", false)));
    }
    findings.add(it.toCommand());
    it.scope().set(set, findings);
  }

  static String shortened(String text) {
    return text.length() <= 60 ? text : text.substring(0, 60) + "…";
  }
}
