package dev.orchestrator.engine.rules;

import static dev.orchestrator.engine.rules.RuleDecision.ALLOW;
import static dev.orchestrator.engine.rules.RuleDecision.FORBIDDEN;
import static dev.orchestrator.engine.rules.RuleDecision.PROMPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleSetTest {
  @TempDir private Path folder;

  @Test
  void matches_the_first_words_of_a_command() throws Exception {
    var rules =
        rules(
            """
            # what may be pushed
            prefix_rule(
                pattern = ["git", ["push", "pull"], 'origin'],
                decision = "prompt",
                justification = "ask first",
                match = [["git", "push", "origin", "main"], "git pull 'origin'"],
                not_match = ["git push other", ("git", "fetch",)],
            )
            """);

    assertThat(rules.matches(List.of("git", "push", "origin", "main")))
        .containsExactly(
            new RuleMatch("x.rules:2", List.of("git", "push", "origin"), PROMPT, "ask first"));
    assertThat(rules.matches(List.of("git", "push"))).isEmpty();
    assertThat(rules.matches(List.of("git", "fetch", "origin"))).isEmpty();
    assertThat(rules.matches(List.of())).isEmpty();
  }

  @Test
  void lets_the_strictest_rule_win() throws Exception {
    var rules =
        rules(
            """
            prefix_rule(["git"])
            prefix_rule(["git", "push"], "forbidden")
            prefix_rule(["git", "push", "x"], decision="prompt", justification=None)
            """);

    assertThat(rules.decide(List.of("git", "log"))).isEqualTo(ALLOW);
    assertThat(rules.decide(List.of("git", "push", "x"))).isEqualTo(FORBIDDEN);
    assertThat(rules.decide(List.of("ls"))).isNull();
  }

  @Test
  void takes_an_absolute_path_for_its_name_unless_the_paths_are_limited() throws Exception {
    var rules =
        rules(
            """
            prefix_rule(pattern=["git"])
            prefix_rule(pattern=["npm"])
            prefix_rule(pattern=["/opt/x"], decision="prompt")
            host_executable(name="npm", paths=["/usr/bin/npm", "~/bin/npm"])
            """);

    assertThat(rules.decide(List.of("/any/git"))).isEqualTo(ALLOW);
    assertThat(rules.decide(List.of("./git"))).isNull();
    assertThat(rules.decide(List.of("/usr/bin/npm"))).isEqualTo(ALLOW);
    assertThat(rules.decide(List.of("/home/me/bin/npm"))).isEqualTo(ALLOW);
    assertThat(rules.decide(List.of("/tmp/npm"))).isNull();
    assertThat(rules.decide(List.of("npm"))).isEqualTo(ALLOW);
    assertThat(rules.decide(List.of("/opt/x"))).isEqualTo(PROMPT);
  }

  @Test
  void keeps_what_is_said_about_hosts() throws Exception {
    var rules =
        rules(
            "network_rule(host=\"a.b\", protocol=\"https\", decision=\"deny\","
                + " justification=\"no\")");

    assertThat(rules.network()).containsExactly(new NetworkRule("a.b", "https", FORBIDDEN, "no"));
  }

  @Test
  void reads_every_kind_of_string() throws Exception {
    var rules =
        rules(
            "prefix_rule([\"a\\\"b\", 'c\\n', '''d\n"
                + "'e''', \"\"\"f\"g\"\"\", r'h\\n', '\\x41\\u00e9', ('i'), ('j',)])");

    assertThat(rules.decide(List.of("a\"b", "c\n", "d\n'e", "f\"g", "h\\n", "Aé", "i", "j")))
        .isEqualTo(ALLOW);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '%',
      quoteCharacter = '~',
      textBlock =
          """
          prefix_rule(pattern=[])                          % 1:21: an empty pattern
          prefix_rule()                                    % 1:1: prefix_rule needs pattern
          prefix_rule(pattern="git")                       % 1:21: a list is needed here
          prefix_rule(["git", 1])                          % 1:21: `1` is not understood; rules are calls with literal arguments
          prefix_rule(["git", True])                       % 1:21: a string is needed here
          prefix_rule(["git", [""]])                       % 1:21: an empty element of a pattern
          prefix_rule(["git"], "maybe")                    % 1:22: decision `maybe` is none; use allow, prompt or forbidden
          prefix_rule(["git"], colour="red")               % 1:29: prefix_rule has no argument colour
          prefix_rule(["git"], pattern=["x"])              % 1:30: pattern is given twice
          prefix_rule(["git"], "allow", "why")             % 1:31: prefix_rule takes 2 arguments without a name
          prefix_rule(["git"] + ["x"])                     % 1:21: `+` is not understood; rules are calls with literal arguments
          prefix_rule(["a" "b"])                           % 1:18: expected `,`, found a string
          prefix_rule(["git"]                              % 1:20: expected `,`, found the end of the file
          prefix_rule(["git"]) prefix_rule(["x"])          % 1:22: expected the end of the line, found `prefix_rule`
          prefix_rule([x])                                 % 1:14: expected a string, a list or None, found `x`
          load("x")                                        % 1:1: load is none of prefix_rule, host_executable, network_rule
          x = 1                                            % 1:3: expected `(`, found `=`
          "text"                                           % 1:1: expected a call such as prefix_rule(…), found a string
          prefix_rule(["a                                  % 1:14: a string without an end
          prefix_rule(["\\q"])                              % 1:15: \\q is no escape
          prefix_rule(["a"], match=["b"])                  % 1:1: this rule does not match its example: b
          prefix_rule(["a"], not_match=[["a", "c"]])       % 1:1: this rule matches what it must not: a c
          prefix_rule(["a"], match=["'b"])                 % 1:27: an example with a quote that does not end
          host_executable(name="a/b", paths=[])            % 1:22: a program's name without a folder is needed
          host_executable(name="a", paths=["b"])           % 1:34: `b` is no absolute path
          network_rule(host="a", protocol="https")         % 1:1: network_rule needs decision
          """)
  void names_file_line_and_column_of_what_it_does_not_understand(String text, String message) {
    assertThatExceptionOfType(RulesException.class)
        .isThrownBy(() -> rules(text))
        .withMessage("x.rules:" + message);
  }

  @Test
  void pools_files_and_gives_none_if_one_is_broken() throws Exception {
    var one = Files.writeString(folder.resolve("a.rules"), "prefix_rule(['a'])\n");
    var two = Files.writeString(folder.resolve("b.rules"), "\nprefix_rule(['a'], 'prompt')\n");

    assertThat(RuleSet.load(List.of(one, two), null).matches(List.of("a")))
        .extracting(RuleMatch::origin)
        .containsExactly(one + ":1", two + ":2");

    Files.writeString(two, "prefix_rule(['a')\n");
    assertThatExceptionOfType(RulesException.class)
        .isThrownBy(() -> RuleSet.load(List.of(one, two), null))
        .withMessage(two + ":1:17: expected `,`, found `)`");
  }

  @Test
  void refuses_what_is_too_large_or_no_text() throws Exception {
    var file = folder.resolve("x.rules");
    Files.write(file, new byte[] {'#', (byte) 0xff, '\n'});
    assertThatExceptionOfType(RulesException.class)
        .isThrownBy(() -> RuleSet.load(List.of(file), null))
        .withMessage(file + ": not UTF-8");

    Files.writeString(file, "#".repeat(1024 * 1024 + 1));
    assertThatExceptionOfType(RulesException.class)
        .isThrownBy(() -> RuleSet.load(List.of(file), null))
        .withMessage(file + ": larger than 1048576 bytes");

    Files.writeString(file, "prefix_rule(['a'])\n".repeat(10_001));
    assertThatExceptionOfType(RulesException.class)
        .isThrownBy(() -> RuleSet.load(List.of(file), null))
        .withMessage(file + ":10001:1: more than 10000 rules");

    Files.writeString(file, "prefix_rule(" + "[".repeat(100_000));
    assertThatExceptionOfType(RulesException.class)
        .isThrownBy(() -> RuleSet.load(List.of(file), null))
        .withMessageEndingWith("lists deeper than 20");

    assertThatExceptionOfType(RulesException.class)
        .isThrownBy(() -> RuleSet.load(List.of(folder.resolve("none")), null))
        .withMessageContaining("cannot be read");
  }

  @Test
  void tells_what_may_be_meant_by_the_first_words() throws Exception {
    var rules =
        rules(
            """
            prefix_rule(["git", ["push", "fetch"], "origin"], decision="forbidden")
            prefix_rule(["git"], decision="allow")
            """);

    assertThat(rules.beginningWith(List.of("git")))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.prefix()).containsExactly("git", "push", "origin");
          assertThat(it.decision()).isEqualTo(RuleDecision.FORBIDDEN);
        });
    assertThat(rules.beginningWith(List.of("/usr/bin/git", "fetch"))).hasSize(1);
    assertThat(rules.beginningWith(List.of("git", "status"))).isEmpty();
    assertThat(rules.beginningWith(List.of("git", "push", "origin"))).isEmpty();
    assertThat(rules.beginningWith(List.of())).isEmpty();
  }

  private static RuleSet rules(String text) throws RulesException {
    return RuleSet.parse("x.rules", text, Path.of("/home/me"));
  }
}
