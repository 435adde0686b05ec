package dev.orchestrator.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orchestrator.app.Program.Input;
import dev.orchestrator.engine.model.ScriptedModelServer;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// `orchestrator exec` in a fresh repository, with a model that says what a test wants.
final class ExecProgram implements AutoCloseable {
  /// What is sent as the model's key; it must turn up nowhere else.
  static final String KEY = "sk-scripted-0123456789abcdef";

  private final Program program;
  private final ScriptedModelServer server;
  private final Path workspace;

  private ExecProgram(Program program, ScriptedModelServer server, Path workspace) {
    this.program = program;
    this.server = server;
    this.workspace = workspace;
  }

  /// A program that keeps everything in a folder.
  static ExecProgram in(Path folder, ScriptedModelServer.Answer... answers) throws IOException {
    return with(Program.in(folder), folder, answers);
  }

  /// The same, but its commands are run by this JVM, one at a time.
  static ExecProgram inside(Path folder, ScriptedModelServer.Answer... answers) throws IOException {
    return with(Program.inside(folder), folder, answers);
  }

  private static ExecProgram with(
      Program program, Path folder, ScriptedModelServer.Answer... answers) throws IOException {
    var server = ScriptedModelServer.start(answers);
    var workspace = Files.createDirectories(folder.resolve("workspace")).toRealPath();
    // As much of a repository as is looked at.
    var git = Files.createDirectory(workspace.resolve(".git"));
    Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
    var codexHome = Files.createDirectories(folder.resolve("codex"));
    Files.writeString(
        codexHome.resolve("config.toml"),
        """
        model = "gpt-5.5"
        model_provider = "mock"
        [model_providers.mock]
        name = "mock"
        base_url = "%s"
        wire_api = "responses"
        env_key = "MOCK_KEY"
        request_max_retries = 1
        stream_max_retries = 2
        """
            .formatted(server.baseUrl()));
    program
        .startedIn(workspace)
        .with("CODEX_HOME", codexHome.toString())
        .with("SHELL", "/bin/bash")
        // Commands run in login shells: not with what somebody's profile does first.
        .with("HOME", Files.createDirectories(folder.resolve("user")).toString())
        .with("MOCK_KEY", KEY)
        .without("CODEX_API_KEY")
        .without("OPENAI_API_KEY")
        .without("OPENAI_BASE_URL");
    return new ExecProgram(program, server, workspace);
  }

  Program program() {
    return program;
  }

  ScriptedModelServer server() {
    return server;
  }

  /// The repository that the model works in.
  Path workspace() {
    return workspace;
  }

  /// Runs `orchestrator exec` to its end, without anything on standard input.
  Running.Ended exec(String... words) throws IOException, InterruptedException {
    return exec(Input.none(), words);
  }

  Running.Ended exec(Input input, String... words) throws IOException, InterruptedException {
    return program.call(input, words(words));
  }

  Running start(String... words) throws IOException {
    return program.start(words(words));
  }

  Running start(Input input, String... words) throws IOException {
    return program.start(input, words(words));
  }

  /// Runs a script of bash in which `"$@"` is `orchestrator exec` with these words.
  Running.Ended script(String script, String... words) throws IOException, InterruptedException {
    return program.bash(script, words(words)).end();
  }

  /// A call of `exec_command`.
  ///
  /// @param more further arguments, each a name and its value
  static String shell(String id, String script, Object... more) {
    var arguments = new LinkedHashMap<String, Object>();
    arguments.put("cmd", script);
    for (var at = 0; at < more.length; at += 2) {
      arguments.put(String.valueOf(more[at]), more[at + 1]);
    }
    return ScriptedModelServer.call(id, "exec_command", text(arguments));
  }

  /// A call of `apply_patch` that makes a file of one line.
  static String newFile(String id, Path file, String line) {
    return text(
        Map.of(
            "type",
            "custom_tool_call",
            "call_id",
            id,
            "name",
            "apply_patch",
            "input",
            "*** Begin Patch\n*** Add File: %s\n+%s\n*** End Patch".formatted(file, line)));
  }

  static String text(Object json) {
    return new String(Json.line(json), UTF_8);
  }

  private String[] words(String... words) {
    var all = new ArrayList<>(List.of("exec", "--runs-dir", runs().toString()));
    all.addAll(List.of(words));
    return all.toArray(String[]::new);
  }

  Path runs() {
    return program.home().resolveSibling("runs");
  }

  /// Outputs of tools that the last request told the model, in order.
  List<String> told() {
    var told = new ArrayList<String>();
    var requests = server.requests();
    var input = requests.getLast().json().get("input");
    if (input instanceof List<?> items) {
      for (var it : items) {
        if (it instanceof java.util.Map<?, ?> item
            && String.valueOf(item.get("type")).endsWith("_output")) {
          told.add(String.valueOf(item.get("output")));
        }
      }
    }
    return told;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
