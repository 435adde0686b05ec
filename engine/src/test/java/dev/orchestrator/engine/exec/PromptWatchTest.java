package dev.orchestrator.engine.exec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.exec.PromptWatch.Question;
import dev.orchestrator.engine.posix.Tty.LineMode;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PromptWatchTest {
  private static final LineMode ECHOING = new LineMode(true, true);
  private static final LineMode HIDDEN = new LineMode(false, true);
  private static final LineMode RAW = new LineMode(false, false);

  private final PromptWatch watch = new PromptWatch();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Continue? [y/N] ",
        "Proceed (y/n)",
        "Are you sure you want to continue connecting (yes/no/[fingerprint])? ",
        "Overwrite (yes/no) ",
        "Password: ",
        "[sudo] password for ada: ",
        "Enter passphrase for key '/home/ada/.ssh/id_ed25519': ",
        "Username for 'https://github.com': ",
        "shop login: ",
        "Passcode or option (1-2): ",
        "What is your name?",
        "working\r\nremove write-protected file 'x'? "
      })
  void takes_an_unfinished_line_that_asks_for_a_question(String output) {
    append(output);

    var prompt = output.substring(output.lastIndexOf('\n') + 1).strip();
    assertThat(watch.look(ECHOING)).contains(new Question(prompt, false));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "$ ",
        "Compiling… ",
        "Is it? Yes.",
        "Continue? [y/N] \n",
        "password changed",
        " 50 % ",
        "What now?\nnothing"
      })
  void takes_nothing_else_for_one(String output) {
    append(output);

    assertThat(watch.look(ECHOING)).isEmpty();
  }

  @Test
  void takes_switched_off_echo_for_a_secret_question_whatever_it_says() {
    append("Enter the code for ada\r\nPIN ");

    assertThat(watch.look(HIDDEN)).contains(new Question("PIN", true));
  }

  @Test
  void asks_for_a_secret_even_if_the_program_has_said_nothing() {
    assertThat(watch.look(HIDDEN)).contains(new Question("", true));
  }

  @Test
  void leaves_programs_alone_that_read_single_keys() {
    append("Continue? [y/N] ");

    assertThat(watch.look(RAW)).isEmpty();
  }

  @Test
  void looks_once_per_output() {
    assertThat(watch.isPending()).isTrue();
    append("Password: ");
    assertThat(watch.isPending()).isTrue();

    watch.look(HIDDEN);
    assertThat(watch.isPending()).isFalse();

    append("\r\nSorry, try again.\r\nPassword: ");
    assertThat(watch.isPending()).isTrue();
    assertThat(watch.look(HIDDEN)).contains(new Question("Password:", true));
  }

  @Test
  void puts_a_line_together_that_comes_in_pieces() {
    append("old line\nPass");
    append("word");
    append(": ");

    assertThat(watch.look(ECHOING)).contains(new Question("Password:", false));
  }

  @Test
  void forgets_a_line_that_ended_far_back_in_a_long_piece() {
    append("Password: ");
    append("\n" + "x".repeat(300));

    assertThat(watch.look(ECHOING)).isEmpty();
    assertThat(watch.look(HIDDEN)).contains(new Question("x".repeat(200), true));
  }

  @Test
  void sees_the_question_at_the_end_of_a_line_longer_than_it_remembers() {
    append("x".repeat(150));
    append("x".repeat(100) + " overwrite it? [y/N] ");

    assertThat(watch.look(ECHOING)).isPresent();
  }

  private void append(String output) {
    var bytes = output.getBytes(StandardCharsets.UTF_8);
    watch.append(bytes, bytes.length);
  }
}
