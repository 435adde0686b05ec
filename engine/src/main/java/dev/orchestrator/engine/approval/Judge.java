package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.approval.Rulebook.Match;
import dev.orchestrator.engine.approval.Rulebook.Says;
import dev.orchestrator.engine.event.Decision;
import dev.orchestrator.engine.plan.Command;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Says what becomes of a call: by rules, remembered answers and policy, in this order, the
/// strictest part of the call deciding.
///
/// Safe from any thread. Never asks anybody and never waits.
public final class Judge {
  private final Setting setting;
  private final Rulebook rules;
  private final Grants grants;
  private final Reach reach;

  public Judge(Setting setting, Rulebook rules, Grants grants) {
    this.setting = setting;
    this.rules = rules;
    this.grants = grants;
    var confinement = setting.confinement();
    this.reach =
        new Reach(
            confinement.level() == Level.WORKSPACE_WRITE
                ? confinement.writable()
                : List.of(setting.workspace()));
  }

  /// Where it judges.
  public Setting setting() {
    return setting;
  }

  /// The verdict about a call.
  ///
  /// @throws IOException if remembered answers cannot be read; the call must not run then
  public Verdict judge(Subject subject) throws IOException {
    return switch (subject) {
      case Subject.Shell it -> judge(it);
      case Subject.Patch it -> judge(it);
      case Subject.Mcp it -> judge(it);
    };
  }

  private Verdict judge(Subject.Shell call) throws IOException {
    var plan = call.plan();
    var trial = new Trial(setting, new Memory(setting, grants, reach), reach);
    if (plan.isOpaque()) {
      trial.opaque(plan);
    }
    var freed = !plan.isOpaque() && !plan.commands().isEmpty();
    for (var command : plan.commands()) {
      freed &= judge(command, trial);
    }
    if (freed || call.escalated()) {
      trial.leaves();
    }
    trial.denied(plan);
    if (freed && !trial.isRefused()) {
      return trial.freedByRules();
    }
    if (call.escalated()) {
      trial.escalated(plan.commands());
    }
    return trial.verdict(call);
  }

  /// @return whether rules let the command run outside the sandbox
  private boolean judge(Command command, Trial trial) {
    var readings = Reach.readings(command);
    var strict = strictest(readings, rules::matches);
    strict.ifPresent(it -> trial.rule(command, it));
    var possible =
        strict.isPresent() || Reach.isLiteral(command)
            ? strict
            : strictest(readings, rules::beginningWith);
    possible.filter(_ -> strict.isEmpty()).ifPresent(it -> trial.possibleRule(command, it));
    var dangers = reach.dangers(command);
    dangers.forEach(it -> trial.danger(command, it.text()));
    var allowed = possible.isEmpty() && isAllowed(command);
    if (!allowed) {
      trial.ordinary(command);
    }
    return allowed && dangers.isEmpty();
  }

  /// The rule that forbids a part of a command, if one does.
  public Optional<Match> forbidding(Subject.Shell call) {
    return call.plan().commands().stream()
        .flatMap(it -> strictest(Reach.readings(it), rules::matches).stream())
        .filter(it -> it.says() == Says.FORBIDDEN)
        .findFirst();
  }

  private static Optional<Match> strictest(
      Set<List<String>> readings, Function<List<String>, List<Match>> rules) {
    return readings.stream()
        .flatMap(it -> rules.apply(it).stream())
        .filter(it -> it.says() != Says.ALLOW)
        .max((a, b) -> a.says().compareTo(b.says()));
  }

  /// Rules look at a program's name alone, so they do not mean a file that commands can write.
  private boolean isAllowed(Command command) {
    var words = Reach.literal(command.words());
    return !words.isEmpty()
        && !(words.getFirst().startsWith("/") && reach.isInside(Path.of(words.getFirst())))
        && reach.isPlain(command)
        && rules.matches(words).stream().anyMatch(it -> it.says() == Says.ALLOW);
  }

  private Verdict judge(Subject.Patch call) throws IOException {
    var trial = new Trial(setting, new Memory(setting, grants, reach), reach);
    var writable = setting.confinement().level() != Level.READ_ONLY;
    var everywhere = setting.confinement().level() == Level.DANGER_FULL_ACCESS;
    for (var file : call.files()) {
      if (!(writable && (everywhere || reach.isInside(file)))) {
        trial.outside(file);
      }
    }
    if (setting.policy() instanceof Policy.Untrusted) {
      trial.untrustedPatch(call.files());
    }
    trial.denied(call);
    return trial.verdict(call);
  }

  private Verdict judge(Subject.Mcp call) throws IOException {
    var trial = new Trial(setting, new Memory(setting, grants, reach), reach);
    if (!call.readOnly()) {
      trial.mcp(call);
    }
    trial.denied(call);
    return trial.verdict(call);
  }

  /// Whether somebody may be asked about what the sandbox stopped.
  ///
  /// @return [Decision#ASK], or [Decision#REFUSE] when the answer is no already
  public Decision afterDenial() {
    return switch (setting.policy()) {
      case Policy.Never _ -> Decision.REFUSE;
      case Policy.Granular it -> it.sandbox() ? Decision.ASK : Decision.REFUSE;
      case Policy.Untrusted _, Policy.OnFailure _, Policy.OnRequest _ -> Decision.ASK;
    };
  }

  /// A remembered no to letting a call do more than it could.
  ///
  /// @throws IOException if remembered answers cannot be read
  public Optional<Grant> denied(Subject subject, List<Opening> openings) throws IOException {
    return subject instanceof Subject.Shell it
        ? new Memory(setting, grants, reach).denial(it.plan(), openings)
        : Optional.empty();
  }

  /// Whether a file is one that commands may do with as they like.
  public boolean isInside(Path file) {
    return reach.isInside(file);
  }
}
