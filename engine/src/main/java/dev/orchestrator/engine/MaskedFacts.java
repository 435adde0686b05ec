package dev.orchestrator.engine;

import dev.orchestrator.engine.event.DenialFound;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.ProcessName;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.secret.Redaction;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Facts about calls and commands on their way to the bus, without the secrets that a model may
/// have written into them.
///
/// The bytes of output are passed on as they are: commands of a model are given no secrets. What
/// asks a person shows the same masks; what is asked about, and remembered, stays exact.
///
/// Safe from any thread.
public final class MaskedFacts implements EventSink {
  private final EventSink events;
  private final Redaction redaction;

  /// Masks what goes to a sink.
  public MaskedFacts(EventSink events, Redaction redaction) {
    this.events = events;
    this.redaction = redaction;
  }

  @Override
  public void publish(Event event) {
    events.publish(masked(event));
  }

  @Override
  public void publishAll(List<Event> several) {
    events.publishAll(several.stream().map(this::masked).toList());
  }

  /// The same fact without secrets.
  Event masked(Event event) {
    return switch (event) {
      case Event.ExecBegan it ->
          new Event.ExecBegan(
              it.session(),
              it.call(),
              masked(it.command()),
              it.directory(),
              it.backend(),
              it.window(),
              it.typing(),
              it.pid());
      case Event.InputRequested it ->
          new Event.InputRequested(it.session(), redaction.mask(it.prompt()), it.secret());
      case Event.ProcessesReaped it ->
          new Event.ProcessesReaped(it.session(), names(it.killed()), names(it.survivors()));
      case Event.ExecEnded it ->
          new Event.ExecEnded(
              it.session(), it.exit(), it.elapsed(), it.used(), it.output(), names(it.heldBy()));
      case Event.ToolRequested it ->
          new Event.ToolRequested(it.call(), it.tool(), redaction.mask(it.text()), it.directory());
      case Event.ApprovalRequested it -> new Event.ApprovalRequested(masked(it.question()));
      case Event.ApprovalResolved it ->
          new Event.ApprovalResolved(
              it.question(),
              it.call(),
              it.granted(),
              it.by(),
              it.choice(),
              maskedOrNull(it.reason()));
      case Event.SandboxDenied it ->
          new Event.SandboxDenied(it.call(), it.attempt(), denials(it.denials()));
      case Event.ToolRetried it ->
          new Event.ToolRetried(it.call(), it.attempt(), redaction.mask(it.reason()), it.delay());
      case Event.ToolCompleted it ->
          new Event.ToolCompleted(
              it.call(),
              it.outcome(),
              it.source(),
              it.retries(),
              it.held(),
              denials(it.evidence()),
              maskedOrNull(it.reason()));
      case Event.TurnFailed it -> new Event.TurnFailed(redaction.mask(it.message()));
      case Event.ErrorReported it -> new Event.ErrorReported(redaction.mask(it.message()));
      // Made of what is masked where it is made, or of nothing that anybody else has written.
      case Event.RunStarted _,
          Event.ThreadStarted _,
          Event.TurnStarted _,
          Event.ItemStarted _,
          Event.ItemUpdated _,
          Event.ItemCompleted _,
          Event.TurnCompleted _,
          Event.InstructionsLoaded _,
          Event.ModelReplied _,
          Event.ThreadCompacted _,
          Event.OutputAppended _,
          Event.OutputSkipped _,
          Event.SandboxProbed _,
          Event.AnswerIgnored _,
          Event.ToolStarted _,
          Event.Heartbeat _,
          Event.RunEnded _ ->
          event;
    };
  }

  private Question masked(Question it) {
    return new Question(
        it.id(),
        it.call(),
        it.attempt(),
        redaction.mask(it.text()),
        it.directory(),
        masked(it.commands()),
        it.confinement(),
        it.reasons().stream()
            .map(reason -> new Reason(reason.kind(), redaction.mask(reason.text())))
            .toList(),
        it.choices().stream()
            .map(choice ->
                new Question.Choice(
                    choice.id(), redaction.mask(choice.text()), choice.covered(), choice.of()))
            .toList(),
        it.preset(),
        it.deadline());
  }

  private List<String> masked(List<String> words) {
    return words.stream().map(redaction::mask).toList();
  }

  List<ProcessName> names(List<ProcessName> names) {
    return names.stream()
        .map(it -> new ProcessName(it.pid(), redaction.mask(it.command())))
        .toList();
  }

  private List<DenialFound> denials(List<DenialFound> denials) {
    return denials.stream()
        .map(it ->
            new DenialFound(
                it.grade(), redaction.mask(it.opening()), redaction.mask(it.evidence())))
        .toList();
  }

  @Nullable String maskedOrNull(@Nullable String text) {
    return text == null ? null : redaction.mask(text);
  }
}
