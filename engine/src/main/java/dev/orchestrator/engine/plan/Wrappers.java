package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Assignment;
import dev.orchestrator.engine.plan.Command.Word;
import dev.orchestrator.engine.plan.Place.After;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Takes programs off that run the program named in their arguments.
///
/// An option that is not known here leaves the wrapper as it is, and a doubt.
final class Wrappers {
  /// Programs that do nothing of their own; what follows their options is the command.
  private static final Map<String, Options> TRANSPARENT =
      Map.of(
          "nohup", Options.of("", ""),
          "setsid", Options.of("cfw", "").longer(Set.of("ctty", "fork", "wait"), Set.of()),
          "nice", Options.of("0123456789", "n").longer(Set.of(), Set.of("adjustment")),
          "ionice", Options.of("t", "cn").longer(Set.of("ignore"), Set.of("class", "classdata")),
          "stdbuf", Options.of("", "ioe").longer(Set.of(), Set.of("input", "output", "error")),
          "time", Options.of("pv", ""),
          "busybox", Options.of("", ""),
          "toybox", Options.of("", ""),
          "caffeinate", Options.of("dimsu", "t"));

  private static final Options TIMEOUT =
      Options.of("fpv", "ks")
          .longer(
              Set.of("foreground", "preserve-status", "verbose"), Set.of("kill-after", "signal"));
  private static final Options SUDO =
      Options.of("AbEHknPSB", "CghpTuUrtR")
          .longer(
              Set.of("preserve-env", "non-interactive", "stdin", "set-home", "reset-timestamp"),
              Set.of("user", "group", "host", "prompt"));
  private static final Set<String> SHELLS =
      Set.of("sh", "bash", "zsh", "dash", "ksh", "ash", "mksh", "rbash");
  private static final Set<String> STANDARD =
      Set.of(
          "/bin/",
          "/usr/bin/",
          "/usr/local/bin/",
          "/sbin/",
          "/usr/sbin/",
          "/usr/local/sbin/",
          "/opt/homebrew/bin/");
  private static final Pattern MOVES = Pattern.compile("cd|pushd|popd|eval|source|\\.");
  private static final int MOST_WRAPPERS = 50;

  private final Findings findings;
  private final Commands commands;
  private final Runners runners;
  private int depth;

  Wrappers(Findings findings, Commands commands) {
    this.findings = findings;
    this.commands = commands;
    this.runners = new Runners(findings, commands, this);
  }

  /// A program that is no builtin, or is named by its file.
  After run(String program, Invocation it) {
    if (depth >= MOST_WRAPPERS) {
      findings.doubt("more than %d wrappers".formatted(MOST_WRAPPERS));
      return plain(it);
    }
    depth++;
    try {
      return unwrap(nameOf(program), it);
    } finally {
      depth--;
    }
  }

  /// A program's name without a standard folder; other files stay what they are.
  private static String nameOf(String program) {
    var slash = program.lastIndexOf('/');
    return slash >= 0 && STANDARD.contains(program.substring(0, slash + 1))
        ? program.substring(slash + 1)
        : program;
  }

  private After unwrap(String name, Invocation it) {
    var options = TRANSPARENT.get(name);
    if (options != null) {
      return behind(options.skip(it, 1), it);
    }
    if (SHELLS.contains(name)) {
      return shell(name, it);
    }
    return switch (name) {
      case "env" -> env(it);
      case "timeout" -> {
        var index = TIMEOUT.skip(it, 1);
        yield behind(index < 0 ? index : index + 1, it);
      }
      case "sudo", "doas" -> privileged(it);
      case "chroot" ->
          behind(Math.max(2, Options.of("", "").skip(it, 1) + 1), it.at(Place.UNKNOWN));
      case "xargs" -> runners.xargs(it);
      case "find" -> runners.find(it);
      case "flock" -> runners.flock(it);
      case "watch" -> runners.watch(it);
      case "fish", "csh", "tcsh", "nu", "pwsh", "elvish", "xonsh" -> {
        if (it.words().stream().anyMatch(word -> word.text().startsWith("-"))) {
          findings.doubt("scripts of %s are not understood".formatted(name));
        }
        yield plain(it);
      }
      case "parallel",
          "strace",
          "ltrace",
          "gdb",
          "script",
          "su",
          "runuser",
          "unshare",
          "nsenter",
          "setarch",
          "taskset",
          "chrt",
          "systemd-run",
          "start-stop-daemon",
          "setpriv",
          "prlimit",
          "unbuffer",
          "expect",
          "entr",
          "bwrap",
          "firejail",
          "pkexec",
          "daemonize",
          "dbus-run-session",
          "xvfb-run",
          "fakeroot",
          "proot",
          "linux64",
          "linux32" -> {
        if (it.words().size() > 1) {
          findings.doubt("what %s runs is not known".formatted(name));
        }
        yield plain(it);
      }
      default -> plain(it);
    };
  }

