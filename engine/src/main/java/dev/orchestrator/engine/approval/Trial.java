package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.event.ApprovalSource;
import dev.orchestrator.engine.event.Decision;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.plan.Command;
import dev.orchestrator.engine.plan.KnownReads;
import dev.orchestrator.engine.plan.Plan;
import dev.orchestrator.engine.posix.Shell;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// One call being judged: what speaks against it, and what remembered answers say to that.
///
/// Confined to the thread that made it.
final class Trial {
  private final Setting setting;
  private final Memory memory;
  private final List<Reason> reasons = new ArrayList<>();

  /// Commands that somebody must allow.
  private final Set<Command> asked = new LinkedHashSet<>();

  private final List<Path> askedFiles = new ArrayList<>();

  /// Remembered answers that the verdict rests on.
  private final List<Grant> used = new ArrayList<>();

  private Decision decision = Decision.RUN;
  private ApprovalSource source = ApprovalSource.NOT_REQUIRED;
  private boolean opaque;
  private boolean outside;
  private boolean exactOnly;
  private boolean askedMcp;

  Trial(Setting setting, Memory memory) {
    this.setting = setting;
    this.memory = memory;
  }

  void opaque(Plan plan) {
    opaque = true;
    exactOnly = true;
    plan.doubts().forEach(it -> ask("opaque", "not understood: " + it));
  }

  void rule(Command command, Rulebook.Match match) {
    var words = Shell.quote(match.prefix());
    var why = match.justification() == null ? "" : ": " + match.justification();
    if (match.says() == Rulebook.Says.FORBIDDEN) {
      refuse(ApprovalSource.RULE, "rule", "a rule forbids `" + words + "`" + why);
      return;
    }
    if (setting.policy() instanceof Policy.Granular it && !it.rules()) {
      refuse(
          ApprovalSource.RULE,
          "rule",
          "a rule asks about `" + words + "`" + why + ", and questions of rules are switched off");
      return;
    }
    source = ApprovalSource.RULE;
    ask("rule", "a rule asks about `" + words + "`" + why);
    asked.add(command);
  }

  void danger(Command command, String text) {
    exactOnly = true;
    ask("destructive", "`" + text + "` is destructive beyond the workspace");
    asked.add(command);
  }

  /// A command that no rule allows.
  void ordinary(Command command) {
    memory
        .denial(command)
        .ifPresent(it ->
            refuse(
                memory.source(it),
                "grant",
                "remembered as denied: "
                    + it.covers().text()
                    + (it.reason() == null ? "" : " (" + it.reason() + ")")));
    if (setting.policy() instanceof Policy.Untrusted && !isSafeRead(command)) {
      ask("untrusted", "`" + named(command) + "` is not known to only read");
      asked.add(command);
    }
  }

  private static boolean isSafeRead(Command command) {
    return !Reach.writes(command) && KnownReads.isRead(command);
  }

  static String named(Command command) {
    if (command.words().isEmpty()) {
      return "a redirection";
    }
    return Shell.quote(command.words().stream().map(Command.Word::text).toList());
  }

  void escalated(List<Command> commands) {
    outside = true;
    if (setting.policy() instanceof Policy.Granular it && !it.sandbox()) {
      refuse(
          ApprovalSource.POLICY, "escalation", "more access is wanted, and may not be asked for");
      return;
    }
    ask("escalation", "it wants to run outside the sandbox");
    asked.addAll(commands);
  }

  void outside(Path file) {
    if (setting.policy() instanceof Policy.Granular it && !it.sandbox()) {
      refuse(ApprovalSource.POLICY, "outside", file + " is outside the writable roots");
      return;
    }
    ask("outside", file + " is outside the writable roots");
    askedFiles.add(file);
  }

  void untrustedPatch(List<Path> files) {
    ask("untrusted", "files would be changed");
    askedFiles.addAll(files);
  }

  void mcp(Subject.Mcp call) {
    if (setting.policy() instanceof Policy.Granular it && !it.mcp()) {
      refuse(ApprovalSource.POLICY, "mcp", call.text() + " may change something");
      return;
    }
    ask("mcp", call.text() + " may change something");
    askedMcp = true;
  }

  private void ask(String kind, String text) {
    decision = decision.and(Decision.ASK);
    reasons.add(new Reason(kind, text));
  }

