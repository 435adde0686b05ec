package dev.orchestrator.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `exec` for the training run: real requests to a model server in the same process, commands, a
/// patch and a plan; then the same from a cassette, and a second turn.
///
/// @param main the program
/// @param folder an empty folder, where everything is written
record ExecTraining(Main main, Home home, Path folder) {
  private static final String MESSAGE =
      """
      {"type":"message","id":"m","role":"assistant","content":[{"type":"output_text","text":"Done."}]}\
      """;

  /// What the model says, reply by reply; the last one again and again.
  private static final List<List<String>> REPLIES =
      List.of(
          List.of(
              """
              {"type":"reasoning","id":"r","summary":[{"type":"summary_text","text":"**Look**"}]}\
              """,
              call(
                  1,
                  "exec_command",
                  "{\\\"cmd\\\":\\\"cat a.txt && echo err >&2\\\",\\\"login\\\":false}")),
          List.of(
              """
              {"type":"custom_tool_call","id":"p","call_id":"call_2","name":"apply_patch",\
              "input":"*** Begin Patch\\n*** Update File: a.txt\\n@@\\n-a\\n+b\\n*** Add File: c.txt\\n\
              +c\\n*** End Patch\\n"}\
              """,
              call(
                  3,
                  "update_plan",
                  "{\\\"plan\\\":[{\\\"step\\\":\\\"Test\\\",\\\"status\\\":\\\"completed\\\"}]}")),
          List.of(
              call(4, "exec_command", "{\\\"cmd\\\":\\\"true\\\",\\\"login\\\":false}"),
              call(5, "exec_command", "{\\\"cmd\\\":\\\"exit 3\\\",\\\"login\\\":false}")),
          List.of(MESSAGE));

  /// A user's settings.
  private static String settings(int port) {
    return """
    model = "gpt-5.5"
    model_provider = "training"
    [tools.update_plan]
    enabled = true
    [model_providers.training]
    name = "training"
    base_url = "http://127.0.0.1:%d/v1"
    wire_api = "responses"
    env_key = "TRAINING_KEY"
    [sandbox_workspace_write]
    exclude_slash_tmp = true
    """
        .formatted(port);
  }

  private static String call(int number, String name, String arguments) {
    return """
    {"type":"function_call","id":"f%d","call_id":"call_%d","name":"%s","arguments":"%s"}\
    """
        .formatted(number, number, name, arguments);
  }

  /// Exercises it.
  void run() throws IOException {
    try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      var thread = new Thread(() -> serve(server), "training-model");
      thread.setDaemon(true);
      thread.start();
      var codex = Files.createDirectories(home.codex());
      Files.writeString(codex.resolve("config.toml"), settings(server.getLocalPort()));
      var cassette = folder.resolve("cassette").toString();
      var first = workspace("first");
      var runs = folder.resolve("runs").toString();
      exec(first, "--runs-dir", runs, "--json", "--record", cassette, "go");
      exec(first, "--runs-dir", runs, "resume", "--last", "go on");
      exec(
          first,
          "--ephemeral",
          "--json=full",
          "-c",
          "model_reasoning_effort=\"low\"",
          "-c",
          "shell_environment_policy={set={A=\"b\"}}",
          "again");
      // Where no sandbox works, this ends before its first request, and the cache lacks a little.
      exec(
          workspace("second"),
          "--runs-dir",
          runs,
          "-s",
          "workspace-write",
          "--replay",
          cassette,
          "go");
    }
  }

  private Path workspace(String name) throws IOException {
    var workspace = Files.createDirectories(folder.resolve(name));
    // A repository, or the one around the build would be taken for it.
    var git = Files.createDirectories(workspace.resolve(".git"));
    Files.writeString(git.resolve("HEAD"), "ref: refs/heads/main\n");
    Files.writeString(workspace.resolve("AGENTS.md"), "Test what you change.\n");
    Files.writeString(workspace.resolve("a.txt"), "a\n");
    return workspace;
  }

  private void exec(Path workspace, String... words) {
    var line = new ArrayList<>(List.of("exec", "--cd", workspace.toString()));
    line.addAll(List.of(words));
    if (!line.contains("-s")) {
      line.addAll(List.of("-s", "danger-full-access"));
    }
    main.run(line);
  }

  private static void serve(ServerSocket server) {
    var asked = 0;
    try {
      while (true) {
        try (var socket = server.accept()) {
          asked = serve(socket, asked);
        }
      }
    } catch (IOException _) {
      // Closed: the training is over.
    }
  }

  /// Answers requests of one connection.
  ///
  /// @return how many requests there were by then
  private static int serve(Socket socket, int before) throws IOException {
    var asked = before;
    var in = new BufferedInputStream(socket.getInputStream());
    while (readRequest(in)) {
      var body = body(REPLIES.get(Math.min(asked++, REPLIES.size() - 1)));
      // Servers say either how long a body is, or where it ends.
      var isChunked = asked % 2 == 1;
      var answer = new ByteArrayOutputStream();
      answer.writeBytes((isChunked ? chunkedHead(body.length) : head(body.length)).getBytes(UTF_8));
      answer.writeBytes(body);
      answer.writeBytes((isChunked ? "\r\n0\r\n\r\n" : "").getBytes(UTF_8));
      socket.getOutputStream().write(answer.toByteArray());
    }
    return asked;
  }

  private static String head(int bytes) {
    return "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: %d\r\n\r\n"
        .formatted(bytes);
  }

  private static String chunkedHead(int bytes) {
    return "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n"
        .formatted(bytes);
  }

  private static byte[] body(List<String> items) {
    var text =
        new StringBuilder(
            event("{\"type\":\"response.created\",\"response\":{\"id\":\"r\"}}")
                + event(
                    "{\"type\":\"response.output_text.delta\",\"item_id\":\"m\",\"delta\":\"D\"}"));
    for (var item : items) {
      text.append(event("{\"type\":\"response.output_item.added\",\"item\":" + item + "}"));
      text.append(event("{\"type\":\"response.output_item.done\",\"item\":" + item + "}"));
    }
    text.append(
        event(
            """
            {"type":"response.completed","response":{"id":"r","output":[],"usage":{\
            "input_tokens":42,"input_tokens_details":{"cached_tokens":12},"output_tokens":5,\
            "output_tokens_details":{"reasoning_tokens":0},"total_tokens":47}}}\
            """));
    return text.toString().getBytes(UTF_8);
  }

  private static String event(String data) {
    return "data: " + data + "\n\n";
  }

  /// Reads a request and its body; false at the end.
  private static boolean readRequest(InputStream in) throws IOException {
    var length = 0;
    var first = line(in);
    for (var it = line(in); !it.isEmpty(); it = line(in)) {
      if (it.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
        length = Integer.parseInt(it.substring(it.indexOf(':') + 1).strip());
      }
    }
    in.skipNBytes(length);
    return !first.isEmpty();
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (var it = in.read(); it >= 0 && it != '\n'; it = in.read()) {
      line.append((char) it);
    }
    return line.toString().strip();
  }
}
