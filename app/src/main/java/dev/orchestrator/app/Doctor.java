package dev.orchestrator.app;

import dev.orchestrator.app.flags.CallCommandLines.Asked;
import dev.orchestrator.app.flags.SettingsFlags;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.approval.Grants;
import dev.orchestrator.engine.event.SandboxReport;
import dev.orchestrator.engine.exec.Sessions;
import dev.orchestrator.engine.exec.Spool;
import dev.orchestrator.engine.exec.terminal.Terminals;
import dev.orchestrator.engine.record.RunFolder;
import dev.orchestrator.engine.sandbox.Sandboxes;
import dev.orchestrator.engine.settings.Settings;
import dev.orchestrator.engine.wire.Json;
import dev.orchestrator.headless.ExitCode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// `orchestrator doctor`: what works here, by trying it.
final class Doctor {
  private final Invocation invocation;
  private final Home home;
  private final PrintStream out;

  Doctor(Invocation invocation, PrintStream out) {
    this.invocation = invocation;
    this.home = invocation.home();
    this.out = out;
  }

  /// @return 0 if a sandbox works and what is kept can be read, 1 otherwise
  /// @throws UsageError if the environment asks for something that does not exist
  int examine(Asked asked) throws UsageError, IOException {
    var directory = invocation.directory();
    var problems = new ArrayList<String>();
    var settings = settings(asked, directory, problems);
    var report = probe(directory, settings);
    if (report.backend().equals("none")) {
      problems.add("no sandbox works here: confined commands are refused");
    }
    grantsProblem().ifPresent(problems::add);
    var document = document(directory, report, settings, problems);
    if (asked.json()) {
      out.println(new String(Json.line(document), StandardCharsets.UTF_8));
    } else {
      print(document, report, settings, problems);
    }
    out.flush();
    return problems.isEmpty() ? ExitCode.SUCCESS.code() : ExitCode.FAILED.code();
  }

  /// What holds; if the settings cannot be used, that is a problem and the defaults are told.
  private Settings settings(Asked asked, Path directory, List<String> problems) throws UsageError {
    try {
      return Configuration.load(asked.access().settings(), invocation, directory);
    } catch (UsageError e) {
      problems.add(String.valueOf(e.getMessage()));
      return Configuration.load(SettingsFlags.IGNORING, invocation, Path.of("/"));
    }
  }

  private SandboxReport probe(Path directory, Settings settings) throws UsageError {
    try {
      return Sandboxes.probeAll(
              Access.surroundings(invocation, List.of(directory), Access.backend(settings)))
          .report();
    } catch (IllegalArgumentException e) {
      throw new UsageError(String.valueOf(e.getMessage()));
    }
  }

  private Optional<String> grantsProblem() {
    try {
      new Grants(home.approvals()).kept();
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private Map<String, @Nullable Object> document(
      Path directory, SandboxReport report, Settings settings, List<String> problems)
      throws IOException {
    var document = new LinkedHashMap<String, @Nullable Object>();
    document.put("version", Main.VERSION);
    document.put("java", System.getProperty("java.vm.version"));
    document.put(
        "system",
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    document.put("home", home.folder());
    document.put(
        "home_from",
        invocation.said("ORCHESTRATOR_HOME").isPresent() ? "ORCHESTRATOR_HOME" : "default");
    document.put("codex_home", home.codex());
    document.put("settings", ConfigCommand.files(settings));
    document.put("trust", settings.trust().name().toLowerCase(Locale.ROOT));
    document.put("approval_policy", settings.approvalPolicy());
    document.put("approval_policy_from", settings.origin("approval_policy").text());
    document.put(
        "runs",
        settings.path("orchestrator.runs_dir").orElse(RunFolder.rootFor(directory, home.folder())));
    document.put("runs_from", settings.origin("orchestrator.runs_dir").text());
    document.put("approvals", home.approvals());
    document.put(
        "rules",
        Rules.files(home, RunFolder.workTree(directory).orElse(directory)).stream()
            .filter(Files::exists)
            .toList());
    document.put("terminals", terminals());
    document.put(
        "terminals_from",
        invocation.said(Terminals.CHOICE).isPresent() ? Terminals.CHOICE : "default");
    document.put("sandbox", report.backend());
    document.put(
        "sandbox_from",
        settings.isSet("orchestrator.sandbox_backend")
            ? settings.origin("orchestrator.sandbox_backend").text()
            : "probe");
    document.put("findings", report.findings().stream().map(Doctor::finding).toList());
    var limits = new LinkedHashMap<String, @Nullable Object>();
    limits.put("sessions", Sessions.LIMIT);
    limits.put("spool_cap_bytes", Spool.DEFAULT_CAP_BYTES);
    limits.put("heap_bytes", Runtime.getRuntime().maxMemory());
    document.put("limits", limits);
    document.put("warnings", settings.warnings());
    document.put("problems", problems);
    return document;
  }

  private String terminals() {
    try {
      return Terminals.choose(invocation.said(Terminals.CHOICE).orElse("")).name();
    } catch (IllegalArgumentException e) {
      return String.valueOf(e.getMessage());
    }
  }

  private static Map<String, @Nullable Object> finding(SandboxReport.Finding it) {
    var finding = new LinkedHashMap<String, @Nullable Object>();
    finding.put("name", it.name());
    finding.put("works", it.works());
    finding.put("detail", it.detail());
    return finding;
  }

  private void print(
      Map<String, @Nullable Object> document,
      SandboxReport report,
      Settings settings,
      List<String> problems) {
    document.forEach((name, value) -> {
      if (!List.of("findings", "problems", "warnings").contains(name)) {
        out.printf("%-16s %s%n", name, value);
      }
    });
    for (var it : report.findings()) {
      out.printf("  %-4s %s: %s%n", it.works() ? "ok" : "no", it.name(), it.detail());
    }
    Configuration.warn(settings, out);
    problems.forEach(it -> out.printf("problem: %s%n", it));
  }
}
