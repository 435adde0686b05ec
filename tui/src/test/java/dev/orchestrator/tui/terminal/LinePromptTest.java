package dev.orchestrator.tui.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.approval.Answer;
import dev.orchestrator.engine.approval.Deadline;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.approval.Desk.Outcome;
import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.Question.Choice;
import dev.orchestrator.engine.testing.RecordingSink;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class LinePromptTest {
  private static final Answer YES = new Answer.Allow("once");

  private final Desk desk = new Desk(new RecordingSink(), new Deadline.Wait());
  private final Person person = new Person();
  private final CountDownLatch interrupted = new CountDownLatch(1);

  @Test
  void asks_one_question_after_the_other() throws Exception {
    attach();
    var asked = List.of(ask("a"), ask("b"), ask("c"));
    var seen = new ArrayList<String>();
    for (var i = 0; i < 3; i++) {
      seen.add(person.shown.take());
      assertThat(person.shown).isEmpty();
      person.typed.put(Optional.of(YES));
    }

    for (var it : asked) {
      assertThat(it.get()).isEqualTo(new Outcome(YES, "terminal", false));
    }
    assertThat(seen).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(person.most.get()).isEqualTo(1);
  }

  @Test
  void asks_the_next_question_after_one_that_could_not_be_shown() throws Exception {
    attach();
    person.broken = true;
    assertThat(ask("a").get().by()).isEqualTo("nobody");

    person.broken = false;
    var asked = ask("b");
    assertThat(person.shown.take()).isEqualTo("b");
    person.typed.put(Optional.of(YES));

    assertThat(asked.get()).isEqualTo(new Outcome(YES, "terminal", false));
  }

  @Test
  void takes_a_question_away_that_somebody_else_has_answered_and_shows_the_next() throws Exception {
    attach();
    var first = ask("a");
    assertThat(person.shown.take()).isEqualTo("a");
    var second = ask("b");
    desk.answer("a", YES, "stdio");

    assertThat(first.get().by()).isEqualTo("stdio");
    assertThat(person.shown.take()).isEqualTo("b");
    person.typed.put(Optional.of(YES));
    assertThat(second.get().by()).isEqualTo("terminal");
    assertThat(interrupted.getCount()).isEqualTo(1);
  }

  @Test
  void asks_nothing_more_after_an_interruption() throws Exception {
    attach();
    var first = ask("a");
    assertThat(person.shown.take()).isEqualTo("a");
    var second = ask("b");
    person.typed.put(Optional.empty());
    interrupted.await();
    desk.close();

    assertThat(first.get().answer()).isInstanceOf(Answer.Deny.class);
    assertThat(second.get().answer()).isInstanceOf(Answer.Deny.class);
    assertThat(person.shown).isEmpty();
  }

  private void attach() {
    desk.attach(new LinePrompt(desk, person, interrupted::countDown));
  }

  private FutureTask<Outcome> ask(String id) {
    var question =
        new Question(
            id,
            new CallId("c"),
            1,
            "make",
            Path.of("/home/ada"),
            List.of("make"),
            "workspace-write",
            List.of(),
            List.of(new Choice("once", "just this once", 0, 0)),
            "once",
            null);
    var asked = new FutureTask<>(() -> desk.ask(question));
    Thread.ofVirtual().start(asked);
    return asked;
  }

  /// Somebody at a terminal that only one question at a time fits on.
  private static final class Person implements LinePrompt.Asker {
    final BlockingQueue<String> shown = new LinkedBlockingQueue<>();
    final BlockingQueue<Optional<Answer>> typed = new LinkedBlockingQueue<>();
    final AtomicInteger most = new AtomicInteger();
    private final AtomicInteger now = new AtomicInteger();
    volatile boolean broken;

    @Override
    public Optional<Answer> ask(Question question) throws IOException {
      if (broken) {
        throw new IOException("no terminal");
      }
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      shown.add(question.id());
      try {
        return typed.take();
      } catch (InterruptedException _) {
        return Optional.empty();
      } finally {
        now.decrementAndGet();
      }
    }
  }
}
