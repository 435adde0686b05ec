package dev.orchestrator.engine.model;

import static dev.orchestrator.engine.model.ScriptedModelServer.drop;
import static dev.orchestrator.engine.model.ScriptedModelServer.endless;
import static dev.orchestrator.engine.model.ScriptedModelServer.event;
import static dev.orchestrator.engine.model.ScriptedModelServer.failed;
import static dev.orchestrator.engine.model.ScriptedModelServer.nothing;
import static dev.orchestrator.engine.model.ScriptedModelServer.raw;
import static dev.orchestrator.engine.model.ScriptedModelServer.silent;
import static dev.orchestrator.engine.model.ScriptedModelServer.sse;
import static dev.orchestrator.engine.model.ScriptedModelServer.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.model.ModelFailure.Kind;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Codex's table of errors, row by row; and what else a server can do.
@Timeout(60)
class FailuresTest {
  private static final String SAID = "{\"error\":{\"message\":\"bad stuff\",\"type\":\"t\"}}";
  private static final String HIGH_DEMAND =
      "We’re currently experiencing high demand, which may cause temporary errors.";

  /// answer, kind, fatal, requests, message; `URL` stands for what was asked
  static Stream<Arguments> rows() {
    return Stream.of(
        row("400", status(400, SAID), Kind.INVALID_REQUEST, 1, SAID),
        row("401", status(401, SAID), Kind.UNAUTHORIZED, 6, unexpected("401 Unauthorized")),
        row("402", status(402, SAID), Kind.QUOTA, 6, unexpected("402 Payment Required")),
        row("403", status(403, SAID), Kind.UNAUTHORIZED, 6, unexpected("403 Forbidden")),
        row("404", status(404, SAID), Kind.INVALID_REQUEST, 6, unexpected("404 Not Found")),
        row("408", status(408, SAID), Kind.SERVER, 6, unexpected("408 Request Timeout")),
        row("409", status(409, SAID), Kind.SERVER, 6, unexpected("409 Conflict")),
        row("413", status(413, SAID), Kind.INVALID_REQUEST, 6, unexpected("413 Payload Too Large")),
        row(
            "422",
            status(422, SAID),
            Kind.INVALID_REQUEST,
            6,
            unexpected("422 Unprocessable Entity")),
        row("500", status(500, SAID), Kind.SERVER, 30, HIGH_DEMAND),
        row("503", status(503, SAID), Kind.SERVER, 30, unexpected("503 Service Unavailable")),
        row(
            "503 with a delay",
            status(503, Map.of("retry-after", "2"), SAID),
            Kind.SERVER,
            6,
            unexpected("503 Service Unavailable")),
        row(
            "599",
            status(599, ""),
            Kind.SERVER,
            30,
            "unexpected status 599 <unknown status code>: Unknown error, url: URL"),
        row(
            "a redirect",
            status(302, Map.of("location", "http://localhost:1/"), ""),
            Kind.INVALID_REQUEST,
            1,
            "unexpected status 302 Found: Unknown error, url: URL"),
        row(
            "429",
            status(429, SAID),
            Kind.RATE_LIMITED,
            6,
            "exceeded retry limit, last status: 429 Too Many Requests"),
        row(
            "429 with too long a delay",
            status(429, Map.of("retry-after", "601"), SAID),
            Kind.RATE_LIMITED,
            1,
            "exceeded retry limit, last status: 429 Too Many Requests; provider `mine` asks to"
                + " wait 601 seconds, and 600 are the most that is waited"),
        row(
            "429 of a plan",
            status(
                429, "{\"error\":{\"type\":\"usage_limit_reached\",\"resets_in_seconds\":3600}}"),
            Kind.QUOTA,
            1,
            "You've hit your usage limit. Try again at 2026-01-02T04:04:05Z."),
        row(
            "a rate limit",
            failed("rate_limit_exceeded", "Too fast. Please try again in 1.5s."),
            Kind.RATE_LIMITED,
            6,
            "rate limit exceeded: Too fast. Please try again in 1.5s."),
        row(
            "a full context",
            failed("context_length_exceeded", "x"),
            Kind.CONTEXT_WINDOW,
            1,
            "Codex ran out of room in the model's context window. Start a new thread or clear"
                + " earlier history before retrying."),
        row(
            "a used quota",
            failed("insufficient_quota", "x"),
            Kind.QUOTA,
            1,
            "Quota exceeded. Check your plan and billing details."),
        row(
            "usage not included",
            failed("usage_not_included", "x"),
            Kind.QUOTA,
            1,
            "To use Codex with your ChatGPT plan, upgrade to Plus:"
                + " https://chatgpt.com/explore/plus."),
        row(
            "a bad prompt",
            failed("invalid_prompt", "Not this."),
            Kind.INVALID_REQUEST,
            1,
            "Not this."),
        row("a policy", failed("cyber_policy", "Not that."), Kind.INVALID_REQUEST, 1, "Not that."),
        row(
            "capacity",
            failed("server_is_overloaded", "x"),
            Kind.SERVER,
            1,
            "Selected model is at capacity. Please try a different model."),
        row("any other failure", failed("odd", "It broke."), Kind.STREAM, 6, cut("It broke.")),
        row(
            "an incomplete response",
            sse(
                event(
                    "{\"type\":\"response.incomplete\",\"response\":{\"incomplete_details\":"
                        + "{\"reason\":\"max_output_tokens\"}}}")),
            Kind.INCOMPLETE,
            1,
            "Incomplete response returned, reason: max_output_tokens"),
        row("a cut stream", drop(), Kind.STREAM, 6, closed()),
        row("a stream that ends early", sse(event("{}")), Kind.STREAM, 6, closed()),
        row("half a line", sse("data: {\"type\":\"response.comp"), Kind.STREAM, 6, closed()),
        row("no stream", sse("<html>hello</html>"), Kind.STREAM, 6, closed()),
        row("garbage", sse("\u0000\u0001�" + event("{{{[[[")), Kind.STREAM, 6, closed()));
  }

