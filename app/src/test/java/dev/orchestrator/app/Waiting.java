package dev.orchestrator.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/// Waits for facts about the outside world, never for a time to pass.
final class Waiting {
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(25);

  private Waiting() {}

  /// Something that becomes true.
  interface Condition {
    boolean holds() throws IOException;
  }

  /// A question that gets an answer in the end.
  interface Question<T> {
    List<T> answers() throws IOException;
  }

  static void until(String what, Condition condition) throws InterruptedException {
    until(what, LONGEST, condition);
  }

  static void until(String what, Duration atMost, Condition condition) throws InterruptedException {
    forSome(what, atMost, () -> condition.holds() ? List.of(true) : List.of());
  }

  /// The first answer.
  static <T> T forSome(String what, Question<T> question) throws InterruptedException {
    return forSome(what, LONGEST, question);
  }

  private static <T> T forSome(String what, Duration atMost, Question<T> question)
      throws InterruptedException {
    var deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      try {
        var answers = question.answers();
        if (!answers.isEmpty()) {
          return answers.getFirst();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(what, e);
      }
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError("waited %d s for %s".formatted(atMost.toSeconds(), what));
      }
      Thread.sleep(LOOK_AGAIN);
    }
  }
}
