package dev.orchestrator.engine.model;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ModelFailure.Kind;
import dev.orchestrator.engine.secret.Redaction;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Keeps what a model said in a file, and says it again without a network.
///
/// The file is JSON lines: a header `{"cassette":1}` and then one line for each request, with
///
/// - `request`: `digest` of the whole conversation as [Transcript] sees it, `model`, `same` (how
///   many entries it shares with the request before, from the first on) and `more` (the entries
///   after those: `type`, `digest`, and `text` for people);
/// - `items` and `usage`, or `failure` (`kind`, `message`, `advice`);
/// - `elapsed_ms`.
///
/// The workspace's path and sessions stand in it as [Placeholders], so a cassette fits any folder.
/// Headers, keys, tools and what this program tells the model are not in it; values of secret
/// variables are masked.
public final class Cassette {
  /// The version of the format.
  static final long VERSION = 1;

  /// A line may have as many bytes: a reply's items are half of this at most.
  static final int MOST_LINE_BYTES = 32 * 1024 * 1024;

  private Cassette() {}

  /// Asks another client and keeps what it says; failures as well. What it told while it was asked
  /// (retries, pieces) is not kept.
  ///
  /// @param client is closed with this one
  /// @param file must not exist; what was recorded before is not overwritten
  /// @param workspace the folder whose path differs from machine to machine
  /// @throws ModelFailure if the file cannot be made; writing that fails later fails the request
  public static ModelClient record(
      ModelClient client, Path file, Path workspace, Redaction redaction) throws ModelFailure {
    return CassetteRecorder.create(client, file, new Placeholders(workspace), redaction);
  }

  /// Says what was recorded, request by request, as fast as it can.
  ///
  /// A request that differs from the recorded one fails and says where; so does one more than was
  /// recorded.
  ///
  /// @throws ModelFailure if the file is no cassette
  public static ModelClient replay(Path file, Path workspace, Redaction redaction)
      throws ModelFailure {
    return new CassettePlayer(file, new Placeholders(workspace), redaction);
  }

  static ModelFailure failure(String message, String advice) {
    return ModelFailure.fatal(Kind.CASSETTE, message, advice);
  }

  static Map<String, @Nullable Object> json(Usage it) {
    return Values.of(
        "input_tokens",
        it.input(),
        "cached_input_tokens",
        it.cachedInput(),
        "cache_write_input_tokens",
        it.cacheWrite(),
        "output_tokens",
        it.output(),
        "reasoning_output_tokens",
        it.reasoning());
  }

  static Usage usage(Map<String, @Nullable Object> it) {
    return new Usage(
        Values.number(it, "input_tokens"),
        Values.number(it, "cached_input_tokens"),
        Values.number(it, "cache_write_input_tokens"),
        Values.number(it, "output_tokens"),
        Values.number(it, "reasoning_output_tokens"));
  }
}
