package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.orchestrator.engine.model.ScriptedModelServer;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// A model server that does not do what it should ends a turn; it never hangs or swells it. No
/// process is started, so several turns do not disturb each other.
@Execution(ExecutionMode.CONCURRENT)
class ExecFailuresTest {
  private static final int MEGABYTE = 1 << 20;

  /// An idle stream is given up after this.
  private static final String[] IMPATIENT = {
    "-c", "model_providers.mock.stream_idle_timeout_ms=1500",
    "-c", "model_providers.mock.stream_max_retries=1",
    "-c", "model_providers.mock.request_max_retries=1",
    // No sandbox is looked for then.
    "-s", "danger-full-access"
  };

  @TempDir Path folder;

  static Stream<Arguments> failures() {
    var event = "{\"type\":\"response.created\",\"response\":{\"id\":\"r\"}}";
    var begun = ScriptedModelServer.event(event);
    var head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";
    return Stream.of(
        arguments(
            "a bad request",
            status(400, Map.of(), "bad stuff"),
            1,
            "bad stuff",
            "check the model's name"),
        arguments(
            "a refused key",
            status(401, Map.of(), "no such key"),
            2,
            "unexpected status 401 Unauthorized: no such key",
            "check the key of provider `mock` in the variable `MOCK_KEY`"),
        arguments(
            "too many requests",
            status(429, Map.of(), "slow down"),
            2,
            "exceeded retry limit, last status: 429 Too Many Requests",
            "try again later"),
        arguments(
            "too many requests, for a second",
            status(429, Map.of("retry-after", "1"), "slow down"),
            2,
            "exceeded retry limit, last status: 429 Too Many Requests",
            "try again later"),
        arguments(
            "too many requests, until a date that has passed",
            status(429, Map.of("retry-after", "Sun, 06 Nov 1994 08:49:37 GMT"), "slow down"),
            2,
            "exceeded retry limit, last status: 429 Too Many Requests",
            "try again later"),
        arguments(
            "too many requests, until tomorrow",
            status(429, Map.of("retry-after", tomorrow()), "slow down"),
            1,
            "provider `mock` asks to wait",
            "try again later"),
        arguments(
            "a server that always fails",
            status(500, Map.of(), "oops"),
            4,
            "We’re currently experiencing high demand, which may cause temporary errors.",
            "check the status of provider `mock`"),
        arguments(
            "a server that is away",
            status(503, Map.of(), "away"),
            4,
            "unexpected status 503 Service Unavailable: away",
            "check the status of provider `mock`"),
        arguments(
            "a stream that always breaks off",
            ScriptedModelServer.drop(),
            2,
            "stream disconnected before completion: stream closed before response.completed",
            "check the status of provider `mock`"),
        arguments(
            "half a line",
            ScriptedModelServer.raw(head + "data: {\"type\":\"resp"),
            2,
            "stream closed before response.completed",
            "check the status of provider `mock`"),
        arguments(
            "garbage",
            ScriptedModelServer.raw("\0\1\2 this is no HTTP\r\n\r\n"),
            4,
            "provider `mock` cannot be reached at http://127.0.0.1:",
            "check that it is running"),
        arguments(
            "a page with status 200",
            page(),
            2,
            "stream closed before response.completed",
            "check the status of provider `mock`"),
        arguments(
            "a stream that falls silent",
            ScriptedModelServer.silent(begun),
            2,
            "idle timeout waiting for SSE",
            "check the status of provider `mock`"),
        arguments(
            "no answer at all",
            ScriptedModelServer.nothing(),
            2,
            "idle timeout waiting for SSE",
            "check the status of provider `mock`"),
        arguments(
            "an incomplete response",
            ScriptedModelServer.sse(
                ScriptedModelServer.event(
                    "{\"type\":\"response.incomplete\",\"response\":{\"incomplete_details\":"
                        + "{\"reason\":\"max_output_tokens\"}}}")),
            1,
            "Incomplete response returned, reason: max_output_tokens",
            "ask for less at once"),
        arguments(
            "a conversation that never fits",
            ScriptedModelServer.failed("context_length_exceeded", "too long"),
            1,
            "ran out of room in the model's context window",
            "start a new thread"),
        arguments(
            "a used-up account",
            ScriptedModelServer.failed("insufficient_quota", "pay"),
            1,
            "Quota exceeded. Check your plan and billing details.",
            "check the account of provider `mock`"),
        arguments(
            "an event without end",
            ScriptedModelServer.endless("data: ", "x".repeat(MEGABYTE)),
            1,
            "an event of the reply of provider `mock` came to more than",
            "check what answers at http://127.0.0.1"),
        arguments(
            "comments without end",
            ScriptedModelServer.endless(begun, ": x\n\n".repeat(MEGABYTE / 5)),
            1,
            "the reply of provider `mock` came to more than",
            "check what answers at http://127.0.0.1"));
  }

