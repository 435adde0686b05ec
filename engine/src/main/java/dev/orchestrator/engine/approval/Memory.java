package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.event.ApprovalSource;
import dev.orchestrator.engine.plan.Command;
import dev.orchestrator.engine.plan.Plan;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/// The remembered answers that count here, as one look at them saw it.
///
/// Confined to the thread that made it.
final class Memory {
  private final Setting setting;
  private final Reach reach;
  private final List<Grant> ofThisRun;
  private final List<Grant> all;
  private final Level needed;
  private final Map<Command, String> keys = new HashMap<>();

  Memory(Setting setting, Grants grants, Reach reach) throws IOException {
    this.setting = setting;
    this.reach = reach;
    this.needed = setting.confinement().level();
    this.ofThisRun = grants.ofThisRun();
    this.all = new ArrayList<>(ofThisRun);
    all.addAll(grants.kept());
    all.removeIf(it -> !setting.isIn(it));
  }

  /// Where an answer comes from.
  ApprovalSource source(Grant grant) {
    return ofThisRun.contains(grant) ? ApprovalSource.SESSION : ApprovalSource.GRANT;
  }

  /// A remembered no.
  ///
  /// @param outside whether it is to run without a sandbox
  Optional<Grant> denial(Command command, boolean outside) {
    return find(it -> !it.allows() && refuses(it, outside) && covers(it, command, true));
  }

  Optional<Grant> denial(Plan plan, boolean outside) {
    return find(it -> !it.allows() && refuses(it, outside) && coversText(it, plan));
  }

  /// A no to more access is no no to the call.
  private boolean refuses(Grant no, boolean outside) {
    return no.openings().isEmpty()
        && (no.level() != Level.DANGER_FULL_ACCESS
            || outside
            || needed == Level.DANGER_FULL_ACCESS);
  }

  /// A remembered no to more access.
  Optional<Grant> denial(Plan plan, List<Opening> openings) {
    return find(it ->
        !it.allows()
            && openings.stream().anyMatch(it.openings()::contains)
            && (coversText(it, plan)
                || plan.commands().stream().anyMatch(command -> covers(it, command, true))));
  }

  /// A remembered yes.
  ///
  /// @param outside whether the command is to run without a sandbox
  Optional<Grant> consent(Command command, boolean outside) {
    return find(it -> it.allows() && suffices(it, outside) && covers(it, command, false));
  }

  Optional<Grant> consent(Plan plan, boolean outside) {
    return find(it -> it.allows() && suffices(it, outside) && coversText(it, plan));
  }

  Optional<Grant> patch(Path file, boolean allows) {
    return find(it ->
        it.allows() == allows
            && it.covers() instanceof Cover.Writable at
            && file.startsWith(Path.of(at.path())));
  }

  Optional<Grant> mcp(Subject.Mcp call, boolean allows) {
    return find(it ->
        it.allows() == allows
            && it.covers() instanceof Cover.McpTool tool
            && tool.server().equals(call.server())
            && (tool.tool().equals(Cover.Shape.ANY) || tool.tool().equals(call.tool())));
  }

  /// Consents whose openings make a confined command work the first time.
  List<Grant> openers(Command command) {
    return all.stream()
        .filter(it -> it.allows() && !it.openings().isEmpty() && covers(it, command, false))
        .toList();
  }

  List<Grant> openers(Plan plan) {
    return all.stream()
        .filter(it -> it.allows() && !it.openings().isEmpty() && coversText(it, plan))
        .toList();
  }

  private boolean suffices(Grant grant, boolean outside) {
    return grant.level().compareTo(outside ? Level.DANGER_FULL_ACCESS : needed) >= 0;
  }

  private boolean covers(Grant grant, Command command, boolean strictly) {
    return switch (grant.covers()) {
      case Cover.Exact it ->
          it.key().equals(keys.computeIfAbsent(command, Cover::keyOf))
              && (strictly || Cover.isTold(command));
      case Cover.Shape it ->
          // A no is as wide as its words; a yes only where the words are all there is to it.
          strictly
              ? Reach.readings(command).stream().anyMatch(words -> it.coversWords(words))
              : it.covers(command.words())
                  && reach.isPlain(command)
                  && reach.dangers(command).isEmpty()
                  && (grant.scope() == Scope.USER || Reach.isBelow(command, setting.workspace()));
      case Cover.OpaqueText _, Cover.McpTool _, Cover.Writable _ -> false;
    };
  }

  private static boolean coversText(Grant grant, Plan plan) {
    return grant.covers() instanceof Cover.OpaqueText it && it.hash().equals(Cover.hash(plan));
  }

  private Optional<Grant> find(Predicate<Grant> wanted) {
    return all.stream().filter(wanted).findFirst();
  }
}
