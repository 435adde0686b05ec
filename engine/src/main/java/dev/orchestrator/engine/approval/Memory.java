package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.event.ApprovalSource;
import dev.orchestrator.engine.plan.Command;
import dev.orchestrator.engine.plan.Plan;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/// The remembered answers that count here, as one look at them saw it.
///
/// Confined to the thread that made it.
final class Memory {
  private final Reach reach;
  private final List<Grant> ofThisRun;
  private final List<Grant> all;
  private final Level needed;

  Memory(Setting setting, Grants grants, Reach reach) throws IOException {
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
  Optional<Grant> denial(Command command) {
    return find(it -> !it.allows() && covers(it, command, true));
  }

  Optional<Grant> denial(Plan plan) {
    return find(it -> !it.allows() && coversText(it, plan));
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
  List<Grant> helpers(Command command) {
    return all.stream()
        .filter(it -> it.allows() && !it.openings().isEmpty() && covers(it, command, false))
        .toList();
  }

  private boolean suffices(Grant grant, boolean outside) {
    return grant.level().compareTo(outside ? Level.DANGER_FULL_ACCESS : needed) >= 0;
  }

  private boolean covers(Grant grant, Command command, boolean strictly) {
    return switch (grant.covers()) {
      case Cover.Exact it -> it.key().equals(Cover.keyOf(command));
      case Cover.Shape it ->
          // A no is as wide as its words; a yes only where the words are all there is to it.
          strictly
              ? Reach.readings(command).stream().anyMatch(words -> it.coversWords(words))
              : reach.isPlain(command)
                  && reach.dangers(command).isEmpty()
                  && it.covers(command.words());
      case Cover.OpaqueText _, Cover.McpTool _, Cover.Writable _ -> false;
    };
  }

  private static boolean coversText(Grant grant, Plan plan) {
    return grant.covers() instanceof Cover.OpaqueText it
        && it.hash().equals(Cover.hash(plan.text()));
  }

  private Optional<Grant> find(Predicate<Grant> wanted) {
    return all.stream().filter(wanted).findFirst();
  }
}
