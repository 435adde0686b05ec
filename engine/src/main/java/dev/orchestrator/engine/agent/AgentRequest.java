package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.event.InstructionSource;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.thread.TurnContext;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One turn to run.
///
/// @param command what was asked for, for people
/// @param directory where the work is done; absolute
/// @param preamble what every request begins with; not kept with the thread
/// @param prompt what the turn begins with; null to end before it, as when a thread is only forked
/// @param promptText the prompt's own text, for lists of threads
/// @param sources the files of instructions in the preamble
/// @param warnings what a person should know before the turn begins
/// @param showsPlans whether the model has the tool `update_plan`
/// @param isReview whether the model's messages are reviews, to be shown as people read them
/// @param check what is expected of the last message; null for nothing
/// @param folder where the run is kept; null for an ephemeral run
/// @param obstacle why nothing must be done; null if nothing is in the way
public record AgentRequest(
    RunId run,
    String task,
    String version,
    List<String> command,
    Path directory,
    Conversation.Beginning thread,
    TurnContext context,
    List<ResponseItem> preamble,
    @Nullable ResponseItem prompt,
    String promptText,
    List<InstructionSource> sources,
    List<String> warnings,
    ModelSetting model,
    ShellSetting shell,
    boolean showsPlans,
    boolean isReview,
    @Nullable AnswerCheck check,
    Optional<Duration> timeout,
    Redaction redaction,
    @Nullable Path folder,
    @Nullable String obstacle) {
  public AgentRequest {
    command = List.copyOf(command);
    preamble = List.copyOf(preamble);
    sources = List.copyOf(sources);
    warnings = List.copyOf(warnings);
  }

  /// The same with the folder of its record, or why there is none.
  public AgentRequest kept(@Nullable Path folder, @Nullable String obstacle) {
    return new AgentRequest(
        run,
        task,
        version,
        command,
        directory,
        thread,
        context,
        preamble,
        prompt,
        promptText,
        sources,
        warnings,
        model,
        shell,
        showsPlans,
        isReview,
        check,
        timeout,
        redaction,
        folder,
        obstacle);
  }
}
