package dev.orchestrator.app;

import dev.orchestrator.app.flags.ExecFlags;
import dev.orchestrator.engine.agent.ModelSetting;
import dev.orchestrator.engine.agent.ShellSetting.Limit;
import dev.orchestrator.engine.model.Credential;
import dev.orchestrator.engine.model.Provider;
import dev.orchestrator.engine.model.Provider.Wire;
import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.secret.Secret;
import dev.orchestrator.engine.settings.Origin;
import dev.orchestrator.engine.settings.Settings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which model is asked, and where, as the settings say.
///
/// @param environment looks up a variable; null if it is not set
record Models(
    ExecFlags.Settings said, Settings settings, Function<String, @Nullable String> environment) {
  private static final String DEFAULT_MODEL = "gpt-5.5";
  private static final String DEFAULT_LOCAL_MODEL = "gpt-oss:20b";

  /// Of the models that are known, as their catalogue says.
  private static final long CONTEXT_TOKENS = 272_000;

  private static final int COMPACT_AT_PERCENT = 90;
  private static final long UNKNOWN_MODEL_OUTPUT_BYTES = 10_000;
  private static final long OUTPUT_TOKENS = 10_000;
  private static final List<String> KNOWN = List.of("gpt-", "o3", "o4", "codex-");

  /// Where it is asked.
  ///
  /// @throws ExecFailure if it is not known
  Provider provider() throws ExecFailure {
    var id = providerId();
    if (settings.tables("model_providers").contains(id)) {
      return configured(id);
    }
    return switch (id) {
      case "openai" ->
          Provider.openai(
              settings
                  .text("openai_base_url")
                  .or(() -> Optional.ofNullable(environment.apply("OPENAI_BASE_URL")))
                  .filter(it -> !it.isEmpty())
                  .orElse(null));
      case "ollama" -> Provider.ollama();
      case "lmstudio" -> Provider.lmstudio();
      default ->
          throw new ExecFailure(
              "model_provider: '%s' is not known; add [model_providers.%s] to the settings, or use openai, ollama or lmstudio"
                  .formatted(id, id));
    };
  }

  private String providerId() {
    if (said.oss() || said.localProvider().isPresent()) {
      return said.localProvider().or(() -> settings.text("oss_provider")).orElse("ollama");
    }
    return settings.text("model_provider").orElse("openai");
  }

  private Provider configured(String id) throws ExecFailure {
    var base = text(id, "base_url");
    if (base.isEmpty()) {
      throw new ExecFailure(
          "model_providers.%s.base_url is missing; say where the provider is".formatted(id));
    }
    return new Provider(
        id,
        text(id, "name").orElse(id),
        base.get(),
        text(id, "wire_api").filter("chat"::equals).isPresent() ? Wire.CHAT : Wire.RESPONSES,
        settings.texts(key(id, "http_headers")).orElse(Map.of()),
        settings.texts(key(id, "env_http_headers")).orElse(Map.of()),
        settings.texts(key(id, "query_params")).orElse(Map.of()),
        (int) number(id, "request_max_retries", Provider.REQUEST_RETRIES),
        (int) number(id, "stream_max_retries", Provider.STREAM_RETRIES),
        Duration.ofMillis(number(id, "stream_idle_timeout_ms", Provider.IDLE_TIMEOUT.toMillis())),
        credential(id));
  }

  private Credential credential(String id) {
    var variable = text(id, "env_key");
    if (variable.isPresent()) {
      return new Credential.Variable(
          List.of(variable.get()), text(id, "env_key_instructions").orElse(null));
    }
    var token = text(id, "experimental_bearer_token");
    if (token.isPresent()) {
      return new Credential.Token(new Secret(token.get()));
    }
    var command = settings.text(key(id, "auth", "command"));
    return command.isEmpty()
        ? new Credential.None()
        : new Credential.Command(
            command.get(),
            settings.words(key(id, "auth", "args")).orElse(List.of()),
            settings.path(key(id, "auth", "cwd")).orElse(null),
            Duration.ofMillis(
                settings
                    .number(key(id, "auth", "timeout_ms"))
                    .orElse(Credential.Command.TIMEOUT.toMillis())),
            Duration.ofMillis(
                settings
                    .number(key(id, "auth", "refresh_interval_ms"))
                    .orElse(Credential.Command.REFRESH.toMillis())));
  }

  /// What must not be shown or kept of a provider: its key, and headers and parameters that are
  /// one.
  Map<String, String> secrets(Provider provider) {
    var secrets = new LinkedHashMap<String, String>();
    switch (provider.credential()) {
      case Credential.Token it -> secrets.put("experimental_bearer_token", it.secret().reveal());
      case Credential.Variable it -> it.names().forEach(name -> put(secrets, name));
      case Credential.Command _, Credential.None _ -> {}
    }
    provider.envHeaders().values().forEach(name -> put(secrets, name));
    for (var all : List.of(provider.headers(), provider.queryParams())) {
      all.forEach((name, value) -> {
        if (isSecretHeader(name)) {
          secrets.put(name, value);
          // What comes after the scheme, as in `Bearer …`.
          secrets.put(name + " value", value.substring(value.lastIndexOf(' ') + 1));
        }
      });
    }
    return secrets;
  }

  private void put(Map<String, String> secrets, String variable) {
    var value = environment.apply(variable);
    if (value != null) {
      secrets.put(variable, value);
    }
  }

  private static boolean isSecretHeader(String name) {
    var lower = name.toLowerCase(Locale.ROOT);
    return Redaction.isSecret(name) || lower.contains("auth") || lower.contains("cookie");
  }

  private static String key(String id, String... names) {
    var all = new String[names.length + 2];
    all[0] = "model_providers";
    all[1] = id;
    System.arraycopy(names, 0, all, 2, names.length);
    return Settings.key(all);
  }

  private Optional<String> text(String id, String name) {
    return settings.text(key(id, name)).filter(it -> !it.isEmpty());
  }

  private long number(String id, String name, long preset) {
    return Math.min(Integer.MAX_VALUE, settings.number(key(id, name)).orElse(preset));
  }

  /// The model's name.
  ///
  /// @param before what a resumed thread was answered by; null for nothing
  String name(boolean isReview, @Nullable String before) {
    var reviewer = isReview ? settings.text("review_model") : Optional.<String>empty();
    if (said.model().isPresent() || reviewer.isPresent()) {
      return said.model().or(() -> reviewer).orElseThrow();
    }
    if (before != null && !(settings.origin("model") instanceof Origin.KeyValue)) {
      return before;
    }
    // What the settings name is a model of the provider that they name.
    return said.oss() || said.localProvider().isPresent()
        ? DEFAULT_LOCAL_MODEL
        : settings.text("model").orElse(DEFAULT_MODEL);
  }

  /// What requests say about it.
  ///
  /// @param format the shape of the last message; null for any
  ModelSetting setting(
      String name, Provider provider, @Nullable Map<String, @Nullable Object> format) {
    var known = isKnown(name);
    var context = settings.number("model_context_window").orElse(CONTEXT_TOKENS);
    var compactAt =
        settings
            .number("model_auto_compact_token_limit")
            .orElse(context * COMPACT_AT_PERCENT / 100);
    return new ModelSetting(
        name,
        Math.max(1, compactAt),
        reasoning(),
        text(format),
        true,
        known && provider.wire() == Wire.RESPONSES);
  }

  private static boolean isKnown(String name) {
    return KNOWN.stream().anyMatch(name::startsWith);
  }

  private Map<String, @Nullable Object> reasoning() {
    var reasoning = new LinkedHashMap<String, @Nullable Object>();
    settings.text("model_reasoning_effort").ifPresent(it -> reasoning.put("effort", it));
    var summary = settings.text("model_reasoning_summary").orElse("auto");
    if (!summary.equals("none")) {
      reasoning.put("summary", summary);
    }
    return reasoning;
  }

  private Map<String, @Nullable Object> text(@Nullable Map<String, @Nullable Object> format) {
    var text = new LinkedHashMap<String, @Nullable Object>();
    settings.text("model_verbosity").ifPresent(it -> text.put("verbosity", it));
    if (format != null) {
      text.put("format", format);
    }
    return text;
  }

  /// How much of one output it reads.
  Limit limit(String name) {
    var tokens = settings.number("tool_output_token_limit");
    if (tokens.isPresent()) {
      return new Limit(tokens.get(), true);
    }
    return isKnown(name)
        ? new Limit(OUTPUT_TOKENS, true)
        : new Limit(UNKNOWN_MODEL_OUTPUT_BYTES, false);
  }
}
