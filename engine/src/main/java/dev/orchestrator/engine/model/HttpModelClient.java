package dev.orchestrator.engine.model;

import dev.orchestrator.engine.model.Arrivals.Arrival;
import dev.orchestrator.engine.model.ModelFailure.Again;
import dev.orchestrator.engine.secret.Redaction;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Asks a provider, in two nested loops as Codex does: the inner one sends a request again when
/// there was no answer or the server failed, the outer one asks again for whatever else may pass,
/// and says so. With the defaults a server that always fails gets (4 + 1) × (5 + 1) requests.
///
/// Unlike Codex, a provider that cannot be reached is not waited for without end.
///
/// Confined to one thread at a time.
public final class HttpModelClient implements ModelClient {
  private static final Duration FIRST_DELAY = Duration.ofMillis(200);
  private static final Duration ERROR_BODY = Duration.ofSeconds(10);
  private static final int MOST_DOUBLINGS = 20;

  private final Provider provider;
  private final Pace pace;
  private final Limits limits;
  private final Protocol protocol;
  private final Requests requests;
  private final Keys keys;
  private final Transport transport;

  /// Opens nothing until it is asked.
  ///
  /// @param environment values of variables; null for one that is not set
  /// @param version this program's, for the server
  public HttpModelClient(
      Provider provider,
      Function<String, @Nullable String> environment,
      String version,
      Pace pace,
      Limits limits) {
    this.provider = provider;
    this.pace = pace;
    this.limits = limits;
    this.protocol =
        switch (provider.wire()) {
          case RESPONSES -> new Responses();
          case CHAT -> new Chat();
        };
    this.requests = new Requests(provider, protocol, version, originator(environment));
    this.keys = new Keys(provider, environment);
    this.transport = new Transport(limits);
  }

  /// Who asks: this program, or the one that uses it, as Codex's SDK says.
  private static String originator(Function<String, @Nullable String> environment) {
    var named = environment.apply("CODEX_INTERNAL_ORIGINATOR_OVERRIDE");
    return named != null && named.matches("[A-Za-z0-9 ._/-]{1,64}") ? named : "orchestrator_exec";
  }

  /// Loads what the first request needs, so that it can be done beside something else; asks nobody.
  /// Blocks for some 30 ms.
  public static void prepare() {
    Transport.prepare();
  }

  @Override
  public Reply ask(ModelRequest request, Listener listener)
      throws ModelFailure, InterruptedException {
    var kept = new ArrayList<ResponseItem>();
    var room = new Items.Room();
    var max = provider.streamMaxRetries();
    Notice held = null;
    for (var retry = 1; ; retry++) {
      try {
        return sendUntilAnswered(request, kept, room, listener);
      } catch (ModelFailure failure) {
        if (held != null) {
          listener.retrying(held);
        }
        if (failure.isFatal() || retry > max) {
          throw failure;
        }
        var named = failure.delay();
        var delay = named == null ? backoff(retry) : named;
        var notice = new Notice(retry, max, String.valueOf(failure.getMessage()), delay);
        // What a quick retry repairs is not worth a line; a second of silence is.
        if (delay.toSeconds() >= 1) {
          listener.retrying(notice);
          held = null;
        } else {
          held = notice;
        }
        pace.pause(delay);
      }
    }
  }

  /// @param kept what cut attempts have left; grows
  private Reply sendUntilAnswered(
      ModelRequest request, List<ResponseItem> kept, Items.Room room, Listener listener)
      throws ModelFailure, InterruptedException {
    for (var retry = 1; ; retry++) {
      try {
        return attempt(request, kept, room, listener);
      } catch (ModelFailure failure) {
        if (failure.again() != Again.REQUEST || retry > provider.requestMaxRetries()) {
          throw failure;
        }
        pace.pause(backoff(retry));
      }
    }
  }

  private Duration backoff(int retry) {
    var doubled = FIRST_DELAY.toMillis() << Math.min(retry - 1, MOST_DOUBLINGS);
    var millis = Math.min(limits.longestDelay().toMillis(), Math.round(doubled * pace.jitter()));
    return Duration.ofMillis(millis);
  }

