package dev.orchestrator.engine.thread;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Under what settings a turn ran; resuming a thread applies the last ones again. Immutable.
///
/// @param turnId names the turn
/// @param cwd where it ran; absolute
/// @param approvalPolicy the word of the settings
/// @param sandboxLevel the word of the settings
/// @param writableRoots what else could be written; absolute
/// @param network whether commands had the network
/// @param model the model's name
/// @param provider the model provider's name in the settings
/// @param effort how much the model was to think; null for the provider's default
/// @param summary how it was to sum up its thinking; null for the provider's default
public record TurnContext(
    String turnId,
    Path cwd,
    String approvalPolicy,
    String sandboxLevel,
    List<Path> writableRoots,
    boolean network,
    String model,
    String provider,
    @Nullable String effort,
    @Nullable String summary) {
  public TurnContext {
    writableRoots = List.copyOf(writableRoots);
  }
}
