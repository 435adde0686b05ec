package dev.orchestrator.engine.wire;

import dev.orchestrator.engine.event.DenialFound;
import dev.orchestrator.engine.event.Event.AnswerIgnored;
import dev.orchestrator.engine.event.Event.ApprovalRequested;
import dev.orchestrator.engine.event.Event.ApprovalResolved;
import dev.orchestrator.engine.event.Event.SandboxDenied;
import dev.orchestrator.engine.event.Event.SandboxProbed;
import dev.orchestrator.engine.event.Event.ToolCompleted;
import dev.orchestrator.engine.event.Event.ToolRequested;
import dev.orchestrator.engine.event.Event.ToolRetried;
import dev.orchestrator.engine.event.Event.ToolStarted;
import dev.orchestrator.engine.event.Held;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.event.SandboxReport;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The fields of the facts about calls, which are few enough to be made as maps.
final class CallLines {
  private CallLines() {}

  /// Names with their values, in the order in which they are written.
  private static final class Fields extends LinkedHashMap<String, @Nullable Object> {
    private static final long serialVersionUID = 1;

    Fields and(String name, @Nullable Object value) {
      put(name, value);
      return this;
    }
  }

  static Map<String, @Nullable Object> of(SandboxProbed it) {
    return report(it.report());
  }

  static Map<String, @Nullable Object> report(SandboxReport it) {
    return new Fields()
        .and("backend", it.backend())
        .and(
            "findings",
            it.findings().stream()
                .map(finding ->
                    new Fields()
                        .and("name", finding.name())
                        .and("works", finding.works())
                        .and("detail", finding.detail()))
                .toList());
  }

  static Map<String, @Nullable Object> of(ToolRequested it) {
    return new Fields()
        .and("call", it.call().value())
        .and("tool", it.tool())
        .and("text", it.text())
        .and("cwd", it.directory());
  }

  static Map<String, @Nullable Object> of(ApprovalRequested fact) {
    var it = fact.question();
    var deadline = it.deadline();
    return new Fields()
        .and("id", it.id())
        .and("call", it.call().value())
        .and("attempt", it.attempt())
        .and("text", it.text())
        .and("cwd", it.directory())
        .and("commands", it.commands())
        .and("confinement", it.confinement())
        .and("reasons", it.reasons().stream().map(CallLines::of).toList())
        .and("choices", it.choices().stream().map(CallLines::of).toList())
        .and("preset", it.preset())
        .and("deadline_ms", deadline == null ? null : deadline.toMillis());
  }

  static Map<String, @Nullable Object> of(Reason it) {
    return new Fields().and("kind", it.kind()).and("text", it.text());
  }

  static Map<String, @Nullable Object> of(Question.Choice it) {
    return new Fields()
        .and("id", it.id())
        .and("text", it.text())
        .and("covered", it.covered())
        .and("of", it.of());
  }

  static Map<String, @Nullable Object> of(ApprovalResolved it) {
    return new Fields()
        .and("id", it.question())
        .and("call", it.call().value())
        .and("granted", it.granted())
        .and("by", it.by())
        .and("choice", it.choice())
        .and("reason", it.reason());
  }

  static Map<String, @Nullable Object> of(AnswerIgnored it) {
    return new Fields().and("id", it.question()).and("by", it.by()).and("why", it.why());
  }

  static Map<String, @Nullable Object> of(ToolStarted it) {
    return new Fields()
        .and("call", it.call().value())
        .and("attempt", it.attempt())
        .and("approval_source", it.source().text())
        .and("sandbox", of(it.held()));
  }

  private static @Nullable Map<String, @Nullable Object> of(@Nullable Held it) {
    return it == null
        ? null
        : new Fields()
            .and("backend", it.backend())
            .and("confined", it.isConfined())
            .and("level", it.level())
            .and("openings", it.openings())
            .and("not_held", it.notHeld());
  }

  static Map<String, @Nullable Object> of(SandboxDenied it) {
    return new Fields()
        .and("call", it.call().value())
        .and("attempt", it.attempt())
        .and("denials", denials(it.denials()));
  }

  private static List<Map<String, @Nullable Object>> denials(List<DenialFound> denials) {
    return denials.stream()
        .<Map<String, @Nullable Object>>map(it ->
            new Fields()
                .and("grade", it.grade())
                .and("opening", it.opening())
                .and("evidence", it.evidence()))
        .toList();
  }

  static Map<String, @Nullable Object> of(ToolRetried it) {
    return new Fields()
        .and("call", it.call().value())
        .and("attempt", it.attempt())
        .and("reason", it.reason())
        .and("delay_ms", it.delay().toMillis());
  }

  static Map<String, @Nullable Object> of(ToolCompleted it) {
    return new Fields()
        .and("call", it.call().value())
        .and("outcome", it.outcome())
        .and("approval_source", it.source().text())
        .and("retries", it.retries())
        .and("sandbox", of(it.held()))
        .and("evidence", denials(it.evidence()))
        .and("reason", it.reason());
  }
}
