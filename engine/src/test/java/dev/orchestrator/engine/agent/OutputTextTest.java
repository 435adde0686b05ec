package dev.orchestrator.engine.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.agent.OutputText.Limit;
import dev.orchestrator.engine.exec.Unread.Piece;
import org.junit.jupiter.api.Test;

class OutputTextTest {
  private static final String STATE = "Process exited with code 0";

  @Test
  void tells_a_short_output_as_it_is() {
    assertThat(told(Limit.tokens(10_000), "one\ntwo\n"))
        .isEqualTo(
            """
            Chunk ID: 0a1b2c
            Wall time: 1.5000 seconds
            Process exited with code 0
            Original token count: 2
            Output:
            one
            two
            """);
  }

  @Test
  void cuts_the_middle_out_of_a_long_one_and_counts_tokens() {
    var text = "a".repeat(200) + "b".repeat(1000) + "c".repeat(200);

    assertThat(told(Limit.tokens(100), text))
        .endsWith(
            "Output:\n"
                + "Warning: truncated output (original token count: 350)\n"
                + "Total output lines: 1\n\n"
                + "a".repeat(200)
                + "…250 tokens truncated…"
                + "c".repeat(200));
  }

  @Test
  void counts_characters_for_models_whose_limit_is_in_bytes() {
    var text = "a".repeat(50) + "ü".repeat(100) + "c".repeat(50);

    assertThat(told(Limit.bytes(100), text))
        .endsWith("\n\n" + "a".repeat(50) + "…100 chars truncated…" + "c".repeat(50));
  }

  @Test
  void never_cuts_inside_a_character() {
    var text = "ü".repeat(101);

    for (var bytes = 1; bytes < 100; bytes++) {
      assertThat(told(Limit.bytes(bytes), text)).doesNotContain("\ufffd");
    }
  }

  @Test
  void says_how_much_was_never_kept() {
    var text = "head\n... 5000 bytes omitted ...\ntail";
    var piece = new Piece(text, 5008, 5000);

    assertThat(new OutputText(Limit.tokens(10_000)).of("0a1b2c", 0, STATE, piece))
        .endsWith(
            "Original token count: 1252\nOutput:\n"
                + "Warning: truncated output (original token count: 1252)\n"
                + "... 5000 bytes omitted ...\n\n"
                + text);
  }

  @Test
  void lets_a_model_ask_for_less_but_not_for_more() {
    assertThat(Limit.tokens(10_000).atMost(5)).isEqualTo(new Limit(20, true));
    assertThat(Limit.tokens(5).atMost(10_000)).isEqualTo(new Limit(20, true));
    assertThat(Limit.bytes(10_000).atMost(-7)).isEqualTo(new Limit(0, false));
  }

  private static String told(Limit limit, String text) {
    var piece = new Piece(text, text.getBytes(UTF_8).length, 0);
    return new OutputText(limit).of("0a1b2c", 1_500_000_000L, STATE, piece);
  }
}
