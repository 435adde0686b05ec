package dev.orchestrator.engine.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RedactionTest {
  @Test
  void masks_the_values_of_secret_variables_by_their_names() {
    var redaction =
        Redaction.of(
            Map.of(
                "OPENAI_API_KEY", "sk-123456",
                "github_token", "ghp_abcdef",
                "DB_PASSWORD", "with \"quotes\"",
                "LONGER_SECRET", "sk-123456-and-more",
                "SHORT_KEY", "abc",
                "HOME", "/home/someone"));

    assertThat(
            redaction.mask(
                "a sk-123456 b ghp_abcdef c sk-123456-and-more abc /home/someone with \"quotes\""))
        .isEqualTo(
            "a [redacted OPENAI_API_KEY] b [redacted github_token] c [redacted LONGER_SECRET] abc"
                + " /home/someone [redacted DB_PASSWORD]");
    assertThat(redaction.mask("{\"x\":\"with \\\"quotes\\\"\"}"))
        .isEqualTo("{\"x\":\"[redacted DB_PASSWORD]\"}");
  }

  @Test
  void leaves_a_text_without_secrets_as_it_is() {
    assertThat(Redaction.NONE.mask("text")).isEqualTo("text");
    assertThat(new Secret("value")).hasToString("[redacted]");
  }

  @Test
  void masks_what_is_added() {
    var redaction =
        Redaction.of(Map.of("MY_KEY", "0123456789")).and(Map.of("header", "0123456789abc"));

    assertThat(redaction.mask("0123456789abc 0123456789"))
        .isEqualTo("[redacted header] [redacted MY_KEY]");
  }
}
