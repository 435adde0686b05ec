package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Kind;
import dev.orchestrator.engine.plan.Command.Redirection;
import dev.orchestrator.engine.plan.Command.Word;
import dev.orchestrator.engine.plan.Place.After;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Wrappers that do more to a command than start it: `xargs`, `find`, `flock`, `watch`.
final class Runners {
  private static final Options XARGS =
      Options.of("0rtpxo", "aEIdLnPsRSJ")
          .longer(
              Set.of("null", "no-run-if-empty", "verbose", "interactive", "exit", "open-tty"),
              Set.of("arg-file", "delimiter", "max-args", "max-procs", "max-chars", "max-lines"));
  private static final Options FLOCK =
      Options.of("sxneuoFv", "wE")
          .longer(
              Set.of("shared", "exclusive", "nonblock", "close", "no-fork", "verbose"),
              Set.of("timeout", "wait", "conflict-exit-code"));
  private static final Options WATCH =
      Options.of("bcdegtpwx", "nq")
          .longer(
              Set.of("beep", "color", "errexit", "chgexit", "no-title", "precise", "exec"),
              Set.of("interval"));

  private final Findings findings;
  private final Commands commands;
  private final Wrappers wrappers;

  Runners(Findings findings, Commands commands, Wrappers wrappers) {
    this.findings = findings;
    this.commands = commands;
    this.wrappers = wrappers;
  }

  After xargs(Invocation it) {
    var index = XARGS.skip(it, 1);
    if (index < 0 || index >= it.words().size()) {
      return wrappers.behind(index, it);
    }
    var options = it.words().subList(1, index);
    var replaced = replaced(options);
    var words = new ArrayList<Word>();
    for (var word : it.words().subList(index, it.words().size())) {
      var isChanged = !replaced.isEmpty() && word.text().contains(replaced);
      words.add(isChanged ? new Word(word.text(), false) : word);
    }
    if (replaced.isEmpty()) {
      words.add(new Word("…", false));
    }
    commands.run(it.of(words).without(0, false));
    return After.still(it.place());
  }

  /// The text that stands for an argument; empty if arguments are added at the end.
  private String replaced(List<Word> options) {
    for (var i = 0; i < options.size(); i++) {
      var text = options.get(i).text();
      if (text.startsWith("-I") || text.startsWith("-J")) {
        var isNext = text.length() == 2 && i + 1 < options.size();
        return isNext ? options.get(i + 1).text() : text.substring(2);
      }
      if (text.matches("-[a-zA-Z0-9]*[IJ].*")) {
        findings.doubt("options of xargs are not known");
      }
    }
    return "";
  }

  After find(Invocation it) {
    findings.add(it.toCommand());
    for (var i = 1; i < it.words().size(); i++) {
      var action = it.words().get(i);
      if (!Set.of("-exec", "-execdir", "-ok", "-okdir").contains(action.text())) {
        continue;
      }
      var words = new ArrayList<Word>();
      for (i++; i < it.words().size(); i++) {
        var word = it.words().get(i);
        if (word.text().equals(";")
            || (word.text().equals("+")
                && !words.isEmpty()
                && words.getLast().text().equals("{}"))) {
          break;
        }
        words.add(word.text().contains("{}") ? new Word(word.text(), false) : word);
      }
      if (!words.isEmpty()) {
        var inner = it.of(words).without(0, false);
        commands.run(action.text().endsWith("dir") ? inner.at(Place.UNKNOWN) : inner);
      }
    }
    return After.still(it.place());
  }

  After flock(Invocation it) {
    var index = FLOCK.skip(it, 1);
    if (index < 0 || index + 1 >= it.words().size()) {
      return wrappers.behind(index < 0 ? index : it.words().size(), it);
    }
    var file = it.words().get(index);
    var more = new ArrayList<>(it.redirections());
    more.add(new Redirection(Kind.READ_WRITE, file, it.place().resolve(file)));
    var inner =
        new Invocation(
            it.words(),
            it.assignments(),
            more,
            it.wrappers(),
            it.scope(),
            it.place(),
            it.dialect(),
            false);
    if (Set.of("-c", "--command").contains(String.valueOf(it.literal(index + 1)))) {
      var script = it.literal(index + 2);
      if (script == null) {
        findings.doubt("the script of flock is not known");
        return wrappers.plain(it);
      }
      wrappers.script(script, inner, Dialect.SH);
      return After.still(it.place());
    }
    return wrappers.behind(index + 1, inner);
  }

  After watch(Invocation it) {
    var index = WATCH.skip(it, 1);
    if (index < 0 || index >= it.words().size()) {
      return wrappers.behind(index, it);
    }
    var script = new ArrayList<String>();
    for (var word : it.words().subList(index, it.words().size())) {
      if (!word.isLiteral()) {
        findings.doubt("what watch runs is not known");
        return wrappers.plain(it);
      }
      script.add(word.text());
    }
    wrappers.script(String.join(" ", script), it, Dialect.SH);
    return After.still(it.place());
  }
}
