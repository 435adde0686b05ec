package dev.orchestrator.engine.model;

import dev.orchestrator.engine.secret.Secret;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How a provider learns who asks. Immutable.
public sealed interface Credential {
  /// It does not.
  record None() implements Credential {}

  /// A key in a variable (`env_key`).
  ///
  /// @param names variables, of which the first that is set counts; messages name the last one
  /// @param instructions how to get a key (`env_key_instructions`); null for none
  record Variable(List<String> names, @Nullable String instructions) implements Credential {
    public Variable {
      names = List.copyOf(names);
      if (names.isEmpty()) {
        throw new IllegalArgumentException("no variable is named");
      }
    }

    /// The variable that messages name.
    public String name() {
      return names.getLast();
    }
  }

  /// A key from the settings (`experimental_bearer_token`).
  record Token(Secret secret) implements Credential {}

  /// What a program prints (`auth`).
  ///
  /// @param command the program
  /// @param arguments what it is given
  /// @param directory where it is started; null for here
  /// @param timeout how long it may take
  /// @param refresh for how long its answer counts; zero for until it is refused
  record Command(
      String command,
      List<String> arguments,
      @Nullable Path directory,
      Duration timeout,
      Duration refresh)
      implements Credential {
    /// Codex's `timeout_ms`.
    public static final Duration TIMEOUT = Duration.ofSeconds(5);

    /// Codex's `refresh_interval_ms`.
    public static final Duration REFRESH = Duration.ofMinutes(5);

    public Command {
      arguments = List.copyOf(arguments);
    }
  }
}
