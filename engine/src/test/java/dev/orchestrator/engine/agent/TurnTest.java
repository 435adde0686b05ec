package dev.orchestrator.engine.agent;

import static dev.orchestrator.engine.agent.ScriptedModel.USAGE;
import static dev.orchestrator.engine.agent.ScriptedModel.call;
import static dev.orchestrator.engine.agent.ScriptedModel.reasoning;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.agent.ModelTool.BadArguments;
import dev.orchestrator.engine.agent.ShellSetting.Limit;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ModelFailure;
import dev.orchestrator.engine.model.ModelFailure.Kind;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.testing.RecordingSink;
import dev.orchestrator.engine.thread.ThreadLog;
import dev.orchestrator.engine.thread.TurnContext;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TurnTest {
  private static final Path SHOP = Path.of("/shop");
  private static final ResponseItem HELLO = ResponseItem.assistant("Hello.");

  private final ScriptedModel model = new ScriptedModel();
  private final RecordingSink events = new RecordingSink();
  private final Ending ending = new Ending();
  private final Items items = new Items(events, Redaction.NONE);
  private @Nullable AnswerCheck check;
  private long compactAt = Long.MAX_VALUE;
  private @Nullable Conversation conversation;

  @Test
  void ends_when_the_model_has_nothing_to_call() throws Exception {
    model.says(reasoning("Weighing."), HELLO);

    run();

    assertThat(shown())
        .containsExactly(
            new Item.Reasoning("item_0", "Weighing."), new Item.AgentMessage("item_1", "Hello."));
    assertThat(model.requests).hasSize(1);
  }

  @Test
  void sends_the_whole_history_with_every_request() throws Exception {
    model.says(call("c1", "echo", "{\"text\":\"a\"}")).says(HELLO);

    run();

    assertThat(model.requests.get(1).input())
        .containsExactly(
            ResponseItem.developer("be good"),
            ResponseItem.user("do it"),
            call("c1", "echo", "{\"text\":\"a\"}"),
            ResponseItem.functionOutput("c1", "a"));
  }

  @Test
  void answers_calls_in_their_order_whichever_is_done_first() throws Exception {
    model
        .says(
            call("slow", "meet", "{\"text\":\"first\"}"),
            call("quick", "meet", "{\"text\":\"second\"}"))
        .says(HELLO);

    run();

    assertThat(outputs()).containsExactly("first", "second");
  }

  @Test
  void tells_the_model_of_a_tool_that_does_not_exist_and_shows_it() throws Exception {
    model.says(call("c1", "sing", "{}")).says(HELLO);

    run();

    assertThat(outputs()).containsExactly("unsupported call: sing");
    assertThat(shown()).contains(new Item.Trouble("item_0", "unsupported call: sing"));
  }

  @Test
  void tells_the_model_of_arguments_that_are_not_understood_and_shows_it() throws Exception {
    model.says(call("c1", "echo", "{nonsense")).says(call("c2", "echo", "{}")).says(HELLO);

    run();

    assertThat(outputs())
        .hasSize(2)
        .allSatisfy(it -> assertThat(it).startsWith("failed to parse function arguments: "));
    assertThat(shown()).filteredOn(it -> it instanceof Item.Trouble).hasSize(2);
  }

  @Test
  void survives_a_tool_with_a_bug() throws Exception {
    model.says(call("c1", "break", "{}")).says(HELLO);

    run();

    assertThat(outputs()).containsExactly("break failed: internal error");
  }

  @Test
  void asks_once_more_when_the_answer_is_not_what_was_asked_for() throws Exception {
    check = it -> it.equals("42") ? List.of() : List.of("/: not 42");
    model.says(HELLO).says(ResponseItem.assistant("42"));

    run();

    assertThat(model.requests.get(1).input().getLast().messageText()).contains("- /: not 42");
  }

  @Test
  void fails_when_the_second_answer_is_not_either() {
    check = _ -> List.of("/: not 42");
    model.says(HELLO).says(HELLO);

    assertThatThrownBy(this::run)
        .isInstanceOf(Turn.Failed.class)
        .hasMessage("the answer does not match the output schema: /: not 42");
  }

  @Test
  void keeps_what_was_shown_before_the_model_failed() {
    model.fails(Kind.SERVER, "busy", HELLO);

    assertThatThrownBy(this::run).isInstanceOf(ModelFailure.class).hasMessage("busy");
    assertThat(history().getLast()).isEqualTo(HELLO);
  }

  @Test
  void goes_on_from_a_summary_when_the_conversation_gets_long() throws Exception {
    compactAt = 45;
    model
        .says(call("c1", "echo", "{\"text\":\"a\"}"))
        .says(ResponseItem.assistant("They want it done."))
        .says(HELLO);

    run();

    assertThat(model.requests.get(1).tools()).isEmpty();
    assertThat(model.requests.get(2).input())
        .extracting(ResponseItem::messageText)
        .satisfiesExactly(
            it -> assertThat(it).isEqualTo("be good"),
            it -> assertThat(it).isEqualTo("do it"),
            it -> assertThat(it).endsWith("They want it done.\n"));
    assertThat(events.facts()).contains(new Event.ThreadCompacted(3, 2, 40));
    assertThat(shown()).containsExactly(new Item.AgentMessage("item_0", "Hello."));
  }

  @Test
  void makes_room_and_asks_again_when_the_conversation_does_not_fit() throws Exception {
    model
        .says(call("c1", "echo", "{\"text\":\"a\"}"))
        .fails(Kind.CONTEXT_WINDOW, "too long")
        .says(ResponseItem.assistant("Short."))
        .says(HELLO);

    run();

    assertThat(model.requests).hasSize(4);
    assertThat(events.facts(Event.ThreadCompacted.class)).hasSize(1);
  }

  @Test
  void counts_tokens_of_every_request() throws Exception {
    model.says(call("c1", "echo", "{\"text\":\"a\"}")).says(HELLO);

    run();

    assertThat(events.facts(Event.ModelReplied.class))
        .extracting(Event.ModelReplied::number)
        .containsExactly(1, 2);
    assertThat(of(conversation).total()).isEqualTo(new Usage(81, 21, 1, 11, 3));
    assertThat(of(conversation).ofTurn()).isEqualTo(USAGE.plus(USAGE));
  }

  @Test
  void ends_when_an_answer_that_did_not_come_ends_the_run() {
    model.says(call("c1", "give_up", "{}"));

    assertThatThrownBy(this::run).isInstanceOf(Turn.Failed.class).hasMessage("nobody answered");
  }

  // The language of these tests.

  private void run() throws Exception {
    var request = request();
    conversation = new Conversation(request.thread());
    var tools =
        new Toolbox(List.of(tool("echo"), tool("meet"), tool("break"), tool("give_up")), items);
    new Turn(request, events, model, of(conversation), tools, items, ending, _ -> {})
        .run(ResponseItem.user("do it"));
  }

  private static Conversation of(@Nullable Conversation it) {
    if (it == null) {
      throw new AssertionError("nothing has run yet");
    }
    return it;
  }

  private List<Item> shown() {
    return events.facts(Event.ItemCompleted.class).stream().map(Event.ItemCompleted::item).toList();
  }

  private List<ResponseItem> history() {
    return of(conversation).after(List.of());
  }

  private List<String> outputs() {
    return history().stream()
        .filter(it -> it.type().equals("function_call_output"))
        .map(ResponseItem::outputText)
        .toList();
  }

  /// Two calls of `meet` wait for each other, and the second is done first.
  private ModelTool tool(String name) {
    var both = new CountDownLatch(2);
    var secondDone = new CountDownLatch(1);
    return new ModelTool() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public Map<String, @Nullable Object> description() {
        return Map.of("name", name);
      }

      @Override
      public ToolAnswer call(ResponseItem call, Runnable begun)
          throws BadArguments, InterruptedException {
        return switch (name) {
          case "break" -> throw new IllegalArgumentException("a bug");
          case "give_up" -> {
            ending.endRun("nobody answered");
            yield new ToolAnswer.Text("denied");
          }
          case "meet" -> {
            begun.run();
            both.countDown();
            both.await();
            var text = Arguments.of(call).required("text");
            if (text.equals("second")) {
              secondDone.countDown();
            }
            secondDone.await();
            yield new ToolAnswer.Text(text);
          }
          default -> new ToolAnswer.Text(Arguments.of(call).required("text"));
        };
      }
    };
  }

  private AgentRequest request() {
    var context =
        new TurnContext(
            "t1", SHOP, "never", "read-only", List.of(), false, "gpt-5.5", "mock", null, null);
    var before = new Usage(1, 1, 1, 1, 1);
    return new AgentRequest(
        new RunId("r1"),
        "shop",
        "0.1.0",
        List.of("exec"),
        SHOP,
        new Conversation.Beginning("019b", List.of(), before, ThreadLog.none()),
        context,
        List.of(ResponseItem.developer("be good")),
        ResponseItem.user("do it"),
        "do it",
        List.of(),
        List.of(),
        new ModelSetting("gpt-5.5", compactAt, Map.of(), Map.of(), true, true),
        new ShellSetting(
            Path.of("/bin/sh"), true, List.of(), SHOP, 0, 0, new Limit(100, true), false),
        false,
        false,
        check,
        Optional.empty(),
        Redaction.NONE,
        null,
        null);
  }
}
