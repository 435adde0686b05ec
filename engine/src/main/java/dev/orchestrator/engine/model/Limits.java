package dev.orchestrator.engine.model;

import java.time.Duration;

/// What no reply may exceed, whoever sends it.
///
/// @param eventBytes one event of a stream
/// @param replyBytes one whole reply
/// @param errorBytes the body of an answer that is an error; the rest is not read
/// @param connect how long a connection may take
/// @param reply how long a reply may take, from the request to its end: a stream that always sends
///   something is never idle
/// @param longestDelay how long a provider may ask to wait before the next request
public record Limits(
    int eventBytes,
    long replyBytes,
    int errorBytes,
    Duration connect,
    Duration reply,
    Duration longestDelay) {
  /// 4 MiB: a file that a model writes in one call is far smaller, and reading an event takes some
  /// four times its size. 64 MiB: a reply of the largest models (128,000 tokens) comes, with an
  /// event of some 250 bytes for every token, to 32 MB. One hour: the longest replies take minutes.
  public static final Limits DEFAULT =
      new Limits(
          4 * 1024 * 1024,
          64L * 1024 * 1024,
          64 * 1024,
          Duration.ofSeconds(30),
          Duration.ofHours(1),
          Duration.ofMinutes(10));
}