  private Reply attempt(
      ModelRequest request, List<ResponseItem> kept, Items.Room room, Listener listener)
      throws ModelFailure, InterruptedException {
    var key = keys.key();
    var redaction = Redaction.ofValues(requests.secrets(keys, key));
    var failures = new Failures(provider, requests.shownUrl(), redaction, limits);
    var input = new ArrayList<>(request.input());
    input.addAll(kept);
    var http = requests.request(request, input, keys, key, failures);
    var until = System.nanoTime() + limits.reply().toNanos();
    var answer = send(http, failures);
    var status = answer.head().statusCode();
    if (status < 200 || status > 299) {
      if (status == 401) {
        keys.refused();
      }
      var body = transport.beginning(answer.body(), limits.errorBytes(), ERROR_BODY);
      throw failures.status(status, body, retryAfter(answer.head().headers()), pace.now());
    }
    var found = new Items(listener, failures, room);
    var reading = protocol.begin(request, found, listener, failures);
    try {
      read(answer, reading, until, failures);
    } catch (ModelFailure failure) {
      found.all().stream().filter(it -> !it.isCall()).forEach(kept::add);
      throw failure;
    }
    var items = new ArrayList<>(kept);
    items.addAll(found.all());
    return new Reply(items, reading.usage());
  }

  private Transport.Answer send(HttpRequest.Builder http, Failures failures)
      throws ModelFailure, InterruptedException {
    var idle = provider.streamIdleTimeout();
    try {
      return transport.send(http, idle.compareTo(limits.reply()) < 0 ? idle : limits.reply());
    } catch (Transport.NoAnswer _) {
      throw failures.disconnected("idle timeout waiting for SSE");
    } catch (IOException e) {
      throw failures.unreachable(e);
    }
  }

  private void read(
      Transport.Answer answer, Protocol.Reading reading, long until, Failures failures)
      throws ModelFailure, InterruptedException {
    var body = answer.body();
    var whole = false;
    try {
      whole = readAll(answer, reading, until, failures);
    } finally {
      if (!whole) {
        body.cancel();
      }
    }
    transport.leave(body);
  }

  private boolean readAll(
      Transport.Answer answer, Protocol.Reading reading, long until, Failures failures)
      throws ModelFailure, InterruptedException {
    var body = answer.body();
    var events = new EventReader(limits.eventBytes(), reading);
    var bytes = 0L;
    while (true) {
      switch (next(body, reading, until)) {
        case Arrival.Piece piece -> {
          for (var it : piece.bytes()) {
            bytes += it.remaining();
            if (bytes > limits.replyBytes()) {
              throw failures.tooLarge("the reply", limits.replyBytes());
            }
            try {
              if (events.feed(it)) {
                return true;
              }
            } catch (EventReader.TooLarge _) {
              throw failures.tooLarge("an event of the reply", limits.eventBytes());
            }
          }
          body.more();
        }
        case Arrival.End end -> {
          if (reading.end(end.cause() == null && answer.isFramed())) {
            return true;
          }
          throw failures.disconnected("stream closed before response.completed");
        }
        case null -> {
          if (System.nanoTime() - until >= 0) {
            throw failures.tooLong();
          }
          // It has said all that is needed and only keeps the connection open.
          if (reading.patience() != null && reading.end(false)) {
            return true;
          }
          throw failures.disconnected("idle timeout waiting for SSE");
        }
      }
    }
  }

  private @Nullable Arrival next(Arrivals body, Protocol.Reading reading, long until)
      throws InterruptedException {
    var shorter = reading.patience();
    var idle = shorter == null ? provider.streamIdleTimeout() : shorter;
    var left = Duration.ofNanos(Math.max(0, until - System.nanoTime()));
    if (left.isZero()) {
      return null;
    }
    return body.next(idle.compareTo(left) < 0 ? idle : left);
  }

  /// Seconds, or a date (RFC 9110, section 10.2.3).
  private @Nullable Duration retryAfter(HttpHeaders headers) {
    var value = headers.firstValue("retry-after").orElse("").strip();
    if (value.matches("[0-9]{1,9}")) {
      return Duration.ofSeconds(Long.parseLong(value));
    }
    try {
      var at = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      var delay = Duration.between(pace.now(), at);
      return delay.isNegative() ? Duration.ZERO : delay;
    } catch (DateTimeException _) {
      return null;
    }
  }

  @Override
  public void close() {
    transport.close();
  }
}
