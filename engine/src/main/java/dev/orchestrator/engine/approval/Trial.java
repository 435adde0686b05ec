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
  private final Reach reach;
  private final List<Reason> reasons = new ArrayList<>();

  /// Commands that somebody must allow.
  private final Set<Command> asked = new LinkedHashSet<>();

  private final List<Path> askedFiles = new ArrayList<>();

  /// Remembered answers that the verdict rests on.
  private final Set<Grant> used = new LinkedHashSet<>();

  private Decision decision = Decision.RUN;
  private ApprovalSource source = ApprovalSource.NOT_REQUIRED;
  private boolean opaque;
  private boolean outside;
  private boolean exactOnly;
  private boolean askedMcp;

  Trial(Setting setting, Memory memory, Reach reach) {
    this.setting = setting;
    this.memory = memory;
    this.reach = reach;
  }

  boolean isRefused() {
    return decision == Decision.REFUSE;
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

  /// Words that are not known yet may be those of a strict rule.
  void possibleRule(Command command, Rulebook.Match match) {
    ask(
        "rule",
        "`%s` may be `%s`, which a rule is about"
            .formatted(named(command), Shell.quote(match.prefix())));
    asked.add(command);
  }

  void danger(Command command, String text) {
    exactOnly = true;
    ask("destructive", "`" + text + "` is destructive beyond the workspace");
    asked.add(command);
  }

  /// A command that no rule allows.
  void ordinary(Command command) {
    if (setting.policy() instanceof Policy.Untrusted && !isSafeRead(command)) {
      ask("untrusted", "`" + named(command) + "` is not known to only read");
      asked.add(command);
    }
  }

  /// Git runs what a repository's own settings name (`core.fsmonitor`), so it needs a sandbox.
  private boolean isSafeRead(Command command) {
    var confined = setting.confinement().level() != Level.DANGER_FULL_ACCESS;
    return onlyReads(command) && (confined || !Reach.literal(command).contains("git"));
  }

  private static boolean onlyReads(Command command) {
    return !Reach.writes(command) && KnownReads.isRead(command);
  }

  static String named(Command command) {
    if (command.words().isEmpty()) {
      return "a redirection";
    }
    return Shell.quote(command.words().stream().map(Command.Word::text).toList());
  }

  /// It is to run without a sandbox.
  void leaves() {
    outside = setting.confinement().level() != Level.DANGER_FULL_ACCESS;
  }

  /// What was denied before stays denied.
  void denied(Plan plan) {
    memory.denial(plan, outside).ifPresent(this::refuse);
    plan.commands().forEach(it -> memory.denial(it, outside).ifPresent(this::refuse));
  }

  void denied(Subject.Patch call) {
    call.files().forEach(it -> memory.patch(it, false).ifPresent(this::refuse));
  }

  void denied(Subject.Mcp call) {
    memory.mcp(call, false).ifPresent(this::refuse);
  }

  private void refuse(Grant no) {
    var why = no.reason() == null ? "" : " (" + no.reason() + ")";
    refuse(memory.source(no), "grant", "remembered as denied: " + no.covers().text() + why);
  }

  void escalated(List<Command> commands) {
    if (!outside) {
      return;
    }
    if (setting.policy() instanceof Policy.Granular it && !it.sandbox()) {
      refuse(
          ApprovalSource.POLICY, "escalation", "more access is wanted, and may not be asked for");
      return;
    }
    ask("escalation", "it wants to run outside the sandbox");
    asked.addAll(thatMatter(commands));
  }

  /// Those that more access means anything for: all but safe reads, unless there is nothing else.
  static List<Command> thatMatter(List<Command> commands) {
    var matter = commands.stream().filter(it -> !onlyReads(it)).toList();
    return matter.isEmpty() ? commands : matter;
  }

  void outside(Path file) {
    var why = file + notWritable(file);
    if (setting.policy() instanceof Policy.Granular it && !it.sandbox()) {
      refuse(ApprovalSource.POLICY, "outside", why);
      return;
    }
    ask("outside", why);
    askedFiles.add(file);
  }

  private String notWritable(Path file) {
    return setting.confinement().level() == Level.READ_ONLY
        ? " cannot be changed: the sandbox is read-only"
        : reach
            .protectedName(file)
            .map(it -> " cannot be changed: " + it + " is protected")
            .orElse(" is outside the writable roots");
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
        List.of(
            new Reason(
                "rule",
                confined
                    ? "rules allow every part of it, so it runs outside the sandbox"
                    : "rules allow every part of it")),
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
    var openings = decision == Decision.REFUSE ? List.<Opening>of() : openings(subject);
    if (decision == Decision.RUN && reasons.isEmpty()) {
      reasons.add(new Reason("policy", permits(subject)));
    }
    exactOnly |= !asked.stream().allMatch(reach::isPlain);
    return new Verdict(
        decision, source, reasons, openings, List.copyOf(asked), exactOnly, List.copyOf(used));
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
          case Subject.Shell it -> text(it.plan(), found) || (!opaque && commands(found));
          case Subject.Patch _ -> files(found);
          case Subject.Mcp it -> askedMcp && one(memory.mcp(it, true), found);
        };
    if (complete) {
      decision = Decision.RUN;
      found.forEach(this::rest);
    }
  }

  /// The call runs because of what was allowed before.
  private void rest(Grant yes) {
    if (used.isEmpty()) {
      source = memory.source(yes);
    }
    if (used.add(yes)) {
      var kind = memory.source(yes) == ApprovalSource.SESSION ? "session" : "grant";
      reasons.add(
          new Reason(kind, "allowed before: " + yes.covers().text() + " (" + yes.id() + ")"));
    }
  }

  private boolean text(Plan plan, List<Grant> found) {
    return one(memory.consent(plan, outside), found);
  }

  private boolean commands(List<Grant> found) {
    return !asked.isEmpty()
        && asked.stream().allMatch(it -> one(memory.consent(it, outside), found));
  }

  private boolean files(List<Grant> found) {
    return askedFiles.stream().allMatch(it -> one(memory.patch(it, true), found));
  }

  private static boolean one(Optional<Grant> grant, List<Grant> found) {
    grant.filter(it -> !found.contains(it)).ifPresent(found::add);
    return grant.isPresent();
  }

  /// What was allowed to every part that more access means anything for. An opening holds for the
  /// whole call, so one part must not open it for another.
  private List<Opening> openings(Subject subject) {
    if (outside && decision == Decision.RUN) {
      return List.of(new Opening.Everything());
    }
    if (!(subject instanceof Subject.Shell call) || setting.confinement().isNone()) {
      return List.of();
    }
    var openers = memory.openers(call.plan());
    if (openers.isEmpty() && !opaque) {
      openers = shared(thatMatter(call.plan().commands()).stream().map(memory::openers).toList());
    }
    if (decision == Decision.RUN) {
      openers.forEach(this::rest);
    }
    return openings(openers);
  }

  /// Of the consents to each part those whose openings the other parts have too.
  private static List<Grant> shared(List<List<Grant>> ofParts) {
    return ofParts.stream()
        .flatMap(List::stream)
        .filter(
            it -> ofParts.stream().allMatch(other -> openings(other).containsAll(it.openings())))
        .distinct()
        .toList();
  }

  private static List<Opening> openings(List<Grant> grants) {
    return grants.stream().flatMap(it -> it.openings().stream()).distinct().toList();
  }
}
