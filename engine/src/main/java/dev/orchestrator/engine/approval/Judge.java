package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.event.Decision;
import dev.orchestrator.engine.plan.Command;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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
    var trial = new Trial(setting, new Memory(setting, grants, reach));
    if (plan.isOpaque()) {
      trial.opaque(plan);
    }
    var freed = !plan.isOpaque() && !plan.commands().isEmpty();
    for (var command : plan.commands()) {
      freed &= judge(command, trial);
    }
    if (freed) {
      return trial.freedByRules();
    }
    if (call.escalated() && setting.confinement().level() != Level.DANGER_FULL_ACCESS) {
      trial.escalated(plan.commands());
    }
    return trial.verdict(call);
  }

  /// @return whether rules let the command run outside the sandbox
  private boolean judge(Command command, Trial trial) {
    var strict =
        Reach.readings(command).stream()
            .flatMap(it -> rules.matches(it).stream())
            .filter(it -> it.says() != Rulebook.Says.ALLOW)
            .max((one, other) -> one.says().compareTo(other.says()));
    strict.ifPresent(it -> trial.rule(command, it));
    var dangers = reach.dangers(command);
    dangers.forEach(it -> trial.danger(command, it.text()));
    var allowed =
        strict.isEmpty()
            && reach.isPlain(command)
            && rules.matches(Reach.literal(command)).stream()
                .anyMatch(it -> it.says() == Rulebook.Says.ALLOW);
    if (!allowed) {
      trial.ordinary(command);
    }
    return allowed && dangers.isEmpty();
  }

  private Verdict judge(Subject.Patch call) throws IOException {
    var trial = new Trial(setting, new Memory(setting, grants, reach));
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
    return trial.verdict(call);
  }

  private Verdict judge(Subject.Mcp call) throws IOException {
    var trial = new Trial(setting, new Memory(setting, grants, reach));
    if (!call.readOnly()) {
      trial.mcp(call);
    }
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

  /// Whether a file is one that commands may do with as they like.
  public boolean isInside(Path file) {
    return reach.isInside(file);
  }
}
