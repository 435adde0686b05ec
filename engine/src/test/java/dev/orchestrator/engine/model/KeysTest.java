package dev.orchestrator.engine.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.model.Provider.Wire;
import dev.orchestrator.engine.secret.Secret;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class KeysTest {
  @TempDir private Path folder;

  @Test
  void come_from_the_first_variable_that_is_set() throws Exception {
    var openai = Provider.openai(null);

    assertThat(key(openai, Map.of("OPENAI_API_KEY", " sk-1\n"))).isEqualTo("sk-1");
    assertThat(key(openai, Map.of("OPENAI_API_KEY", "sk-1", "CODEX_API_KEY", "sk-2")))
        .isEqualTo("sk-2");
  }

  @Test
  void that_are_missing_name_their_variable() {
    for (var value : List.of("", "  ")) {
      assertThatThrownBy(() -> key(Provider.openai(null), Map.of("OPENAI_API_KEY", value)))
          .isInstanceOf(ModelFailure.class)
          .hasMessage("Missing environment variable: `OPENAI_API_KEY`.")
          .extracting(it -> ((ModelFailure) it).advice())
          .isEqualTo(
              "set `OPENAI_API_KEY` for provider `openai`: create a key at"
                  + " https://platform.openai.com/api-keys");
    }
  }

  @Test
  void that_no_header_can_hold_are_not_shown() {
    var secret = new Secret("sk-1\r\nx-evil: 1");

    assertThatThrownBy(() -> key(provider(new Credential.Token(secret)), Map.of()))
        .hasMessage(
            "the key of provider `mine` from `experimental_bearer_token` holds characters that no"
                + " key has");
    assertThat(secret).hasToString("[redacted]");
  }

  @Test
  void are_printed_by_a_command_and_asked_for_again_only_when_refused() throws Exception {
    var count = folder.resolve("count");
    var keys =
        keys(command("echo x >> count; printf 'key-%s\\n' $(wc -l < count)", 5000), Map.of());

    assertThat(reveal(keys)).isEqualTo("key-1");
    assertThat(reveal(keys)).isEqualTo("key-1");
    keys.refused();
    assertThat(reveal(keys)).isEqualTo("key-2");
    assertThat(Files.readAllLines(count)).hasSize(2);
  }

  @Test
  void of_a_command_that_fails_are_none() {
    assertThatThrownBy(() -> key(command("exit 3", 5000), Map.of()))
        .hasMessage("the `auth` command of provider `mine`, `sh`, ended with code 3");
    assertThatThrownBy(() -> key(command("sleep 100 & sleep 100", 200), Map.of()))
        .hasMessage("the `auth` command of provider `mine`, `sh`, did not end within 200 ms");
    assertThatThrownBy(() -> key(command("true", 5000), Map.of()))
        .hasMessage("the key of provider `mine` from what `sh` prints is empty");
  }

  private Provider command(String script, int timeoutMillis) {
    return provider(
        new Credential.Command(
            "sh",
            List.of("-c", script),
            folder,
            Duration.ofMillis(timeoutMillis),
            Credential.Command.REFRESH));
  }

  private static Provider provider(Credential credential) {
    return Provider.of("mine", "Mine", "http://localhost/v1", Wire.RESPONSES, credential);
  }

  private static Keys keys(Provider provider, Map<String, String> variables) {
    return new Keys(provider, variables::get);
  }

  private static String key(Provider provider, Map<String, String> variables) throws Exception {
    return reveal(keys(provider, variables));
  }

  private static String reveal(Keys keys) throws Exception {
    return Objects.requireNonNull(keys.key()).reveal();
  }
}
