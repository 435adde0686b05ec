package dev.orchestrator.engine.model;

import static dev.orchestrator.engine.model.ScriptedModelServer.call;
import static dev.orchestrator.engine.model.ScriptedModelServer.drip;
import static dev.orchestrator.engine.model.ScriptedModelServer.drop;
import static dev.orchestrator.engine.model.ScriptedModelServer.event;
import static dev.orchestrator.engine.model.ScriptedModelServer.failed;
import static dev.orchestrator.engine.model.ScriptedModelServer.items;
import static dev.orchestrator.engine.model.ScriptedModelServer.message;
import static dev.orchestrator.engine.model.ScriptedModelServer.nothing;
import static dev.orchestrator.engine.model.ScriptedModelServer.silent;
import static dev.orchestrator.engine.model.ScriptedModelServer.sse;
import static dev.orchestrator.engine.model.ScriptedModelServer.status;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ModelClient.Delta;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import dev.orchestrator.engine.secret.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class HttpModelClientTest {
  @Test
  void tells_items_and_returns_them_with_their_usage() throws Exception {
    try (var asking = Asking.of(items(message("hello"), call("c1", "exec_command", "{}")))) {
      var reply = asking.ask();

      assertThat(reply.items()).isEqualTo(asking.heard.items).hasSize(2);
      assertThat(reply.items().getFirst().messageText()).isEqualTo("hello");
      assertThat(reply.calls()).extracting(ResponseItem::callId).containsExactly("c1");
      assertThat(reply.usage()).isEqualTo(new Usage(42, 12, 0, 5, 0));
    }
  }

  @Test
  void asks_as_codex_does() throws Exception {
    try (var asking = Asking.of(items(message("hello")))) {
      asking.credential = new Credential.Token(new Secret("a-token"));
      asking.variables.put("ORG", "acme");
      var plain = asking.provider(asking.server.baseUrl() + "/");
      var provider =
          new Provider(
              plain.id(),
              plain.name(),
              plain.baseUrl(),
              plain.wire(),
              Map.of("X-One", "1"),
              Map.of("X-Org", "ORG", "X-Unset", "UNSET"),
              Map.of("api-version", "2 b", "a", "&"),
              0,
              0,
              plain.streamIdleTimeout(),
              plain.credential());
      var request =
          new ModelRequest(
              "gpt-5.5",
              List.of(ResponseItem.developer("be good"), ResponseItem.user("do it")),
              List.of(Values.of("type", "function", "name", "f")),
              true,
              Map.of("summary", "auto"),
              Map.of("verbosity", "low"),
              "thread-1",
              Map.of("k", "v"));
      try (var client = asking.client(provider)) {
        client.ask(request, asking.heard);
      }

      var asked = asking.server.requests().getFirst();
      assertThat(asked.method()).isEqualTo("POST");
      assertThat(asked.path()).isEqualTo("/v1/responses?a=%26&api-version=2%20b");
      assertThat(asked.headers())
          .containsEntry("accept", "text/event-stream")
          .containsEntry("content-type", "application/json")
          .containsEntry("authorization", "Bearer a-token")
          .containsEntry("originator", "orchestrator_exec")
          .containsEntry("user-agent", "orchestrator/1.2.3")
          .containsEntry("session-id", "thread-1")
          .containsEntry("thread-id", "thread-1")
          .containsEntry("x-client-request-id", "thread-1")
          .containsEntry("x-one", "1")
          .containsEntry("x-org", "acme")
          .doesNotContainKey("x-unset");
      assertThat(asked.body())
          .isEqualTo(
              """
              {"model":"gpt-5.5","stream":true,"input":[\
              {"type":"message","role":"developer","content":[{"type":"input_text","text":"be good"}]},\
              {"type":"message","role":"user","content":[{"type":"input_text","text":"do it"}]}],\
              "tools":[{"type":"function","name":"f"}],"tool_choice":"auto","parallel_tool_calls":true,\
              "reasoning":{"summary":"auto"},"store":false,\
              "include":["reasoning.encrypted_content"],"prompt_cache_key":"thread-1",\
              "text":{"verbosity":"low"},"client_metadata":{"k":"v"}}\
              """);
    }
  }

  @Test
  void uses_a_connection_again() throws Exception {
    try (var asking = Asking.of(items(message("a")));
        var client = asking.client(asking.provider(asking.server.baseUrl()))) {
      for (var time = 0; time < 3; time++) {
        client.ask(Asking.request(ResponseItem.user("x")), asking.heard);
      }

      assertThat(asking.server.requests()).hasSize(3);
      assertThat(asking.server.connections()).isEqualTo(1);
    }
  }

  @Test
  void does_not_wait_for_the_end_of_the_connection() throws Exception {
    var completed = event("{\"type\":\"response.completed\",\"response\":{}}");
    try (var asking = Asking.of(silent(completed))) {
      assertThat(asking.ask()).isEqualTo(new ModelClient.Reply(List.of(), Usage.NONE));
    }
  }

  @Test
  void gives_a_reply_more_time_than_it_may_be_silent() throws Exception {
    var pieces =
        new String[] {":\n", ":\n", event("{\"type\":\"response.completed\",\"response\":{}}")};
    try (var asking = Asking.of(drip(Duration.ofMillis(250), pieces))) {
      asking.idle = Duration.ofMillis(500);
      asking.streamRetries = 0;

      assertThat(asking.ask().items()).isEmpty();
    }
  }

  @Test
  void tells_pieces_and_passes_over_what_it_does_not_know() throws Exception {
    try (var asking =
        Asking.of(
            sse(
                event("{\"type\":\"response.output_text.delta\",\"delta\":\"he\"}")
                    + event("{\"type\":\"response.reasoning_summary_text.delta\",\"delta\":\"hm\"}")
                    + event("{\"type\":\"error\",\"message\":\"no\"}")
                    + event("not json")
                    + event("[1]")
                    + event("{\"type\":\"response.output_item.done\",\"item\":7}")
                    + event("{\"type\":\"response.completed\"}")))) {
      asking.ask();

      assertThat(asking.heard.deltas)
          .containsExactly(
              new Delta(Delta.Kind.MESSAGE, "he"), new Delta(Delta.Kind.REASONING, "hm"));
    }
  }

  @Test
  void says_nothing_about_a_cut_that_the_first_retry_repairs() throws Exception {
    try (var asking = Asking.of(drop(), items(message("Recovered.")))) {
      assertThat(asking.ask().items()).hasSize(1);
      assertThat(asking.heard.notices).isEmpty();
      assertThat(asking.pace.pauses).containsExactly(Duration.ofMillis(200));
    }
  }

  @Test
  void says_once_a_retry_has_failed_too_which_it_was() throws Exception {
    try (var asking = Asking.of(drop(), drop(), items(message("Recovered.")))) {
      asking.ask();

      assertThat(asking.heard.notices)
          .containsExactly(
              "Reconnecting... 1/5 (stream disconnected before completion: stream closed before"
                  + " response.completed)");
    }
  }

  @Test
  void keeps_what_a_cut_attempt_has_said_but_not_what_it_has_called() throws Exception {
    try (var asking =
        Asking.of(drop(message("one"), call("c1", "f", "{}")), drop(), items(message("two")))) {
      var reply = asking.ask();

      assertThat(reply.items()).extracting(ResponseItem::messageText).containsExactly("one", "two");
      assertThat(asking.heard.items).hasSize(3);
      assertThat(asking.server.requests())
          .extracting(it -> Values.children(it.json(), "input").size())
          .containsExactly(1, 2, 2);
    }
  }

  @Test
  void doubles_its_delays_and_tells_long_ones_at_once() throws Exception {
    try (var asking = Asking.of(status(500, ""))) {
      asking.requestRetries = 2;
      asking.streamRetries = 4;
      asking.failure();

      assertThat(asking.pace.pauses.stream().map(Duration::toMillis))
          .containsExactly(
              200L, 400L, 200L, 200L, 400L, 400L, 200L, 400L, 800L, 200L, 400L, 1600L, 200L, 400L);
      assertThat(asking.heard.notices)
          .hasSize(4)
          .first()
          .isEqualTo(
              "Reconnecting... 1/4 (We’re currently experiencing high demand, which may cause"
                  + " temporary errors.)");
    }
  }

  static Stream<Answer> delaying() {
    return Stream.of(
        status(429, Map.of("retry-after", "7"), ""),
        status(429, Map.of("retry-after", "Fri, 02 Jan 2026 03:04:12 GMT"), ""),
        failed("slow_down", "Please try again in 7s."),
        failed("rate_limit_exceeded", "try again in 7000ms"));
  }

  @ParameterizedTest
  @MethodSource("delaying")
  void waits_as_long_as_the_server_asks_and_says_so_at_once(Answer answer) throws Exception {
    try (var asking = Asking.of(answer, items(message("x")))) {
      asking.ask();

      assertThat(asking.pace.pauses).containsExactly(Duration.ofSeconds(7));
      assertThat(asking.heard.notices).hasSize(1);
    }
  }

  @Test
  void ends_at_once_when_interrupted() throws Exception {
    for (var answer : List.of(nothing(), silent(event("{}")))) {
      try (var asking = Asking.of(answer)) {
        var ended = new AtomicReference<Throwable>();
        var over = new CountDownLatch(1);
        var thread =
            new Thread(() -> {
              try {
                asking.ask();
              } catch (Throwable it) {
                ended.set(it);
              } finally {
                over.countDown();
              }
            });
        thread.start();
        while (asking.server.requests().isEmpty()) {
          Thread.onSpinWait();
        }
        thread.interrupt();
        over.await();

        assertThat(ended.get()).isInstanceOf(InterruptedException.class);
      }
    }
  }

  @Test
  void reads_a_large_reply_whose_text_is_repeated_at_its_end() throws Exception {
    var text = "x".repeat(3 * 1024 * 1024);
    var item = message(text);
    try (var asking =
        Asking.of(
            sse(
                event("{\"type\":\"response.output_item.done\",\"item\":" + item + "}")
                    + event(
                        "{\"type\":\"response.completed\",\"response\":{\"output\":["
                            + item
                            + "],\"usage\":{\"output_tokens\":7}}}")))) {
      var reply = asking.ask();

      assertThat(reply.items().getFirst().messageText()).isEqualTo(text);
      assertThat(reply.usage().output()).isEqualTo(7);
    }
  }
}
