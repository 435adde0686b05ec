package dev.orchestrator.engine.model;

import dev.orchestrator.engine.model.ModelFailure.Again;
import dev.orchestrator.engine.model.ModelFailure.Kind;
import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What is said about a provider that gives no reply, in Codex's sentences where it has one.
///
/// Immutable.
final class Failures {
  private static final int LONGEST_TEXT = 1000;
  private static final String DISCONNECTED = "stream disconnected before completion: ";
  private static final Pattern TRY_AGAIN =
      Pattern.compile(
          "try again in\\s*([0-9]{1,9}(?:\\.[0-9]{1,9})?)\\s*(ms|s|seconds?)\\b",
          Pattern.CASE_INSENSITIVE);

  private final Provider provider;
  private final String url;
  private final Redaction redaction;
  private final Limits limits;

  /// @param url what is asked, without its query
  Failures(Provider provider, String url, Redaction redaction, Limits limits) {
    this.provider = provider;
    this.url = url;
    this.redaction = redaction;
    this.limits = limits;
  }

  /// An answer that is no reply.
  ///
  /// @param retryAfter how long it asks to wait; null if it does not
  /// @param now what a time of reset is compared with
  ModelFailure status(int status, byte[] body, @Nullable Duration retryAfter, Instant now) {
    var text = redaction.mask(new String(body, StandardCharsets.UTF_8));
    var error = error(body);
    var type = Values.text(error, "type");
    var said = said(text, error);
    if (status == 400) {
      var kind = isContextWindow(error) ? Kind.CONTEXT_WINDOW : Kind.INVALID_REQUEST;
      return never(kind, text.isBlank() ? unexpected(status, said) : text, rejected());
    }
    if (status == 429) {
      if (type.equals("usage_limit_reached")) {
        return never(Kind.QUOTA, usageLimit(error, now), otherProvider());
      }
      if (type.equals("usage_not_included") || type.equals("insufficient_quota")) {
        return failed(type, said);
      }
      return delayed(
          Kind.RATE_LIMITED,
          "exceeded retry limit, last status: " + Statuses.text(status),
          retryAfter);
    }
    if (status >= 500) {
      var message =
          status == 500
              ? "We’re currently experiencing high demand, which may cause temporary errors."
              : unexpected(status, said);
      return retryAfter == null
          ? new ModelFailure(Kind.SERVER, Again.REQUEST, message, waitAdvice())
          : delayed(Kind.SERVER, message, retryAfter);
    }
    var message = unexpected(status, said);
    return switch (status) {
      case 401, 403 -> again(Kind.UNAUTHORIZED, message, keyAdvice());
      case 402 -> again(Kind.QUOTA, message, otherProvider());
      case 408, 409 -> again(Kind.SERVER, message, waitAdvice());
      case 404 -> again(Kind.INVALID_REQUEST, message, notFoundAdvice());
      case 413, 422 -> again(Kind.INVALID_REQUEST, message, rejected());
      // Not followed: a key would go wherever the answer says.
      case 301, 302, 303, 307, 308 ->
          never(Kind.INVALID_REQUEST, message, "set %s to where it moved".formatted(baseUrl()));
      default -> again(Kind.INVALID_REQUEST, message, notFoundAdvice());
    };
  }

  /// A reply that ends with an error of the provider's.
  ///
  /// @param code what kind of error; empty if unknown
  /// @param raw the provider's words; null if there are none
  ModelFailure failed(String code, @Nullable String raw) {
    var message = raw == null ? null : redaction.mask(raw);
    return switch (code) {
      case "rate_limit_exceeded", "slow_down" ->
          delayed(
              Kind.RATE_LIMITED,
              "rate limit exceeded: " + Objects.requireNonNullElse(message, code),
              tryAgainIn(message));
      case "context_length_exceeded" ->
          never(
              Kind.CONTEXT_WINDOW,
              "Codex ran out of room in the model's context window. Start a new thread or clear"
                  + " earlier history before retrying.",
              "start a new thread, or ask for less output: provider `%s` takes no more"
                  .formatted(provider.id()));
      case "insufficient_quota" ->
          never(
              Kind.QUOTA, "Quota exceeded. Check your plan and billing details.", otherProvider());
      case "usage_not_included" ->
          never(
              Kind.QUOTA,
              "To use Codex with your ChatGPT plan, upgrade to Plus:"
                  + " https://chatgpt.com/explore/plus.",
              otherProvider());
      case "invalid_prompt", "cyber_policy" ->
          never(
              Kind.INVALID_REQUEST,
              Objects.requireNonNullElse(message, "Invalid request."),
              rejected());
      case "server_is_overloaded" ->
          never(
              Kind.SERVER,
              "Selected model is at capacity. Please try a different model.",
              "name another model of provider `%s`, or try again later".formatted(provider.id()));
      default ->
          disconnected(Objects.requireNonNullElse(message, "response.failed event received"));
    };
  }

  ModelFailure incomplete(@Nullable String reason) {
    return never(
        Kind.INCOMPLETE,
        "Incomplete response returned, reason: " + Objects.requireNonNullElse(reason, "unknown"),
        "ask for less at once: provider `%s` ended its reply".formatted(provider.id()));
  }

  /// A reply that broke off.
  ModelFailure disconnected(String why) {
    return again(Kind.STREAM, DISCONNECTED + why, waitAdvice());
  }

  ModelFailure tooLarge(String what, long limit) {
    return never(
        Kind.LIMIT,
        "%s of provider `%s` came to more than %,d bytes".formatted(what, provider.id(), limit),
        "check what answers at " + url);
  }