  After plain(Invocation it) {
    findings.add(it.toCommand());
    return After.still(it.place());
  }

  /// The command that starts at a word; the wrapper itself if there is none.
  After behind(int index, Invocation it) {
    if (index < 0) {
      findings.doubt("options of %s are not known".formatted(it.literal(0)));
      return plain(it);
    }
    if (index >= it.words().size()) {
      return plain(it);
    }
    commands.run(wrapped(it).without(index, false));
    return After.still(it.place());
  }

  /// The same, within the program that it still begins with.
  private static Invocation wrapped(Invocation it) {
    var program = it.literal(0);
    return program == null ? it : it.within(nameOf(program));
  }

  /// Builtins that run what is named in their arguments.
  After builtin(String program, Invocation it) {
    return switch (program) {
      case "command" -> command(it);
      case "builtin", "noglob", "nocorrect" ->
          it.words().size() == 1 ? plain(it) : commands.run(it.without(1, true));
      case "exec" -> exec(it);
      case "time" -> {
        var index = "-p".equals(it.literal(1)) ? 2 : 1;
        if (reserved(it, index)) {
          findings.doubt("time of a group is not understood");
        }
        yield index >= it.words().size() ? plain(it) : commands.run(it.without(index, true));
      }
      case "coproc" -> {
        if (reserved(it, 1) || reserved(it, 2)) {
          findings.doubt("coproc of a group is not understood");
        }
        if (it.words().size() == 1) {
          // It may still write: `coproc >file`.
          yield plain(it);
        }
        commands.run(it.without(1, true));
        yield After.still(it.place());
      }
      case "eval" -> eval(it);
      case "trap" -> trap(it);
      default -> throw new IllegalArgumentException(program);
    };
  }

  private static boolean reserved(Invocation it, int index) {
    var word = String.valueOf(it.literal(index));
    return Set.of("{", "(", "if", "while", "until", "for", "case", "[[", "((", "!", "-")
            .contains(word)
        || (word.startsWith("-") && !word.equals("-p"));
  }

  private After command(Invocation it) {
    var index = Options.of("pvV", "").skip(it, 1);
    var options = it.words().subList(1, Math.max(1, Math.min(index, it.words().size())));
    if (index < 0
        || options.stream()
            .anyMatch(word -> word.text().contains("v") || word.text().contains("V"))) {
      return plain(it);
    }
    if (index >= it.words().size()) {
      return plain(it);
    }
    var name = it.literal(index);
    // Functions are passed over, builtins are not.
    var bare = it.without(index, true);
    return name != null && it.scope().defines(name) ? run(name, bare) : commands.run(bare);
  }

  private After exec(Invocation it) {
    var index = Options.of("cl", "a").skip(it, 1);
    if (index >= 0 && index >= it.words().size()) {
      // Only redirections: they hold from here on, and the policy sees them here.
      findings.add(it.toCommand());
      return After.still(it.place());
    }
    behind(index, it);
    return After.NEVER;
  }

  private After eval(Invocation it) {
    var script = new ArrayList<String>();
    for (var word : it.words().subList(1, it.words().size())) {
      if (!word.isLiteral()) {
        findings.doubt("eval of what is not known: %s".formatted(Commands.shortened(word.text())));
        return plain(it);
      }
      script.add(word.text());
    }
    if (script.isEmpty()) {
      return plain(it);
    }
    var scope = it.scope().within(it.redirections());
    scope.set(it.assignments(), findings);
    var after = Plans.read(String.join(" ", script), scope, it.dialect(), findings);
    it.scope().learn(scope);
    return after;
  }

  private After trap(Invocation it) {
    findings.add(it.toCommand());
    var index = "--".equals(it.literal(1)) ? 2 : 1;
    if (it.words().size() <= index + 1) {
      return After.still(it.place());
    }
    var script = it.literal(index);
    if (script == null) {
      findings.doubt("trap of what is not known");
    } else if (!script.isEmpty() && !script.startsWith("-")) {
      var scope = it.scope().copy();
      scope.place = Place.UNKNOWN;
      Plans.read(script, scope, it.dialect(), findings);
      // It may run between any two commands from here on.
      it.scope().learn(scope);
      if (MOVES.matcher(script).find()) {
        return After.still(Place.UNKNOWN);
      }
    }
    return After.still(it.place());
  }

