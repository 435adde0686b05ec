package dev.orchestrator.engine.approval;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.approval.Answer.Allow;
import dev.orchestrator.engine.approval.Answer.Deny;
import dev.orchestrator.engine.approval.Desk.Outcome;
import dev.orchestrator.engine.approval.Desk.Receipt;
import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.Event.AnswerIgnored;
import dev.orchestrator.engine.event.Event.ApprovalRequested;
import dev.orchestrator.engine.event.Event.ApprovalResolved;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.Question.Choice;
import dev.orchestrator.engine.testing.RecordingSink;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class DeskTest {
  private static final Deny NOBODY = new Deny("nobody is there to answer", false);
  private static final Deny LATE = new Deny("nobody answered in time", false);

  private final RecordingSink facts = new RecordingSink();
  private final Desk desk = new Desk(facts, new Deadline.Wait());

  @Test
  void takes_the_first_valid_answer() throws Exception {
    var screen = attach(desk, "screen");
    var asked = ask(desk, question("q"));
    assertThat(screen.next()).isEqualTo("announce q");

    assertThat(desk.answer("q", new Allow("run"), "screen")).isEqualTo(Receipt.ACCEPTED);

    assertThat(asked.get()).isEqualTo(new Outcome(new Allow("run"), "screen", false));
    assertThat(screen.next()).isEqualTo("withdraw q");
    assertThat(facts.facts())
        .containsExactly(
            new ApprovalRequested(question("q")),
            new ApprovalResolved("q", new CallId("c"), true, "screen", "run", null));
  }

  @Test
  void tells_a_second_answer_that_it_was_superseded() throws Exception {
    attach(desk, "screen");
    var asked = ask(desk, question("q"));
    await(asked);
    desk.answer("q", new Deny("no", false), "screen");

    assertThat(desk.answer("q", new Allow("run"), "stdio")).isEqualTo(Receipt.SUPERSEDED);
    assertThat(asked.get()).isEqualTo(new Outcome(new Deny("no", false), "screen", false));
    assertThat(desk.answer("q", new Allow("run"), "stdio")).isEqualTo(Receipt.SUPERSEDED);
    assertThat(facts.facts(AnswerIgnored.class))
        .containsExactly(
            new AnswerIgnored("q", "stdio", "superseded"),
            new AnswerIgnored("q", "stdio", "superseded"));
  }

  @Test
  void counts_one_of_many_answers_at_once() throws Exception {
    attach(desk, "screen");
    for (var round = 0; round < 50; round++) {
      var id = "q" + round;
      var asked = ask(desk, question(id));
      await(asked);
      var answers =
          java.util.stream.IntStream.range(0, 8)
              .mapToObj(i ->
                  CompletableFuture.supplyAsync(
                      () -> desk.answer(id, new Deny("no " + i, false), "f" + i)))
              .toList();
      var receipts = answers.stream().map(CompletableFuture::join).toList();

      assertThat(receipts).containsOnlyOnce(Receipt.ACCEPTED);
      assertThat(asked.get().by()).isEqualTo("f" + receipts.indexOf(Receipt.ACCEPTED));
    }
  }

  @Test
  void does_not_know_other_questions() {
    assertThat(desk.answer("guess", new Allow(""), "screen")).isEqualTo(Receipt.UNKNOWN);
    assertThat(facts.facts()).containsExactly(new AnswerIgnored("guess", "screen", "unknown"));
  }

  @Test
  void keeps_a_question_open_after_a_choice_that_it_has_not() throws Exception {
    attach(desk, "screen");
    var asked = ask(desk, question("q"));
    await(asked);

    assertThat(desk.answer("q", new Allow("all"), "screen")).isEqualTo(Receipt.INVALID);
    assertThat(desk.answer("q", new Allow(""), "screen")).isEqualTo(Receipt.ACCEPTED);

    assertThat(asked.get().answer()).isEqualTo(new Allow(""));
    assertThat(facts.facts().getLast())
        .as("the preset is what an empty choice means")
        .isEqualTo(new ApprovalResolved("q", new CallId("c"), true, "screen", "once", null));
  }

  @Test
  void denies_at_the_deadline_and_never_allows() throws Exception {
    var hurried = new Desk(facts, new Deadline.DenyAfter(Duration.ofMillis(20)));
    attach(hurried, "screen");

    assertThat(hurried.ask(question("q"))).isEqualTo(new Outcome(LATE, "deadline", false));
    assertThat(hurried.answer("q", new Allow(""), "screen")).isEqualTo(Receipt.LATE);
    assertThat(facts.facts().getLast()).isEqualTo(new AnswerIgnored("q", "screen", "late"));
    assertThat(hurried.patience()).isEqualTo(Duration.ofMillis(20));
  }

  @Test
  void ends_the_run_at_the_deadline_if_it_is_to() throws Exception {
    var strict = new Desk(facts, new Deadline.FailRunAfter(Duration.ofMillis(20)));
    attach(strict, "screen");

    assertThat(strict.ask(question("q"))).isEqualTo(new Outcome(LATE, "deadline", true));
  }

  @Test
  void denies_at_once_when_nobody_is_there() throws Exception {
    assertThat(desk.ask(question("q"))).isEqualTo(new Outcome(NOBODY, "nobody", false));
    assertThat(desk.answer("q", new Allow(""), "screen")).isEqualTo(Receipt.LATE);
    assertThat(facts.facts().subList(0, 2))
        .containsExactly(
            new ApprovalRequested(question("q")),
            new ApprovalResolved(
                "q", new CallId("c"), false, "nobody", null, "nobody is there to answer"));
  }

  @Test
  void asks_everybody_and_withdraws_everywhere() throws Exception {
    var one = attach(desk, "one");
    var other = attach(desk, "other");
    var asked = ask(desk, question("q"));
    one.next();
    other.next();
    var third = attach(desk, "third");
    assertThat(third.next()).isEqualTo("announce q");

    desk.answer("q", new Allow(""), "other");

    assertThat(asked.get().by()).isEqualTo("other");
    assertThat(List.of(one.next(), other.next(), third.next())).containsOnly("withdraw q");
  }

  @Test
  void waits_for_those_who_stay() throws Exception {
    var one = attach(desk, "one");
    var other = attach(desk, "other");
    var asked = ask(desk, question("q"));
    one.next();
    desk.detach(one);
    assertThat(asked.isDone()).isFalse();

    desk.detach(other);

    assertThat(asked.get()).isEqualTo(new Outcome(NOBODY, "nobody", false));
  }

  @Test
  void denies_what_is_open_when_it_closes() throws Exception {
    attach(desk, "screen");
    var asked = ask(desk, question("q"));
    await(asked);

    desk.close();

    var ended = new Outcome(new Deny("the run was ended", false), "nobody", false);
    assertThat(asked.get()).isEqualTo(ended);
    assertThat(desk.ask(question("r"))).isEqualTo(ended);
    assertThat(ended.isOfEndedRun()).isTrue();
  }

  @Test
  void withdraws_a_question_when_the_run_is_interrupted() throws Exception {
    var screen = attach(desk, "screen");
    var thrown = new AtomicReference<Throwable>();
    var asking =
        Thread.ofVirtual()
            .start(() -> {
              try {
                desk.ask(question("q"));
              } catch (InterruptedException e) {
                thrown.set(e);
              }
            });
    screen.next();

    asking.interrupt();
    asking.join();

    assertThat(thrown.get()).isInstanceOf(InterruptedException.class);
    assertThat(screen.next()).isEqualTo("withdraw q");
    assertThat(facts.facts().getLast())
        .isEqualTo(
            new ApprovalResolved("q", new CallId("c"), false, "nobody", null, "the run was ended"));
    assertThat(desk.answer("q", new Allow(""), "screen")).isEqualTo(Receipt.LATE);
  }

  @Test
  void can_be_answered_while_it_announces() throws Exception {
    desk.attach(
        new Front("eager") {
          @Override
          public void announce(Question question) {
            assertThat(desk.answer(question.id(), new Allow(""), "eager"))
                .isEqualTo(Receipt.ACCEPTED);
          }
        });

    assertThat(desk.ask(question("q")).answer()).isEqualTo(new Allow(""));
  }

  @Test
  void goes_on_without_a_front_end_that_fails() throws Exception {
    desk.attach(
        new Front("broken") {
          @Override
          public void announce(Question question) {
            throw new IllegalStateException("a bug");
          }
        });

    assertThat(desk.ask(question("q")).by()).isEqualTo("nobody");
    var screen = attach(desk, "screen");
    var asked = ask(desk, question("r"));
    screen.next();
    desk.answer("r", new Allow(""), "screen");
    assertThat(asked.get().by()).isEqualTo("screen");
  }

  @Test
  void tells_what_could_not_be_understood() {
    desk.reject("", "stdio");

    assertThat(facts.facts()).containsExactly(new AnswerIgnored("", "stdio", "invalid"));
  }

  @Test
  void names_questions_so_that_nobody_can_guess() {
    var ids = new HashSet<String>();
    for (var i = 0; i < 1000; i++) {
      ids.add(Desk.newId());
    }

    assertThat(ids).hasSize(1000).allMatch(it -> it.matches("[0-9a-f]{32}"));
    assertThatThrownBy(() -> new Front("x").next(Duration.ZERO)).isInstanceOf(AssertionError.class);
  }

  private static Question question(String id) {
    return new Question(
        id,
        new CallId("c"),
        1,
        "make",
        Path.of("/ws"),
        List.of("make"),
        "workspace-write",
        List.of(),
        List.of(new Choice("once", "just this once", 0, 0), new Choice("run", "run", 0, 0)),
        "once",
        null);
  }

  @Test
  void denies_when_everybody_who_is_there_has_passed() throws Exception {
    var first = attach(desk, "first");
    var second = attach(desk, "second");
    var asked = ask(desk, question("q"));
    assertThat(first.next()).isEqualTo("announce q");
    assertThat(second.next()).isEqualTo("announce q");

    desk.pass("q", first);
    assertThat(asked.isDone()).isFalse();
    desk.pass("q", second);

    assertThat(asked.get()).isEqualTo(new Outcome(NOBODY, "nobody", false));
    assertThat(first.next()).isEqualTo("withdraw q");
    desk.pass("q", first);
    assertThat(desk.answer("q", new Allow("run"), "first")).isEqualTo(Receipt.LATE);
  }

  @Test
  void denies_when_the_last_one_who_has_not_passed_leaves() throws Exception {
    var first = attach(desk, "first");
    var second = attach(desk, "second");
    var asked = ask(desk, question("q"));
    await(asked);

    desk.pass("q", first);
    desk.detach(second);

    assertThat(asked.get()).isEqualTo(new Outcome(NOBODY, "nobody", false));
  }

  private static FutureTask<Outcome> ask(Desk desk, Question question) {
    var task = new FutureTask<>(() -> desk.ask(question));
    Thread.ofVirtual().start(task);
    return task;
  }

  /// Until the question is announced, and so open.
  private void await(FutureTask<Outcome> asked) {
    while (!asked.isDone()
        && facts.facts(ApprovalRequested.class).size()
            <= facts.facts(ApprovalResolved.class).size()) {
      Thread.onSpinWait();
    }
  }

  private static Front attach(Desk desk, String name) {
    var front = new Front(name);
    desk.attach(front);
    return front;
  }

  /// Somebody who writes down what they are told.
  private static class Front implements Desk.FrontEnd {
    private final String name;
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    Front(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public void announce(Question question) {
      told.add("announce " + question.id());
    }

    @Override
    public void withdraw(String question) {
      told.add("withdraw " + question);
    }

    String next() throws InterruptedException {
      return next(Duration.ofSeconds(10));
    }

    String next(Duration patience) throws InterruptedException {
      var it = told.poll(patience.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
      if (it == null) {
        throw new AssertionError(name + " was told nothing");
      }
      return it;
    }
  }
}
