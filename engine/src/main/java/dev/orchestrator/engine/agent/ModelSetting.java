package dev.orchestrator.engine.agent;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The model of a run, and what requests say besides the conversation.
///
/// @param name the model's name
/// @param compactAtTokens from how many tokens on the conversation is summarised
/// @param reasoning `reasoning` of requests
/// @param text `text` of requests
/// @param parallelCalls whether one reply may hold several calls
/// @param takesGrammars whether it can be given tools with a grammar
public record ModelSetting(
    String name,
    long compactAtTokens,
    Map<String, @Nullable Object> reasoning,
    Map<String, @Nullable Object> text,
    boolean parallelCalls,
    boolean takesGrammars) {}
