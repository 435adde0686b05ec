package dev.orchestrator.engine.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.Reason;
import org.junit.jupiter.api.Test;

class JustificationTest {
  @Test
  void is_marked_as_the_models_words() {
    assertThat(ExecCommand.justification("it needs the network"))
        .isEqualTo(new Reason("justification", "the model says: it needs the network"));
  }

  @Test
  void is_cut_between_characters() {
    var said = ExecCommand.justification("a".repeat(498) + "\uD83D\uDE00".repeat(10)).text();

    assertThat(said).isEqualTo("the model says: " + "a".repeat(498) + "…");
  }
}
