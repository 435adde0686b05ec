package dev.orchestrator.app;

import dev.orchestrator.engine.agent.ShellSetting;
import dev.orchestrator.engine.agent.ShellSetting.Limit;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.exec.Environment;
import dev.orchestrator.engine.exec.Environment.Inherit;
import dev.orchestrator.engine.exec.Spool;
import dev.orchestrator.engine.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// How commands of a model are run: the user's shell, and variables that keep programs from asking.
///
/// Unlike Codex's, they get no variable with KEY, SECRET or TOKEN in its name, unless the settings
/// say `shell_environment_policy.ignore_default_excludes = true`: what a command can print, a model
/// reads and a record keeps.
record ModelShell(Invocation invocation, Settings settings, RunId run, String thread) {
  private static final String POLICY = "shell_environment_policy.";
  private static final List<String> SHELLS = List.of("bash", "zsh", "sh");

  ShellSetting setting(Path directory, Limit limit, boolean isConfined) {
    return new ShellSetting(
        file(invocation),
        settings.flag("allow_login_shell").orElse(true),
        environment(),
        directory,
        Spool.DEFAULT_CAP_BYTES,
        settings.number("background_terminal_max_timeout").orElse(ShellSetting.POLL_AT_MOST_MILLIS),
        limit,
        isConfined);
  }

  /// The user's shell, if it is one whose scripts can be planned; otherwise bash, otherwise sh.
  static Path file(Invocation invocation) {
    return invocation
        .said("SHELL")
        .filter(it -> it.startsWith("/"))
        .map(Path::of)
        .filter(it -> SHELLS.contains(String.valueOf(it.getFileName())) && Files.isExecutable(it))
        .or(() -> Optional.of(Path.of("/bin/bash")).filter(Files::isExecutable))
        .orElse(Path.of("/bin/sh"));
  }

  private List<String> environment() {
    var set = new LinkedHashMap<String, String>();
    settings.texts(POLICY + "set").ifPresent(set::putAll);
    var chosen =
        new Environment(
                inherit(),
                settings.isSet(POLICY + "ignore_default_excludes")
                    && settings.flag(POLICY + "ignore_default_excludes").orElse(false),
                settings.words(POLICY + "exclude").orElse(List.of()),
                set,
                settings.words(POLICY + "include_only").orElse(List.of()))
            .apply(OwnProcess.environment(invocation));
    var entries = new ArrayList<String>();
    var fixed = fixed();
    for (var it : chosen) {
      if (!fixed.containsKey(it.substring(0, it.indexOf('=')))) {
        entries.add(it);
      }
    }
    fixed.forEach((name, value) -> entries.add(name + "=" + value));
    return entries;
  }

  private Inherit inherit() {
    return switch (settings.text(POLICY + "inherit").orElse("all")) {
      case "core" -> Inherit.CORE;
      case "none" -> Inherit.NONE;
      default -> Inherit.ALL;
    };
  }

  /// Codex's, and those that keep programs from asking.
  private LinkedHashMap<String, String> fixed() {
    var fixed = new LinkedHashMap<String, String>();
    fixed.put("NO_COLOR", "1");
    for (var it : List.of("LANG", "LC_ALL", "LC_CTYPE")) {
      fixed.put(it, "C.UTF-8");
    }
    fixed.put("COLORTERM", "");
    for (var it : List.of("PAGER", "GIT_PAGER", "GH_PAGER")) {
      fixed.put(it, "cat");
    }
    fixed.put("GIT_TERMINAL_PROMPT", "0");
    fixed.put("CODEX_CI", "1");
    fixed.put("CODEX_THREAD_ID", thread);
    fixed.put("ORCHESTRATOR_RUN_ID", run.value());
    return fixed;
  }
}
