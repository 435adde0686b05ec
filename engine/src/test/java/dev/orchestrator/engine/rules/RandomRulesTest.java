package dev.orchestrator.engine.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Files of rules that nobody would write.
class RandomRulesTest {
  private static final List<String> PIECES =
      List.of(
          "prefix_rule",
          "host_executable",
          "network_rule",
          "(",
          ")",
          "[",
          "]",
          ",",
          "=",
          "\n",
          " ",
          "\"a\"",
          "'b'",
          "\"\"\"",
          "'''",
          "r'",
          "\\",
          "None",
          "True",
          "pattern=",
          "decision=",
          "\"allow\"",
          "match=",
          "#",
          "x",
          "é",
          "\u0000",
          "\\u12",
          "0",
          "-");

  @Property(tries = 2000)
  void are_read_or_refused_but_never_a_surprise(@ForAll("texts") String text) {
    read(text);
  }

  @Test
  @Tag("slow")
  void are_no_surprise_for_a_minute() {
    var end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    var random = new Random(end);
    while (System.nanoTime() < end) {
      var text = new StringBuilder();
      for (var left = random.nextInt(40); left > 0; left--) {
        text.append(PIECES.get(random.nextInt(PIECES.size())));
      }
      read(text.toString());
    }
  }

  private static void read(String text) {
    try {
      var rules = RuleSet.parse("x", text, null);
      if (!text.contains("prefix_rule")) {
        assertThat(rules.decide(List.of("a"))).isNull();
        assertThat(rules.decide(List.of("b"))).isNull();
      }
    } catch (RulesException e) {
      assertThat(e).hasMessageStartingWith("x:");
    }
  }

  @Provide
  Arbitrary<String> texts() {
    var pieces = Arbitraries.of(PIECES).list().ofMaxSize(30).map(it -> String.join("", it));
    return Arbitraries.oneOf(pieces, Arbitraries.strings().ofMaxLength(60));
  }
}
