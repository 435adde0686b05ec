package dev.orchestrator.app;

import dev.orchestrator.app.flags.CallCommandLines.Asked;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.approval.Cover;
import dev.orchestrator.engine.approval.Grant;
import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.approval.Grants;
import dev.orchestrator.engine.event.Decision;
import dev.orchestrator.engine.plan.Command;
import dev.orchestrator.engine.plan.Plan;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Shell;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import dev.orchestrator.engine.wire.Json;
import dev.orchestrator.headless.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `orchestrator approvals`: the answers that are remembered.
final class ApprovalsCommand {
  private final Invocation invocation;
  private final PrintStream out;

  ApprovalsCommand(Invocation invocation, PrintStream out) {
    this.invocation = invocation;
    this.out = out;
  }

  /// @return the code to end with
  /// @throws UsageError if it was used wrongly
  int run(String verb, Asked asked) throws UsageError, IOException {
    var code =
        switch (verb) {
          case "list" -> list(asked);
          case "explain" -> explain(asked);
          case "grant" -> grant(asked);
          case "revoke" -> revoke(asked);
          default -> test(asked);
        };
    out.flush();
    return code;
  }

  private Grants grants() {
    return new Grants(invocation.home().approvals());
  }

  private int list(Asked asked) throws UsageError, IOException {
    none(asked, "list");
    var kept = grants().kept();
    for (var it : kept) {
      out.println(
          asked.json() ? new String(Json.line(json(it)), StandardCharsets.UTF_8) : text(it));
    }
    if (kept.isEmpty() && !asked.json()) {
      out.println("no answers are remembered");
    }
    return ExitCode.SUCCESS.code();
  }

  private static void none(Asked asked, String verb) throws UsageError {
    if (!asked.words().isEmpty()) {
      throw new UsageError(
          "approvals %s: '%s' is not expected".formatted(verb, asked.words().getFirst()));
    }
  }

