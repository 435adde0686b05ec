package dev.orchestrator.engine.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Where a model is asked: Codex's `model_providers.<id>`. Immutable.
///
/// @param id its name in the settings
/// @param name its name for people
/// @param baseUrl what comes before `/responses` or `/chat/completions`
/// @param wire the protocol
/// @param headers more headers
/// @param envHeaders more headers, from variables; one that is not set leaves its header out
/// @param queryParams more parameters of the URL
/// @param requestMaxRetries how often a request is sent again, 0 to 100
/// @param streamMaxRetries how often a reply is asked for again, 0 to 100
/// @param streamIdleTimeout how long a reply may be silent
/// @param credential how it learns who asks
public record Provider(
    String id,
    String name,
    String baseUrl,
    Wire wire,
    Map<String, String> headers,
    Map<String, String> envHeaders,
    Map<String, String> queryParams,
    int requestMaxRetries,
    int streamMaxRetries,
    Duration streamIdleTimeout,
    Credential credential) {
  /// Codex's default of `request_max_retries`.
  public static final int REQUEST_RETRIES = 4;

  /// Codex's default of `stream_max_retries`.
  public static final int STREAM_RETRIES = 5;

  /// Codex's default of `stream_idle_timeout_ms`.
  public static final Duration IDLE_TIMEOUT = Duration.ofMinutes(5);

  private static final int MOST_RETRIES = 100;

  public Provider {
    headers = Map.copyOf(headers);
    envHeaders = Map.copyOf(envHeaders);
    queryParams = Map.copyOf(queryParams);
    requestMaxRetries = Math.clamp(requestMaxRetries, 0, MOST_RETRIES);
    streamMaxRetries = Math.clamp(streamMaxRetries, 0, MOST_RETRIES);
  }

  /// The protocol.
  public enum Wire {
    RESPONSES,
    CHAT
  }

  /// A provider with the default limits and nothing else.
  public static Provider of(
      String id, String name, String baseUrl, Wire wire, Credential credential) {
    return new Provider(
        id,
        name,
        baseUrl,
        wire,
        Map.of(),
        Map.of(),
        Map.of(),
        REQUEST_RETRIES,
        STREAM_RETRIES,
        IDLE_TIMEOUT,
        credential);
  }

  /// OpenAI.
  ///
  /// @param baseUrl null for OpenAI's own
  public static Provider openai(@Nullable String baseUrl) {
    return of(
        "openai",
        "OpenAI",
        baseUrl == null ? "https://api.openai.com/v1" : baseUrl,
        Wire.RESPONSES,
        // The one that is meant for this kind of program alone comes first, as in `codex exec`.
        new Credential.Variable(
            List.of("CODEX_API_KEY", "OPENAI_API_KEY"),
            "create a key at https://platform.openai.com/api-keys"));
  }

  /// Ollama on this machine.
  public static Provider ollama() {
    return of("ollama", "Ollama", "http://localhost:11434/v1", Wire.CHAT, new Credential.None());
  }

  /// LM Studio on this machine.
  public static Provider lmstudio() {
    return of(
        "lmstudio", "LM Studio", "http://localhost:1234/v1", Wire.CHAT, new Credential.None());
  }
}
