package dev.orchestrator.app;

import dev.orchestrator.app.flags.SettingsCommandLines.Asked;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.settings.Settings;
import dev.orchestrator.engine.wire.Json;
import dev.orchestrator.headless.ExitCode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// `orchestrator config show`: every value that holds, and where it comes from.
final class ConfigCommand {
  private final Invocation invocation;
  private final PrintStream out;

  ConfigCommand(Invocation invocation, PrintStream out) {
    this.invocation = invocation;
    this.out = out;
  }

  /// @return the code to end with
  /// @throws UsageError if the settings cannot be used
  int show(Asked asked) throws UsageError {
    var cwd = invocation.directory(asked.cwd());
    var settings = Configuration.load(asked.settings(), invocation, cwd);
    if (asked.json()) {
      out.println(new String(Json.line(document(settings)), StandardCharsets.UTF_8));
    } else {
      for (var it : settings.effective()) {
        var origin = asked.origin() ? "  # " + it.origin().text() : "";
        out.println(OsText.printable(it.key() + " = " + it.toml() + origin));
      }
      Configuration.warn(settings, invocation.err());
    }
    out.flush();
    return ExitCode.SUCCESS.code();
  }

  private static Map<String, @Nullable Object> document(Settings settings) {
    var values = new LinkedHashMap<String, @Nullable Object>();
    for (var it : settings.effective()) {
      var value = new LinkedHashMap<String, @Nullable Object>();
      value.put("value", it.value());
      value.put("origin", it.origin().text());
      values.put(it.key(), value);
    }
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("values", values);
    document.put("trust", settings.trust().name().toLowerCase(Locale.ROOT));
    document.put("files", files(settings));
    document.put("warnings", settings.warnings());
    return document;
  }

  /// Which files there are, and what has become of each.
  static Map<String, @Nullable Object> files(Settings settings) {
    var files = new LinkedHashMap<String, @Nullable Object>();
    settings.files().forEach(it -> files.put(it.path().toString(), it.state().text()));
    return files;
  }
}
