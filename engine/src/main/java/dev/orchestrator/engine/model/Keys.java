package dev.orchestrator.engine.model;

import dev.orchestrator.engine.model.ModelFailure.Again;
import dev.orchestrator.engine.model.ModelFailure.Kind;
import dev.orchestrator.engine.secret.Secret;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The key of a provider, wherever it comes from. Confined to one thread.
final class Keys {
  private static final int LONGEST = 32 * 1024;

  private final Provider provider;
  private final Function<String, @Nullable String> environment;

  /// What the command has printed last, and when it was asked.
  private @Nullable Secret printed;

  private long printedNanos;

  Keys(Provider provider, Function<String, @Nullable String> environment) {
    this.provider = provider;
    this.environment = environment;
  }

  /// The key; null if the provider wants none.
  ///
  /// Blocks while a command is asked.
  @Nullable Secret key() throws ModelFailure, InterruptedException {
    return switch (provider.credential()) {
      case Credential.None _ -> null;
      case Credential.Token it -> checked(it.secret().reveal(), "`experimental_bearer_token`");
      case Credential.Variable it -> variable(it);
      case Credential.Command it -> command(it);
    };
  }

  /// The provider does not accept the key; a command is asked again.
  void refused() {
    printed = null;
  }

  private Secret variable(Credential.Variable from) throws ModelFailure {
    for (var name : from.names()) {
      var value = environment.apply(name);
      if (value != null && !value.isBlank()) {
        return checked(value, "`" + name + "`");
      }
    }
    var instructions = from.instructions();
    throw unauthorized(
        "Missing environment variable: `%s`.".formatted(from.name()),
        "set `%s` for provider `%s`%s"
            .formatted(
                from.name(), provider.id(), instructions == null ? "" : ": " + instructions));
  }

  private Secret command(Credential.Command it) throws ModelFailure, InterruptedException {
    var last = printed;
    var age = Duration.ofNanos(System.nanoTime() - printedNanos);
    if (last == null || (it.refresh().isPositive() && age.compareTo(it.refresh()) >= 0)) {
      last = checked(ask(it), "what `%s` prints".formatted(it.command()));
      printed = last;
      printedNanos = System.nanoTime();
    }
    return last;
  }

  /// Its output stays in the pipe until it has ended: a key fits in there.
  private String ask(Credential.Command it) throws ModelFailure, InterruptedException {
    var words = new ArrayList<String>();
    words.add(it.command());
    words.addAll(it.arguments());
    var directory = it.directory();
    Process process;
    try {
      process =
          new ProcessBuilder(words)
              .directory(directory == null ? null : directory.toFile())
              .redirectInput(Redirect.from(new File("/dev/null")))
              .redirectError(Redirect.DISCARD)
              .start();
    } catch (IOException e) {
      throw failed(it, "cannot be started: " + e.getMessage());
    }
    try {
      if (!process.waitFor(it.timeout().toNanos(), TimeUnit.NANOSECONDS)) {
        throw failed(it, "did not end within %,d ms".formatted(it.timeout().toMillis()));
      }
      if (process.exitValue() != 0) {
        throw failed(it, "ended with code %d".formatted(process.exitValue()));
      }
      var out = process.getInputStream();
      // What it has started may still hold the pipe, so its end is not waited for.
      return new String(
          out.readNBytes(Math.min(out.available(), LONGEST + 1)), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw failed(it, "cannot be read: " + e.getMessage());
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private ModelFailure failed(Credential.Command it, String why) {
    return unauthorized(
        "the `auth` command of provider `%s`, `%s`, %s".formatted(provider.id(), it.command(), why),
        "correct `model_providers.%s.auth`".formatted(provider.id()));
  }

  /// @param what names the key's origin
  private Secret checked(String raw, String what) throws ModelFailure {
    var key = raw.strip();
    String problem = null;
    if (key.isEmpty()) {
      problem = "is empty";
    } else if (key.length() > LONGEST) {
      problem = "has more than %,d characters".formatted(LONGEST);
    } else if (!key.chars().allMatch(it -> it > ' ' && it < 0x7f)) {
      problem = "holds characters that no key has";
    }
    if (problem != null) {
      throw unauthorized(
          "the key of provider `%s` from %s %s".formatted(provider.id(), what, problem),
          "set it to the key alone");
    }
    return new Secret(key);
  }

  private static ModelFailure unauthorized(String message, String advice) {
    return new ModelFailure(Kind.UNAUTHORIZED, Again.NEVER, message, advice);
  }

  /// The value of a header that comes from a variable; null if the variable is not set.
  @Nullable String header(String variable) {
    var value = environment.apply(variable);
    return value == null || value.isBlank() ? null : Objects.requireNonNull(value).strip();
  }
}
