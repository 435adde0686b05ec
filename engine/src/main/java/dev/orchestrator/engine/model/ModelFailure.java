package dev.orchestrator.engine.model;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A model was asked and there is no reply. The message is the one that people and Codex's
/// consumers see; it names no secret.
public final class ModelFailure extends Exception {
  private static final long serialVersionUID = 1;

  private final Kind kind;
  private final Again again;
  private final String advice;
  private final @Nullable Duration delay;

  /// What has failed.
  public enum Kind {
    /// No connection, or none that can be trusted.
    UNREACHABLE,
    /// A key is missing, unusable or refused.
    UNAUTHORIZED,
    /// Too many requests.
    RATE_LIMITED,
    /// The account or plan is used up.
    QUOTA,
    /// The conversation does not fit.
    CONTEXT_WINDOW,
    /// The provider does not accept the request.
    INVALID_REQUEST,
    /// The provider fails.
    SERVER,
    /// The reply broke off.
    STREAM,
    /// The provider says that the reply is not whole.
    INCOMPLETE,
    /// A reply is larger, or takes longer, than any should.
    LIMIT,
    /// A cassette does not fit the run, cannot be read or cannot be written.
    CASSETTE
  }

  /// What may help.
  enum Again {
    /// Nothing: it would fail in the same way.
    NEVER,
    /// The same request, at once.
    REQUEST,
    /// The request, after the reader has been told.
    STREAM
  }

  ModelFailure(Kind kind, Again again, String message, String advice, @Nullable Duration delay) {
    super(message);
    this.kind = kind;
    this.again = again;
    this.advice = advice;
    this.delay = delay;
  }

  ModelFailure(Kind kind, Again again, String message, String advice) {
    this(kind, again, message, advice, null);
  }

  /// A failure that no retry helps; for clients and fakes outside this package as well.
  public static ModelFailure fatal(Kind kind, String message, String advice) {
    return new ModelFailure(kind, Again.NEVER, message, advice);
  }

  /// What has failed.
  public Kind kind() {
    return kind;
  }

  /// Whether it was not tried again because that cannot help; otherwise all retries were used.
  public boolean isFatal() {
    return again == Again.NEVER;
  }

  /// The next step for a person, which names the provider; empty if there is none to name.
  public String advice() {
    return advice;
  }

  Again again() {
    return again;
  }

  /// How long to wait, if the provider has said so.
  @Nullable Duration delay() {
    return delay;
  }
}