  private static Map<String, @Nullable Object> json(Grant it) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("id", it.id());
    fields.put("decision", it.allows() ? "allow" : "deny");
    fields.put("covers", it.covers().text());
    fields.put("scope", lower(it.scope()));
    fields.put("where", it.where());
    fields.put("level", it.level().text());
    fields.put("openings", it.openings().stream().map(Opening::text).toList());
    fields.put("given_at", it.givenAt().toString());
    fields.put("by", it.by());
    fields.put("expires_at", it.expires() == null ? null : String.valueOf(it.expires()));
    fields.put("uses_left", it.uses() < 0 ? null : it.uses());
    fields.put("reason", it.reason());
    return fields;
  }

  private static String text(Grant it) {
    return OsText.printable(
        "%s  %s  %s  %s%s, at most %s, given %s by %s%s%s%s%s"
            .formatted(
                it.id(),
                it.allows() ? "allow" : "deny ",
                it.covers().text(),
                lower(it.scope()),
                it.where().isEmpty() ? "" : " " + it.where(),
                it.level().text(),
                it.givenAt().truncatedTo(ChronoUnit.SECONDS),
                it.by(),
                it.openings().isEmpty() ? "" : ", with " + with(it.openings()),
                it.expires() == null ? "" : ", until " + it.expires(),
                it.uses() < 0 ? "" : ", " + it.uses() + " uses left",
                it.reason() == null ? "" : ": " + it.reason()));
  }

  private static String with(List<Opening> openings) {
    return String.join(" and ", openings.stream().map(Opening::text).toList());
  }

  private int explain(Asked asked) throws UsageError, IOException {
    if (asked.words().isEmpty()) {
      throw new UsageError("approvals explain: no command given; write it last");
    }
    PlanCommand.print(asked, invocation, out);
    return ExitCode.SUCCESS.code();
  }

  private int grant(Asked asked) throws UsageError, IOException {
    if (asked.words().isEmpty()) {
      throw new UsageError(
          "approvals grant: what? name a pattern, for example: orchestrator approvals grant"
              + " 'git push origin *'");
    }
    var access = PlanCommand.access(asked, invocation);
    var scope = Scope.valueOf(asked.scope().toUpperCase(Locale.ROOT));
    for (var cover : covers(asked.words(), access)) {
      keep(cover, scope, asked, access);
    }
    return ExitCode.SUCCESS.code();
  }

  private void keep(Cover cover, Scope scope, Asked asked, Access access) throws IOException {
    var grant =
        new Grant(
            Grants.newId(),
            !asked.deny(),
            cover,
            scope,
            access.setting().where(scope),
            access.setting().confinement().level(),
            List.of(),
            Instant.now(),
            "command line",
            asked.expires().map(it -> Instant.now().plus(it)).orElse(null),
            asked.uses().orElse(Grant.UNLIMITED),
            asked.reason().orElse(null));
    access.grants().add(grant);
    out.println(text(grant));
  }

  /// A path, an MCP tool, a pattern that ends in `*`, or every part of one exact command.
  private List<Cover> covers(List<String> words, Access access) throws UsageError {
    var text = (words.size() == 1 ? words.getFirst() : quoted(words)).strip();
    if (text.isEmpty() || text.equals("*") || text.equals("/")) {
      throw new UsageError(
          "approvals grant: '%s' is no command, tool or path; name one".formatted(text));
    }
    if (text.matches("patch /\\S+(, /\\S+)*")) {
      throw new UsageError(
          "approvals grant: '%s' is no command; for patches name the path alone: orchestrator"
                  .formatted(text)
              + " approvals grant "
              + text.substring("patch ".length()).replaceFirst(", .*", ""));
    }
    if (words.size() == 1 && text.startsWith("/") && !text.contains(" ")) {
      return List.of(new Cover.Writable(Path.of(text).normalize().toString()));
    }
    if (words.size() == 1 && text.matches("[A-Za-z0-9_.-]+/([A-Za-z0-9_.-]+|\\*)")) {
      var slash = text.indexOf('/');
      return List.of(new Cover.McpTool(text.substring(0, slash), text.substring(slash + 1)));
    }
    // The star is the pattern's own; it would be a file pattern in a shell.
    var open = text.endsWith(" *");
    var plan =
        invocation
            .plans()
            .ofScript(open ? text.substring(0, text.length() - 2) : text, access.directory());
    if (open) {
      return List.of(shape(plan, text));
    }
    return Cover.exactly(plan, plan.commands(), PlanCommand::line);
  }

  private static String quoted(List<String> words) {
    var open = words.getLast().equals("*");
    var plain = Shell.quote(open ? words.subList(0, words.size() - 1) : words);
    return open ? plain + " *" : plain;
  }

  private static Cover shape(Plan plan, String text) throws UsageError {
    return Optional.of(plan)
        .filter(it -> !it.isOpaque() && it.commands().size() == 1)
        .filter(it -> it.commands().getFirst().words().stream().allMatch(Command.Word::isLiteral))
        .flatMap(it -> Cover.Shape.opening(it.commands().getFirst()))
        .orElseThrow(() ->
            new UsageError(
                ("approvals grant: '%s' is no pattern; a pattern is a program, plain words and one"
                        + " last *")
                    .formatted(text)));
  }

  private int revoke(Asked asked) throws UsageError, IOException {
    if (asked.words().isEmpty()) {
      throw new UsageError(
          "approvals revoke: which? name it by its id; see orchestrator approvals list");
    }
    var grants = grants();
    for (var id : asked.words()) {
      var revoked = grants.revoke(id);
      if (revoked.isEmpty()) {
        throw new UsageError(
            "approvals revoke: no answer '%s' is remembered; see orchestrator approvals list"
                .formatted(id));
      }
      out.println("revoked " + text(revoked.get()));
    }
    return ExitCode.SUCCESS.code();
  }

  private int test(Asked asked) throws UsageError, IOException {
    if (asked.words().size() != 1) {
      throw new UsageError("approvals test: name one file of cases");
    }
    var named = asked.words().getFirst();
    var file = invocation.resolve(Path.of(named));
    if (!Files.isReadable(file) || Files.isDirectory(file)) {
      throw new UsageError("approvals test: " + named + " cannot be read; name a file of cases");
    }
    var access = PlanCommand.access(asked, invocation);
    var number = 0;
    var cases = 0;
    var failed = 0;
    for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      if (line.isBlank() || line.stripLeading().startsWith("#")) {
        continue;
      }
      cases++;
      var expected = expected(named, number, line);
      var command = line.strip().substring(PlanCommand.word(expected).length()).strip();
      var plan = invocation.plans().ofScript(command, access.directory());
      var judged = PlanCommand.judge(plan, access);
      if (judged.verdict().decision() != expected) {
        failed++;
        out.printf(
            "%s:%d: %s: expected %s, and it is %s%n",
            named,
            number,
            OsText.printable(command),
            PlanCommand.word(expected),
            PlanCommand.text(judged).strip());
      }
    }
    out.printf("%d of %d as expected%n", cases - failed, cases);
    return failed == 0 ? ExitCode.SUCCESS.code() : ExitCode.FAILED.code();
  }

  private static Decision expected(String file, int number, String line) throws UsageError {
    var words = line.strip().split("\\s+", 2);
    return Optional.of(words)
        .filter(it -> it.length == 2)
        .flatMap(it ->
            switch (it[0]) {
              case "run" -> Optional.of(Decision.RUN);
              case "ask" -> Optional.of(Decision.ASK);
              case "refuse" -> Optional.of(Decision.REFUSE);
              default -> Optional.empty();
            })
        .orElseThrow(() ->
            new UsageError(
                "approvals test: %s:%d: '%s' is not run, ask or refuse and a command"
                    .formatted(file, number, line.strip())));
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
