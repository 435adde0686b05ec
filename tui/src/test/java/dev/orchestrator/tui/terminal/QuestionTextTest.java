package dev.orchestrator.tui.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.approval.Answer;
import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.Question.Choice;
import dev.orchestrator.engine.event.Reason;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuestionTextTest {
  @Test
  void shows_what_why_where_and_every_way_to_answer() {
    assertThat(QuestionText.of(question("git push origin main && make"), false))
        .isEqualTo(
            """
            orchestrator: may this run?
              git push origin main && make
              in /home/ada/shop, workspace-write, no network
                runs git push origin main
                runs make
              because a rule asks about `git push`
                1  just this once  (would have covered 0 of the last 4 questions here)
              y 2  `git push *` in this workspace  (would have covered 3 of the last 4 questions here)
                n  no; n REASON tells why, never REASON remembers it
              denied in 90 s if nobody answers
            """);
  }

  @Test
  void shows_control_characters_instead_of_sending_them() {
    var text = QuestionText.of(question("echo \u001b[2J\u202eevil\rfine\nnext"), true);

    assertThat(text)
        .contains("echo \\u001b[2J\\u202eevil\\u000dfine\n    next")
        .contains("\u001b[1m")
        .doesNotContain("\u001b[2J");
  }

  @Test
  void cuts_what_is_too_long_to_read() {
    assertThat(QuestionText.of(question("x".repeat(5000)), false))
        .contains("x… (5,000 characters)")
        .hasSizeLessThan(4000);
  }

  @Test
  void understands_yes_numbers_and_no() {
    assertThat(answer("y")).contains(new Answer.Allow(""));
    assertThat(answer("YES")).contains(new Answer.Allow(""));
    assertThat(answer("1")).contains(new Answer.Allow("once"));
    assertThat(answer("2")).contains(new Answer.Allow("wide"));
    assertThat(answer("n")).contains(new Answer.Deny(null, false));
    assertThat(answer("no use the mirror")).contains(new Answer.Deny("use the mirror", false));
    assertThat(answer("never again")).contains(new Answer.Deny("again", true));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "3", "99", "100", "-1", "y please", "yy", "1 2", "allow", "ok"})
  void takes_nothing_else_for_an_answer(String line) {
    assertThat(answer(line)).isEmpty();
  }

  private static Optional<Answer> answer(String line) {
    return QuestionText.answer(question("make"), line);
  }

  private static Question question(String text) {
    return new Question(
        "1f",
        new CallId("call_1"),
        1,
        text,
        Path.of("/home/ada/shop"),
        List.of("git push origin main", "make"),
        "workspace-write, no network",
        List.of(new Reason("rule", "a rule asks about `git push`")),
        List.of(
            new Choice("once", "just this once", 0, 4),
            new Choice("wide", "`git push *` in this workspace", 3, 4)),
        "wide",
        Duration.ofSeconds(90));
  }
}