  private static Answer status(int status, Map<String, String> headers, String message) {
    return ScriptedModelServer.status(
        status,
        headers,
        "{\"error\":{\"message\":\"%s\",\"type\":\"x\",\"key\":\"%s\"}}"
            .formatted(message, ExecProgram.KEY));
  }

  private static Answer page() {
    return ScriptedModelServer.raw(
        String.join(
            "\r\n",
            "HTTP/1.1 200 OK",
            "content-type: text/html",
            "content-length: 26",
            "",
            "<html>Please log in</html>"));
  }

  private static String tomorrow() {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        Instant.now().plus(Duration.ofDays(1)).atZone(ZoneOffset.UTC));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("failures")
  void ends_a_turn(String what, Answer answer, int requests, String message, String advice)
      throws Exception {
    // Half of them are heard by a reader of Codex's lines, half by one of ours.
    var isCodex = what.length() % 2 == 0;
    try (var json = ExecProgram.inside(Files.createDirectory(folder.resolve("json")), answer);
        var human = ExecProgram.inside(Files.createDirectory(folder.resolve("human")), answer)) {
      var started =
          List.of(json.start(words(isCodex ? "--json" : "--json=full")), human.start(words()));

      var program = started.get(0).end();
      var person = started.get(1).end();

      assertThat(program.code()).isEqualTo(1);
      assertThat(json.server().requests().size()).isEqualTo(requests);
      var types = program.facts().types();
      if (!isCodex) {
        assertThat(program.facts().summary().path("outcome").asString()).isEqualTo("failed");
      }
      var last = types.size() - (isCodex ? 1 : 2);
      assertThat(types.get(last)).isEqualTo("turn.failed");
      assertThat(types.get(last - 1)).isEqualTo("error");
      assertThat(program.facts().the("turn.failed").at("/error/message").asString())
          .contains(message);
      // What follows is parted by a semicolon.
      assertThat(program.err()).contains(message.replaceFirst("\\.$", ""));
      assertThat(person.code()).isEqualTo(1);
      assertThat(person.out()).isEmpty();
      assertThat(person.err()).contains(message, advice, "provider `mock`");
      for (var ended : List.of(program, person)) {
        assertThat(ended.out() + ended.err()).doesNotContain(ExecProgram.KEY);
      }
    }
  }

  private static String[] words(String... mode) {
    var words = new ArrayList<>(List.of(IMPATIENT));
    words.addAll(List.of(mode));
    words.add("do the task");
    return words.toArray(String[]::new);
  }

  @Test
  void ends_a_turn_whose_server_is_not_there() throws Exception {
    try (var exec = ExecProgram.inside(folder)) {
      exec.server().close();

      var ended = exec.exec(words("--json"));

      assertThat(ended.code()).isEqualTo(1);
      assertThat(ended.facts().all().getLast().at("/error/message").asString())
          .startsWith("provider `mock` cannot be reached at http://127.0.0.1:")
          .endsWith("connection refused");
      assertThat(ended.err()).contains("check that it is running and that `base_url`");
    }
  }

  @Test
  void goes_on_after_failures_that_pass() throws Exception {
    try (var exec =
        ExecProgram.inside(
            folder,
            ScriptedModelServer.status(500, "{}"),
            ScriptedModelServer.drop(),
            ScriptedModelServer.drip(Duration.ofMillis(100), slowly()))) {
      var ended = exec.exec(words("--json=full"));

      assertThat(ended.code()).as(ended.out()).isZero();
      assertThat(ended.facts().all("item.completed").getLast().at("/item/text").asString())
          .isEqualTo("slow but sure");
      assertThat(exec.server().requests()).hasSize(3);
    }
  }

  private static String[] slowly() {
    var text =
        ScriptedModelServer.event(
                "{\"type\":\"response.output_item.done\",\"item\":"
                    + ScriptedModelServer.message("slow but sure")
                    + "}")
            + ScriptedModelServer.event(
                "{\"type\":\"response.completed\",\"response\":{\"id\":\"r\",\"usage\":null}}");
    return new String[] {text.substring(0, 30), text.substring(30, 60), text.substring(60)};
  }
}
