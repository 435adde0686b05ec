package dev.orchestrator.app;

import dev.orchestrator.app.flags.CallCommandLines.Asked;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.approval.Choices;
import dev.orchestrator.engine.approval.Offer;
import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.approval.Verdict;
import dev.orchestrator.engine.event.Decision;
import dev.orchestrator.engine.plan.Command;
import dev.orchestrator.engine.plan.Plan;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Shell;
import dev.orchestrator.engine.record.RunFolder;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `orchestrator plan`: what a command would do, and what would become of it.
final class PlanCommand {
  private static final int MOST_TYPED_BYTES = 4 * 1024 * 1024;

  private PlanCommand() {}

  /// A command, judged.
  record Judged(Plan plan, Verdict verdict, List<Offer> offers) {}

  static Access access(Asked asked, Invocation invocation) throws UsageError, IOException {
    var home = invocation.home();
    var directory = invocation.directory(asked.cwd());
    var settings = Configuration.load(asked.access().settings(), invocation, directory);
    Configuration.warn(settings, invocation.err());
    return Access.open(
        asked.access(),
        settings,
        invocation,
        directory,
        RunFolder.rootFor(directory, home.folder()),
        Names.run(InstantSource.system()),
        asked.task().orElse(RunFolder.taskFor(directory)));
  }

  /// One word is a line of shell, `-` one on standard input; several are the words of a command.
  static Judged judge(List<String> words, Access access, Invocation invocation) throws IOException {
    var plans = invocation.plans();
    if (words.size() > 1) {
      return judge(plans.ofWords(words, access.directory()), access);
    }
    var text = words.getFirst().equals("-") ? typed(invocation.in()) : words.getFirst();
    return judge(plans.ofScript(text, access.directory()), access);
  }

  /// Standard input, as far as a plan could want it.
  private static String typed(InputStream in) throws IOException {
    return new String(in.readNBytes(MOST_TYPED_BYTES), StandardCharsets.UTF_8);
  }

  static Judged judge(Plan plan, Access access) throws IOException {
    var subject = new Subject.Shell(plan, false);
    var verdict = access.judge().judge(subject);
    var offers =
        verdict.decision() == Decision.ASK
            ? Choices.of(subject, verdict, "", access.log())
            : List.<Offer>of();
    return new Judged(plan, verdict, offers);
  }

  static void print(Asked asked, Invocation invocation, PrintStream out)
      throws UsageError, IOException {
    var access = access(asked, invocation);
    var judged = judge(asked.words(), access, invocation);
    if (asked.json()) {
      out.println(new String(Json.line(json(judged)), StandardCharsets.UTF_8));
    } else {
      out.printf(
          "%s%n",
          text(judged)
              .strip()
              .replaceFirst(
                  "\n",
                  " at %s, %s\n"
                      .formatted(
                          access.setting().confinement().level().text(),
                          access.setting().policy().text())));
    }
    out.flush();
  }

  static Map<String, @Nullable Object> json(Judged it) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("verdict", word(it.verdict().decision()));
    fields.put(
        "source", it.verdict().decision() == Decision.ASK ? null : it.verdict().source().text());
    fields.put("opaque", it.plan().isOpaque());
    fields.put("commands", it.plan().commands().stream().map(PlanCommand::json).toList());
    fields.put(
        "reasons",
        it.verdict().reasons().stream()
            .map(reason -> named("kind", reason.kind(), "text", reason.text()))
            .toList());
    fields.put(
        "generalisations",
        it.offers().stream()
            .map(offer -> {
              var choice = named("id", offer.choice().id(), "text", offer.choice().text());
              choice.put("covered", offer.choice().covered());
              choice.put("of", offer.choice().of());
              return choice;
            })
            .toList());
    return fields;
  }

  private static Map<String, @Nullable Object> json(Command it) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("argv", it.words().stream().map(Command.Word::text).toList());
    fields.put("literal", it.words().stream().allMatch(Command.Word::isLiteral));
    fields.put(
        "assignments",
        it.assignments().stream()
            .map(set -> named("name", set.name(), "value", set.value().text()))
            .toList());
    fields.put(
        "redirections",
        it.redirections().stream()
            .map(to -> {
              var redirection =
                  named(
                      "kind",
                      to.kind().name().toLowerCase(Locale.ROOT),
                      "target",
                      to.target().text());
              redirection.put("file", to.file());
              return redirection;
            })
            .toList());
    fields.put("cwd", it.directory());
    fields.put("wrappers", it.wrappers());
    return fields;
  }

  private static Map<String, @Nullable Object> named(
      String one, String first, String other, String second) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put(one, first);
    fields.put(other, second);
    return fields;
  }

  static String word(Decision decision) {
    return decision.name().toLowerCase(Locale.ROOT);
  }

  static String text(Judged it) {
    var text = new StringBuilder("%s%n".formatted(word(it.verdict().decision())));
    for (var reason : it.verdict().reasons()) {
      text.append("  because ").append(OsText.printable(reason.text())).append('\n');
    }
    for (var command : it.plan().commands()) {
      text.append("  runs ").append(OsText.printable(line(command))).append('\n');
    }
    for (var doubt : it.plan().doubts()) {
      text.append("  not understood: ").append(OsText.printable(doubt)).append('\n');
    }
    for (var offer : it.offers()) {
      text.append("  could be allowed: ").append(OsText.printable(offer.choice().text()));
      if (offer.choice().of() > 0) {
        text.append(
            " (%d of the last %d questions here)"
                .formatted(offer.choice().covered(), offer.choice().of()));
      }
      text.append('\n');
    }
    return text.toString();
  }

  static String line(Command it) {
    var line = new StringBuilder();
    it.wrappers().forEach(name -> line.append('[').append(name).append("] "));
    it.assignments()
        .forEach(a -> line.append(a.name()).append('=').append(a.value().text()).append(' '));
    line.append(
        it.words().isEmpty()
            ? "(nothing)"
            : Shell.quote(it.words().stream().map(Command.Word::text).toList()));
    it.redirections()
        .forEach(to ->
            line.append("  ")
                .append(to.kind().name().toLowerCase(Locale.ROOT))
                .append(' ')
                .append(to.file() == null ? to.target().text() : to.file()));
    return line.toString();
  }
}
