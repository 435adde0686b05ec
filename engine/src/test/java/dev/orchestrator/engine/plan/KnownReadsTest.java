package dev.orchestrator.engine.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KnownReadsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls -la",
        "cat a | head -3",
        "grep -r x . 2>/dev/null",
        "sed -n 1,20p f",
        "find . -name '*.c'",
        "rg -n x src",
        "git status -sb",
        "git log --oneline -5",
        "git diff HEAD~1 -- a",
        "pwd",
        "git branch --list",
        "git show HEAD",
        "wc -l *.txt",
        "echo \"$x\"",
        "/bin/ls",
        "base64 f",
        "cat <<E\nx\nE",
        "[ -f a ] && cat a",
        "cd x && ls",
        "FOO=1 ls"
      })
  void knows_a_read(String script) {
    assertThat(isRead(script)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ls > f",
        "cat a >> b",
        "PATH=/x ls",
        "sudo cat f",
        "rm a",
        "sed -i s/a/b/ f",
        "sed -n '1w f' f",
        "sed -n 1p f -i",
        "find . -delete",
        "find . -exec ls {} +",
        "find $x",
        "rg --pre x y",
        "rg -z x",
        "git -c a=b log",
        "git -C x status",
        "git diff --output=f",
        "git log --ext-diff",
        "git branch x",
        "git branch -D x",
        "git push",
        "git grep -Oless x",
        "base64 -o f",
        "base64 --out=f",
        "./ls",
        "ls $(touch x)",
        "uniq a b",
        "GIT_DIR=x git log",
        "echo `rm x`",
        "git diff $x",
        "export PATH=x; ls"
      })
  void does_not_take_another_command_for_a_read(String script) {
    assertThat(isRead(script)).isFalse();
  }

  private static boolean isRead(String script) {
    var plan = Shown.PLANS.ofScript(script, Shown.WORKSPACE);
    return !plan.isOpaque() && plan.commands().stream().allMatch(KnownReads::isRead);
  }
}