  ModelFailure tooLong() {
    return never(
        Kind.LIMIT,
        "the reply of provider `%s` was not complete after %s"
            .formatted(provider.id(), limits.reply()),
        "check what answers at " + url);
  }

  /// No answer at all.
  ModelFailure unreachable(IOException cause) {
    var untrusted = NetworkCauses.isUntrusted(cause);
    return new ModelFailure(
        Kind.UNREACHABLE,
        untrusted ? Again.NEVER : Again.REQUEST,
        "provider `%s` cannot be reached at %s: %s"
            .formatted(provider.id(), url, redaction.mask(NetworkCauses.text(cause, limits))),
        untrusted
            ? "check the certificate of %s, or %s".formatted(url, baseUrl())
            : "check that it is running and that %s is right".formatted(baseUrl()));
  }

  /// A setting that no request can be made from.
  ///
  /// @param what names the setting, never a secret's value
  ModelFailure unusable(String what) {
    return never(
        Kind.INVALID_REQUEST,
        "provider `%s` cannot be asked: %s".formatted(provider.id(), what),
        "correct `model_providers.%s`".formatted(provider.id()));
  }

  private ModelFailure delayed(Kind kind, String message, @Nullable Duration delay) {
    if (delay != null && delay.compareTo(limits.longestDelay()) > 0) {
      return never(
          kind,
          "%s; provider `%s` asks to wait %,d seconds, and %,d are the most that is waited"
              .formatted(
                  message, provider.id(), delay.toSeconds(), limits.longestDelay().toSeconds()),
          "try again later");
    }
    return new ModelFailure(kind, Again.STREAM, message, waitAdvice(), delay);
  }

  private static ModelFailure never(Kind kind, String message, String advice) {
    return new ModelFailure(kind, Again.NEVER, message, advice);
  }

  private static ModelFailure again(Kind kind, String message, String advice) {
    return new ModelFailure(kind, Again.STREAM, message, advice);
  }

  private String unexpected(int status, String said) {
    return "unexpected status %s: %s, url: %s".formatted(Statuses.text(status), said, url);
  }

  /// The provider's own words, or else the beginning of what it sent.
  private String said(String text, Map<String, @Nullable Object> error) {
    var message = Values.text(error, "message");
    if (!message.isBlank()) {
      return redaction.mask(message);
    }
    var stripped = text.strip();
    if (stripped.isEmpty()) {
      return "Unknown error";
    }
    return stripped.length() <= LONGEST_TEXT
        ? stripped
        : stripped.substring(0, LONGEST_TEXT) + "...";
  }

  /// What an answer says about an error: `error` with a message, `error` as a text, or a message.
  private static Map<String, @Nullable Object> error(byte[] body) {
    try {
      var object = Json.readObject(body);
      if (object.get("error") instanceof String it) {
        return Values.of("message", it);
      }
      return object.containsKey("error") ? Values.child(object, "error") : object;
    } catch (IOException _) {
      return Map.of();
    }
  }

  private static boolean isContextWindow(Map<String, @Nullable Object> error) {
    return Values.text(error, "code").equals("context_length_exceeded")
        || Values.text(error, "type").equals("exceed_context_size_error");
  }

  private static String usageLimit(Map<String, @Nullable Object> error, Instant now) {
    var at = Values.number(error, "resets_at");
    var in = Values.number(error, "resets_in_seconds");
    var seconds = at > 0 ? at : in > 0 ? now.getEpochSecond() + in : 0;
    // Beyond the year 9999 it is no time that anybody meant.
    return seconds <= 0 || seconds > 253_402_300_799L
        ? "You've hit your usage limit. Try again later."
        : "You've hit your usage limit. Try again at %s.".formatted(Instant.ofEpochSecond(seconds));
  }

  private static @Nullable Duration tryAgainIn(@Nullable String message) {
    if (message == null) {
      return null;
    }
    var found = TRY_AGAIN.matcher(message);
    if (!found.find()) {
      return null;
    }
    var value = Double.parseDouble(found.group(1));
    var millis = found.group(2).equalsIgnoreCase("ms") ? value : value * 1000;
    return Duration.ofMillis(Math.round(millis));
  }

  private String baseUrl() {
    return "`base_url` of `model_providers.%s`".formatted(provider.id());
  }

  private String rejected() {
    return "check the model's name and what provider `%s` supports".formatted(provider.id());
  }

  private String otherProvider() {
    return "check the account of provider `%s`, or name another provider".formatted(provider.id());
  }

  private String waitAdvice() {
    return "try again later, or check the status of provider `%s`".formatted(provider.id());
  }

  private String notFoundAdvice() {
    var hint =
        provider.wire() == Provider.Wire.RESPONSES
            ? "; a server that does not know `/responses` needs `wire_api = \"chat\"`"
            : "";
    return "check the model's name and %s%s".formatted(baseUrl(), hint);
  }

  private String keyAdvice() {
    return switch (provider.credential()) {
      case Credential.Variable it ->
          "check the key of provider `%s` in the variable `%s`"
              .formatted(provider.id(), String.join("` or `", it.names().reversed()));
      case Credential.Token _ ->
          "check `experimental_bearer_token` of `model_providers.%s`".formatted(provider.id());
      case Credential.Command it ->
          "check what `%s`, the `auth` command of provider `%s`, prints"
              .formatted(it.command(), provider.id());
      case Credential.None _ ->
          "provider `%s` wants a key: set `env_key` of `model_providers.%s`"
              .formatted(provider.id(), provider.id());
    };
  }
}
