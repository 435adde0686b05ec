package dev.orchestrator.app;

import dev.orchestrator.app.flags.CommandLines;
import dev.orchestrator.app.flags.SettingsCommandLines.Asked;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.instructions.EnvironmentContext.Entry;
import dev.orchestrator.engine.instructions.Instructions;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.settings.Settings;
import dev.orchestrator.engine.settings.Trust;
import dev.orchestrator.engine.wire.Json;
import dev.orchestrator.headless.ExitCode;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `orchestrator instructions`: what an agent that is started here would be told first.
final class InstructionsCommand {
  private final Invocation invocation;
  private final PrintStream out;

  InstructionsCommand(Invocation invocation, PrintStream out) {
    this.invocation = invocation;
    this.out = out;
  }

  /// @return the code to end with
  /// @throws UsageError if the settings cannot be used
  int print(Asked asked) throws UsageError {
    var cwd = invocation.directory(asked.cwd());
    var settings = Configuration.load(asked.settings(), invocation, cwd);
    var found = Instructions.find(invocation.home().codex(), cwd, settings);
    var place =
        settings.flag("include_environment_context").orElse(true)
            ? Optional.of(context(cwd, settings))
            : Optional.<String>empty();
    if (asked.json()) {
      out.println(new String(Json.line(document(found, place)), StandardCharsets.UTF_8));
    } else {
      // As it would be sent, but for what could drive a terminal.
      found.message().ifPresent(this::lines);
      place.ifPresent(this::lines);
      Configuration.warn(settings, invocation.err());
      found
          .warnings()
          .forEach(it ->
              invocation.err().println(CommandLines.NAME + ": warning: " + OsText.printable(it)));
    }
    out.flush();
    return ExitCode.SUCCESS.code();
  }

  private void lines(String text) {
    text.lines().forEach(it -> out.println(OsText.printable(it)));
  }

  private String context(Path cwd, Settings settings) {
    var shell = invocation.said("SHELL");
    var level =
        settings
            .text("sandbox_mode")
            .orElse(settings.trust() == Trust.UNKNOWN ? "read-only" : "workspace-write");
    return Place.text(
        invocation,
        cwd,
        shell.map(it -> it.substring(it.lastIndexOf('/') + 1)).orElse("bash"),
        level.equals("danger-full-access"),
        entries(cwd, level, settings));
  }

  private static List<Entry> entries(Path cwd, String level, Settings settings) {
    var entries = new ArrayList<>(List.of(new Entry("read", ":root")));
    if (level.equals("workspace-write")) {
      var table = "sandbox_workspace_write.";
      entries.add(new Entry("write", cwd.toString()));
      settings
          .paths(table + "writable_roots")
          .orElse(List.of())
          .forEach(it -> entries.add(new Entry("write", it.toString())));
      if (!settings.flag(table + "exclude_slash_tmp").orElse(false)) {
        entries.add(new Entry("write", ":slash_tmp"));
      }
      if (!settings.flag(table + "exclude_tmpdir_env_var").orElse(false)) {
        entries.add(new Entry("write", ":tmpdir"));
      }
    }
    return entries;
  }

  private static Map<String, @Nullable Object> document(
      Instructions found, Optional<String> place) {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("sources", found.sources().stream().map(InstructionsCommand::source).toList());
    document.put("bytes", found.totalBytes());
    document.put("instructions", found.message().orElse(null));
    document.put("environment", place.orElse(null));
    document.put("warnings", found.warnings());
    return document;
  }

  private static Map<String, @Nullable Object> source(Instructions.Source it) {
    var source = new LinkedHashMap<String, @Nullable Object>();
    source.put("path", it.path());
    source.put("project", it.project());
    source.put("sha256", it.sha256());
    source.put("bytes_used", it.bytesUsed());
    source.put("bytes_cut", it.bytesCut());
    return source;
  }
}