  /// `sh -c SCRIPT` and its like.
  private After shell(String name, Invocation it) {
    var dialect =
        switch (name) {
          case "bash", "rbash" -> Dialect.BASH;
          case "zsh" -> Dialect.ZSH;
          default -> Dialect.SH;
        };
    var hasScript = false;
    var index = 1;
    for (; index < it.words().size(); index++) {
      var word = it.literal(index);
      if (word == null || (!word.startsWith("-") && !word.startsWith("+"))) {
        break;
      }
      if (Set.of("--norc", "--noprofile", "--login", "--posix", "--restricted").contains(word)) {
        continue;
      }
      if (word.equals("-") || word.equals("--")) {
        index++;
        break;
      }
      if (!word.matches("[-+][abcefhlmnoptuvxBCEHPT]+")
          || (word.startsWith("+") && word.contains("c"))) {
        findings.doubt("options of %s are not known".formatted(name));
        return plain(it);
      }
      hasScript |= word.contains("c");
      if (word.contains("o")) {
        index++;
      }
    }
    if (!hasScript) {
      var isReading = index >= it.words().size();
      if (isReading && !Set.of("--version", "--help").contains(String.valueOf(it.literal(1)))) {
        findings.doubt("%s reads its commands from its input".formatted(name));
      }
      return plain(it);
    }
    var script = it.literal(index);
    if (script == null) {
      findings.doubt("the script of %s is not known".formatted(name));
      return plain(it);
    }
    script(script, it, dialect);
    return After.still(it.place());
  }

  void script(String script, Invocation it, Dialect dialect) {
    var scope = it.scope().within(it.redirections());
    scope.forgetFunctions();
    scope.place = it.place();
    scope.set(it.assignments(), findings);
    scope.wrap(wrapped(it).wrappers());
    Plans.read(script, scope, dialect, findings);
  }

  private After env(Invocation it) {
    var inner = it;
    var index = 1;
    for (; index < it.words().size(); index++) {
      var word = it.literal(index);
      if (word == null) {
        break;
      }
      if (word.equals("-u")
          || word.equals("-C")
          || word.equals("--unset")
          || word.equals("--chdir")) {
        inner = chdir(word, it.words(), index + 1, inner);
        index++;
      } else if (word.startsWith("--chdir=")) {
        inner = inner.at(it.place().enter(new Word(word.substring(8), true)));
      } else if (word.startsWith("-S") || word.startsWith("--split") || word.startsWith("-vS")) {
        findings.doubt("env -S is not understood");
        return plain(it);
      } else if (word.equals("--")) {
        index++;
        break;
      } else if (word.contains("=") && !word.startsWith("-")) {
        inner = inner.with(assignment(word));
      } else if (!Set.of("-", "-i", "--ignore-environment", "-0", "--null", "-v", "--debug")
              .contains(word)
          && !word.startsWith("--unset=")) {
        if (word.startsWith("-")) {
          findings.doubt("options of env are not known");
        }
        break;
      }
    }
    while (index < it.words().size()
        && it.words().get(index).text().matches("(?s)[\"']?[A-Za-z_][A-Za-z0-9_]*=.*")) {
      var text = it.words().get(index).text();
      var equals = text.indexOf('=');
      var name = text.substring(0, equals).replaceFirst("^[\"']", "");
      inner = inner.with(new Assignment(name, new Word(text, false)));
      index++;
    }
    return behind(index, inner);
  }

  private static Assignment assignment(String word) {
    var equals = word.indexOf('=');
    return new Assignment(word.substring(0, equals), new Word(word.substring(equals + 1), true));
  }

  private static Invocation chdir(String option, List<Word> words, int index, Invocation inner) {
    if (!option.equals("-C") && !option.equals("--chdir")) {
      return inner;
    }
    return inner.at(index < words.size() ? inner.place().enter(words.get(index)) : Place.UNKNOWN);
  }

  private After privileged(Invocation it) {
    var index = SUDO.skip(it, 1);
    var inner = it;
    while (index > 0 && index < it.words().size() && isSetting(it.literal(index))) {
      inner = inner.with(assignment(String.valueOf(it.literal(index))));
      index++;
    }
    return behind(index, inner);
  }

  private static boolean isSetting(@Nullable String word) {
    return word != null && word.matches("(?s)[A-Za-z_][A-Za-z0-9_]*=.*");
  }
}
