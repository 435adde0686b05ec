package dev.orchestrator.engine.model;

import dev.orchestrator.engine.wire.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/// A model server on this machine that answers as told, over plain sockets, so that it can break
/// off anywhere. Each request takes the next answer; when none is left, the last one again.
///
/// Safe from any thread.
public final class ScriptedModelServer implements AutoCloseable {
  private final ServerSocket listening;
  private final Deque<Answer> answers = new ArrayDeque<>();
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private Answer last = status(500, "{\"error\":{\"message\":\"nothing is scripted\"}}");

  /// What was asked.
  ///
  /// @param path with its query
  /// @param headers by names in lower case
  public record Request(String method, String path, Map<String, String> headers, String body) {
    /// The body as JSON.
    public Map<String, @Nullable Object> json() {
      try {
        return Json.readObject(body.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /// One answer.
  public interface Answer {
    /// Answers.
    ///
    /// @return whether the connection can take another request
    boolean write(OutputStream out) throws IOException;
  }

  private ScriptedModelServer(ServerSocket listening) {
    this.listening = listening;
  }

  /// Starts on a free port of this machine.
  public static ScriptedModelServer start(Answer... answers) throws IOException {
    var server = new ScriptedModelServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
    server.then(answers);
    daemon(server::accept);
    return server;
  }

  /// More answers, after those that are left.
  public synchronized void then(Answer... more) {
    answers.addAll(List.of(more));
  }

  /// What comes before `/responses` and `/chat/completions`.
  public String baseUrl() {
    return "http://127.0.0.1:%d/v1".formatted(listening.getLocalPort());
  }

  /// What was asked so far, the oldest first.
  public List<Request> requests() {
    return List.copyOf(requests);
  }

  /// How many connections were made so far.
  public int connections() {
    return sockets.size();
  }

  /// A response with items that completes; 42 tokens in, 12 of them cached, 5 out.
  ///
  /// @param items JSON
  public static Answer items(String... items) {
    return sse(
        String.join("", done(items))
            + event(
                """
                {"type":"response.completed","response":{"id":"r","output":[],"usage":{\
                "input_tokens":42,"input_tokens_details":{"cached_tokens":12},"output_tokens":5,\
                "output_tokens_details":{"reasoning_tokens":0},"total_tokens":47}}}\
                """));
  }

  /// A response with items that never completes: the connection breaks off.
  public static Answer drop(String... items) {
    return raw(
        head(200, "text/event-stream", Map.of())
            + chunk(String.join("", done(items)))
            // More was announced than comes.
            + "40\r\ndata: {\"type\":\"resp");
  }

  /// A response that fails.
  public static Answer failed(String code, String message) {
    return sse(
        event(
            text(
                Map.of(
                    "type",
                    "response.failed",
                    "response",
                    Map.of("error", Map.of("code", code, "message", message))))));
  }

  /// An assistant's message, as JSON.
  public static String message(String text) {
    return text(
        Map.of(
            "type",
            "message",
            "id",
            "msg_1",
            "role",
            "assistant",
            "content",
            List.of(Map.of("type", "output_text", "text", text))));
  }

  /// A function call, as JSON.
  public static String call(String id, String name, String arguments) {
    return text(
        Map.of("type", "function_call", "call_id", id, "name", name, "arguments", arguments));
  }

  /// A status with a body.
  public static Answer status(int status, String body) {
    return status(status, Map.of(), body);
  }

  /// A status with headers and a body.
  public static Answer status(int status, Map<String, String> headers, String body) {
    return out -> {
      write(out, head(status, "application/json", headers) + chunk(body) + "0\r\n\r\n");
      return true;
    };
  }

  /// A stream that ends as it should.
  public static Answer sse(String text) {
    return out -> {
      write(out, head(200, "text/event-stream", Map.of()) + chunk(text) + "0\r\n\r\n");
      return true;
    };
  }

  /// Chunks of a chat completion, and `[DONE]`.
  ///
  /// @param chunks JSON
  public static Answer chat(String... chunks) {
    var text = new StringBuilder();
    for (var it : chunks) {
      text.append(event(it));
    }
    return sse(text + event("[DONE]"));
  }

  /// These bytes as the whole answer, head included; then the connection breaks off.
  public static Answer raw(String bytes) {
    return out -> {
      write(out, bytes);
      return false;
    };
  }

  /// A stream that begins and then says nothing more, until the other side has had enough.
  public static Answer silent(String beginning) {
    return out -> {
      write(out, head(200, "text/event-stream", Map.of()) + chunk(beginning));
      return waitForever();
    };
  }

  /// No answer at all, until the other side has had enough.
  public static Answer nothing() {
    return _ -> waitForever();
  }

  /// A stream that says the same thing again and again.
  public static Answer endless(String beginning, String again) {
    return out -> {
      write(out, head(200, "text/event-stream", Map.of()) + chunk(beginning));
      while (true) {
        write(out, chunk(again));
      }
    };
  }

  /// A stream that comes in pieces, with a pause before each.
  public static Answer drip(Duration pause, String... pieces) {
    return out -> {
      write(out, head(200, "text/event-stream", Map.of()));
      for (var it : pieces) {
        LockSupport.parkNanos(pause.toNanos());
        write(out, chunk(it));
      }
      write(out, "0\r\n\r\n");
      return true;
    };
  }

  /// One event of a stream.
  public static String event(String data) {
    return "data: " + data + "\n\n";
  }

  private static List<String> done(String... items) {
    var events = new ArrayList<String>();
    for (var it : items) {
      events.add(event("{\"type\":\"response.output_item.done\",\"item\":" + it + "}"));
    }
    return events;
  }

  private static String text(Object json) {
    return new String(Json.line(json), StandardCharsets.UTF_8);
  }

  private static String head(int status, String type, Map<String, String> headers) {
    var head = new StringBuilder("HTTP/1.1 " + status + " x\r\ncontent-type: " + type + "\r\n");
    headers.forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    return head + "transfer-encoding: chunked\r\n\r\n";
  }

  private static String chunk(String text) {
    var length = text.getBytes(StandardCharsets.UTF_8).length;
    return length == 0 ? "" : HexFormat.of().toHexDigits(length) + "\r\n" + text + "\r\n";
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /// Ends when the server does: nothing else wakes it.
  private static boolean waitForever() throws IOException {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
    return false;
  }

  private void accept() {
    try {
      while (true) {
        var socket = listening.accept();
        sockets.add(socket);
        daemon(() -> serve(socket));
      }
    } catch (IOException _) {
      // Closed.
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      var in = new BufferedInputStream(socket.getInputStream());
      var request = read(in);
      while (request != null) {
        requests.add(request);
        if (!next().write(socket.getOutputStream())) {
          return;
        }
        request = read(in);
      }
    } catch (IOException _) {
      // The other side has had enough.
    }
  }

  private synchronized Answer next() {
    var it = answers.poll();
    if (it != null) {
      last = it;
    }
    return last;
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    var first = line(in);
    if (first.isEmpty()) {
      return null;
    }
    var headers = new TreeMap<String, String>();
    for (var it = line(in); !it.isEmpty(); it = line(in)) {
      var colon = it.indexOf(':');
      if (colon < 0) {
        throw new IOException("this is no HTTP: " + it.length() + " bytes");
      }
      headers.put(it.substring(0, colon).toLowerCase(Locale.ROOT), it.substring(colon + 1).strip());
    }
    var words = first.split(" ", -1);
    var length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
    return new Request(
        words[0], words[1], headers, new String(in.readNBytes(length), StandardCharsets.UTF_8));
  }

  private static String line(InputStream in) throws IOException {
    var line = new ByteArrayOutputStream();
    for (var it = in.read(); it >= 0 && it != '\n'; it = in.read()) {
      line.write(it);
    }
    return line.toString(StandardCharsets.ISO_8859_1).strip();
  }

  private static void daemon(Runnable work) {
    var thread = new Thread(work, "scripted-model");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (var it : sockets) {
      it.close();
    }
  }
}
