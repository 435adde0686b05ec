package dev.orchestrator.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Words as bash itself sees them.
class QuotingTest {
  private static final List<String> LINES =
      List.of(
          "a b  c",
          "'a b' c",
          "\"a b\" c",
          "a\\ b",
          "l\"s\" 'x'\"y\"z",
          "\"a\\\"b\\\\c\\$d\\`e\\f\"",
          "'a\\b'",
          "$'a\\nb\\tc\\'d\\\\e'",
          "$'\\x41\\101\\u00e9\\U1F600'",
          "\"\"",
          "'' a",
          "a\\\nb",
          "\"a\\\nb\"",
          "a#b",
          "#x",
          "a # b",
          "\\#a",
          "é日本😀",
          "\"it's\"",
          "'say \"hi\"'",
          "a=b",
          "--x='y z'",
          "-g\"*.py\"",
          "\\*",
          "'*'",
          "\\~",
          "a~b",
          "{}",
          "{a}",
          "a{b",
          "[",
          "]",
          "a]",
          "!",
          "a!b",
          "@",
          "%",
          "^",
          "a,b",
          "..",
          "$",
          "a$",
          "\"$\"",
          "a\\",
          "'a\nb'",
          "\"a\nb\"",
          "\\$x",
          "'$x'",
          "\\`a\\`",
          "a\"\"b",
          "''''",
          "\"\\a\"",
          "1 2 3",
          "-",
          "--",
          "=",
          "==",
          "=~ x",
          "$'a' b",
          "\\\\",
          "\\'",
          "a'b'\"c\"\\d",
          "x=~",
          "\u0001",
          "\u007f",
          "a\tb",
          "+x",
          ":a",
          "a:b",
          "/a/b",
          "'a' 'b'",
          "$'\\a\\b\\e\\f\\r\\v'",
          "\"a  b\"",
          "$'\\?'",
          "%s\\n",
          "\"%s\\n\"");

  @TempDir private Path folder;

  @Test
  void gives_literal_words_the_values_that_bash_gives_them() throws Exception {
    var show = folder.resolve("show");
    Files.writeString(show, "#!/bin/sh\nfor it; do printf '%s\\0' \"$it\"; done\nprintf '\\1'\n");
    assertThat(show.toFile().setExecutable(true)).isTrue();
    var literal = 0;

    for (var line : LINES) {
      var plan = Shown.PLANS.ofScript("show " + line, folder);
      if (plan.isOpaque()) {
        continue;
      }
      assertThat(plan.commands()).as(line).hasSize(1);
      var words = plan.commands().getFirst().words();
      if (words.stream().allMatch(Command.Word::isLiteral)) {
        literal++;
        assertThat(words.stream().skip(1).map(Command.Word::text).toList())
            .as(line)
            .isEqualTo(bash("show " + line));
      }
    }

    assertThat(literal).isGreaterThan(60);
  }

  private List<String> bash(String script) throws Exception {
    var builder = new ProcessBuilder("bash", "-c", script).directory(folder.toFile());
    builder.environment().put("PATH", folder + File.pathSeparator + System.getenv("PATH"));
    var process = builder.redirectErrorStream(true).start();
    var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(out).isZero();
    assertThat(out).endsWith("\u0001");
    var words = new ArrayList<String>();
    for (var at = 0; at < out.length() - 1; ) {
      var end = out.indexOf('\0', at);
      words.add(out.substring(at, end));
      at = end + 1;
    }
    return words;
  }
}
