package dev.orchestrator.engine.patch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class UnifiedDiffTest {
  private static final Pattern RANGES = Pattern.compile("@@ -(\\d+)(?:,(\\d+))? \\+.* @@");

  @Test
  void shows_what_differs_with_three_lines_around_it() {
    var before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\n";

    assertThat(UnifiedDiff.of(before, before.replace("e\n", "E\n").replace("n\n", "")))
        .isEqualTo(
            """
            @@ -2,7 +2,7 @@
             b
             c
             d
            -e
            +E
             f
             g
             h
            @@ -11,4 +11,3 @@
             k
             l
             m
            -n
            """);
  }

  @Test
  void is_empty_for_equal_texts() {
    assertThat(UnifiedDiff.of("", "")).isEmpty();
    assertThat(UnifiedDiff.of("a\nb", "a\nb")).isEmpty();
  }

  @Test
  void tells_a_last_line_without_an_end() {
    assertThat(UnifiedDiff.of("a", "a\n"))
        .isEqualTo("@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
    assertThat(UnifiedDiff.of("", "a\n")).isEqualTo("@@ -0,0 +1 @@\n+a\n");
  }

  @Test
  void leads_from_any_text_to_any_other() {
    var random = new Random(7);
    for (var i = 0; i < 500; i++) {
      var before = text(random);
      var after = text(random);

      assertThat(apply(before, UnifiedDiff.of(before, after))).isEqualTo(after);
    }
  }

  @Test
  void shows_much_that_differs_as_gone_and_come() {
    var before = "a\n".repeat(2000);
    var after = "b\n".repeat(2000);

    var diff = UnifiedDiff.of("x\n" + before, "x\n" + after);

    assertThat(diff).startsWith("@@ -1,2001 +1,2001 @@\n x\n-a\n").endsWith("+b\n");
    assertThat(apply("x\n" + before, diff)).isEqualTo("x\n" + after);
  }

  private static String text(Random random) {
    var text = new StringBuilder();
    for (var i = random.nextInt(30); i > 0; i--) {
      text.append((char) ('a' + random.nextInt(4))).append('\n');
    }
    return text.toString();
  }

  /// As `patch(1)` does it.
  private static String apply(String before, String diff) {
    var lines = new ArrayList<>(before.lines().toList());
    var shift = 0;
    var at = 0;
    for (var it : diff.lines().toList()) {
      var ranges = RANGES.matcher(it);
      if (ranges.matches()) {
        var isEmpty = "0".equals(ranges.group(2));
        at = Integer.parseInt(ranges.group(1)) - (isEmpty ? 0 : 1) + shift;
        continue;
      }
      switch (it.charAt(0)) {
        case ' ' -> assertThat(lines.get(at++)).isEqualTo(it.substring(1));
        case '-' -> {
          assertThat(lines.remove(at)).isEqualTo(it.substring(1));
          shift--;
        }
        default -> {
          lines.add(at++, it.substring(1));
          shift++;
        }
      }
    }
    return joined(lines);
  }

  private static String joined(List<String> lines) {
    return lines.isEmpty() ? "" : String.join("\n", lines) + "\n";
  }
}