  private void refuse(ApprovalSource by, String kind, String text) {
    if (decision != Decision.REFUSE) {
      source = by;
    }
    decision = Decision.REFUSE;
    reasons.add(new Reason(kind, text));
  }

  /// Rules allow every part, so it runs as Codex would run it: without a sandbox.
  Verdict freedByRules() {
    var confined = setting.confinement().level() != Level.DANGER_FULL_ACCESS;
    return new Verdict(
        Decision.RUN,
        ApprovalSource.RULE,
        List.of(new Reason("rule", "rules allow every part of it")),
        confined ? List.of(new Opening.Everything()) : List.of(),
        List.of(),
        false,
        List.of());
  }

  Verdict verdict(Subject subject) {
    if (decision == Decision.ASK) {
      recall(subject);
    }
    if (decision == Decision.ASK && setting.policy() instanceof Policy.Never) {
      refuse(ApprovalSource.POLICY, "policy", "the policy is never, so nobody is asked");
      source = ApprovalSource.POLICY;
    }
    if (decision == Decision.RUN && reasons.isEmpty()) {
      reasons.add(new Reason("policy", permits(subject)));
    }
    return new Verdict(
        decision, source, reasons, openings(subject), List.copyOf(asked), exactOnly, used);
  }

  private String permits(Subject subject) {
    var level = setting.confinement().level();
    return switch (subject) {
      case Subject.Shell _ when setting.policy() instanceof Policy.Untrusted ->
          "every part of it is known to only read";
      case Subject.Shell _ when level == Level.DANGER_FULL_ACCESS ->
          "the sandbox level is danger-full-access, and nothing in it needs an answer";
      case Subject.Shell _ -> "it runs confined, and the policy is " + setting.policy().text();
      case Subject.Patch _ -> "every file is inside the writable roots";
      case Subject.Mcp _ -> "the server says that it only reads";
    };
  }

  /// Looks for a remembered answer to every part that must be asked about.
  private void recall(Subject subject) {
    var found = new ArrayList<Grant>();
    var complete =
        switch (subject) {
          case Subject.Shell it -> opaque ? text(it.plan(), found) : commands(found);
          case Subject.Patch _ -> files(found);
          case Subject.Mcp it -> askedMcp && one(memory.mcp(it, true), found);
        };
    denied(subject);
    if (decision == Decision.ASK && complete) {
      decision = Decision.RUN;
      source = found.isEmpty() ? ApprovalSource.NOT_REQUIRED : memory.source(found.getFirst());
      found.forEach(it ->
          reasons.add(
              new Reason(
                  memory.source(it) == ApprovalSource.SESSION ? "session" : "grant",
                  "allowed before: " + it.covers().text() + " (" + it.id() + ")")));
      used.addAll(found);
    }
  }

  private void denied(Subject subject) {
    var no =
        switch (subject) {
          case Subject.Shell it -> opaque ? memory.denial(it.plan()) : Optional.<Grant>empty();
          case Subject.Patch it ->
              it.files().stream().flatMap(f -> memory.patch(f, false).stream()).findFirst();
          case Subject.Mcp it -> memory.mcp(it, false);
        };
    no.ifPresent(
        it -> refuse(memory.source(it), "grant", "remembered as denied: " + it.covers().text()));
  }

  private boolean text(Plan plan, List<Grant> found) {
    return one(memory.consent(plan, outside), found);
  }

  private boolean commands(List<Grant> found) {
    return asked.stream().allMatch(it -> one(memory.consent(it, outside), found));
  }

  private boolean files(List<Grant> found) {
    return askedFiles.stream().allMatch(it -> one(memory.patch(it, true), found));
  }

  private static boolean one(Optional<Grant> grant, List<Grant> found) {
    grant.filter(it -> !found.contains(it)).ifPresent(found::add);
    return grant.isPresent();
  }

  private List<Opening> openings(Subject subject) {
    var openings = new LinkedHashSet<Opening>();
    if (decision != Decision.REFUSE && subject instanceof Subject.Shell it) {
      it.plan()
          .commands()
          .forEach(command -> memory.helpers(command).forEach(g -> openings.addAll(g.openings())));
      if (outside && decision == Decision.RUN) {
        openings.add(new Opening.Everything());
      }
    }
    return List.copyOf(openings);
  }
}