  private static Arguments row(
      String name, Answer answer, Kind kind, int requests, String message) {
    return Arguments.of(name, answer, kind, requests, message);
  }

  private static String unexpected(String status) {
    return "unexpected status " + status + ": bad stuff, url: URL";
  }

  private static String cut(String why) {
    return "stream disconnected before completion: " + why;
  }

  private static String closed() {
    return cut("stream closed before response.completed");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void are_tried_again_as_often_and_told_as_in_codex(
      String name, Answer answer, Kind kind, int requests, String message) throws Exception {
    try (var asking = Asking.of(answer)) {
      var failure = asking.failure();

      assertThat(failure)
          .as(name)
          .hasMessage(message.replace("URL", asking.server.baseUrl() + "/responses"));
      assertThat(failure.kind()).isEqualTo(kind);
      assertThat(failure.isFatal()).isEqualTo(requests == 1);
      assertThat(failure.advice()).isNotEmpty();
      assertThat(asking.server.requests()).hasSize(requests);
      assertThat(asking.heard.notices).hasSize(requests == 1 ? 0 : 5);
    }
  }

  @Test
  void name_a_provider_that_is_not_there() throws Exception {
    int port;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    try (var asking = Asking.of()) {
      var client = asking.client(asking.provider("http://127.0.0.1:" + port + "/v1?key=hidden"));
      var failure = failureOf(client, asking);

      assertThat(failure)
          .hasMessage(
              "provider `mine` cannot be reached at http://127.0.0.1:%d/v1/responses:"
                  + " connection refused",
              port);
      assertThat(failure.kind()).isEqualTo(Kind.UNREACHABLE);
      assertThat(asking.pace.pauses).hasSize(6 * 4 + 5);
    }
  }

  @Test
  void name_a_connection_that_ends_without_an_answer() throws Exception {
    try (var asking = Asking.of(raw(""))) {
      asking.streamRetries = 0;

      assertThat(asking.failure())
          .hasMessageStartingWith("provider `mine` cannot be reached at ")
          .hasMessageEndingWith("the connection was closed without an answer");
      assertThat(asking.server.requests()).hasSizeGreaterThanOrEqualTo(5);
    }
  }

  @Test
  void name_a_handshake_that_fails() throws Exception {
    try (var asking = Asking.of(status(200, ""))) {
      asking.streamRetries = 0;
      var client = asking.client(asking.provider(asking.server.baseUrl().replace("http", "https")));

      assertThat(failureOf(client, asking)).hasMessageContaining("/v1/responses: TLS: ");
    }
  }

  @Test
  void end_a_silent_stream() throws Exception {
    try (var asking = Asking.of(silent(event("{}")), nothing())) {
      asking.idle = Duration.ofMillis(100);
      asking.streamRetries = 1;

      assertThat(asking.failure()).hasMessage(cut("idle timeout waiting for SSE"));
      assertThat(asking.server.requests()).hasSize(2);
    }
  }

  @Test
  void end_a_stream_that_drips_for_ever() throws Exception {
    try (var asking = Asking.of(endless("", ":\n"))) {
      asking.limits = limits(1024, 1L << 40, Duration.ofMillis(200));

      var failure = asking.failure();
      assertThat(failure).hasMessage("the reply of provider `mine` was not complete after PT0.2S");
      assertThat(failure.isFatal()).isTrue();
    }
  }

  @Test
  void end_a_reply_that_never_ends() throws Exception {
    try (var asking = Asking.of(endless("", event("{}").repeat(1000)))) {
      asking.limits = limits(1024, 10_000_000, Duration.ofMinutes(1));

      assertThat(asking.failure())
          .hasMessage("the reply of provider `mine` came to more than 10,000,000 bytes");
    }
  }

  @Test
  void end_an_event_that_never_ends() throws Exception {
    try (var asking = Asking.of(endless("data: ", "x".repeat(1000)))) {
      asking.limits = limits(100_000, 1L << 40, Duration.ofMinutes(1));

      assertThat(asking.failure())
          .hasMessage("an event of the reply of provider `mine` came to more than 100,000 bytes");
    }
  }

  @Test
  void bound_what_many_items_keep() throws Exception {
    var item = event("{\"type\":\"response.output_item.done\",\"item\":{\"type\":\"x\"}}");
    try (var asking = Asking.of(endless("", item.repeat(100)))) {
      assertThat(asking.failure())
          .hasMessage(
              "the items of the reply of provider `mine` came to more than 8,388,608 bytes");
    }
  }

  @Test
  void never_show_a_key() throws Exception {
    var key = "sk-very-secret";
    try (var asking = Asking.of(status(401, "{\"error\":{\"message\":\"no " + key + "\"}}"))) {
      asking.credential = new Credential.Variable(List.of("MY_KEY"), null);
      asking.variables.put("MY_KEY", key + "\n");
      var failure = asking.failure();

      assertThat(failure).hasMessageContaining("no [redacted key]");
      assertThat(failure.advice())
          .isEqualTo("check the key of provider `mine` in the variable `MY_KEY`");
      assertThat(asking.server.requests().getFirst().headers())
          .containsEntry("authorization", "Bearer " + key);
    }
  }

  private static Limits limits(int event, long reply, Duration wall) {
    return new Limits(
        event, reply, 1024, Duration.ofSeconds(5), wall, Limits.DEFAULT.longestDelay());
  }

  private static ModelFailure failureOf(ModelClient client, Asking asking) throws Exception {
    try (client) {
      throw new AssertionError(
          "" + client.ask(Asking.request(ResponseItem.user("x")), asking.heard));
    } catch (ModelFailure it) {
      return it;
    }
  }
}
