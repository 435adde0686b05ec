package dev.orchestrator.engine.model;

import dev.orchestrator.engine.model.Arrivals.Arrival;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The JDK's HTTP client, made when it is first needed.
///
/// Confined to one thread; its own threads are daemons.
final class Transport implements AutoCloseable {
  /// After the end of a reply the connection can be used again, if the server says at once that
  /// this was all.
  private static final Duration MOMENT = Duration.ofMillis(20);

  private final Limits limits;
  private @Nullable HttpClient client;
  private @Nullable ExecutorService carriers;

  Transport(Limits limits) {
    this.limits = limits;
  }

  /// An answer's head, and its body as it arrives.
  record Answer(HttpResponse<Arrivals> head) {
    Arrivals body() {
      return head.body();
    }

    /// Whether the server says where the body ends, so that a broken one can be told from a whole.
    boolean isFramed() {
      var headers = head.headers();
      return headers.firstValue("content-length").isPresent()
          || headers.firstValue("transfer-encoding").isPresent();
    }
  }

  /// There was no answer within the time.
  static final class NoAnswer extends Exception {
    private static final long serialVersionUID = 1;
  }

  /// Sends a request and waits for the answer's head.
  ///
  /// Blocking, because the client's other way ends in the common pool, whose threads would be
  /// started for nothing else. On JDK 25 its time limit is for the head alone.
  ///
  /// @throws IOException if there is no connection, or it broke
  Answer send(HttpRequest.Builder request, Duration patience)
      throws IOException, NoAnswer, InterruptedException {
    var body = new Arrivals();
    try {
      var sent = request.timeout(patience).build();
      return new Answer(client(sent.uri()).send(sent, _ -> body));
    } catch (HttpConnectTimeoutException e) {
      throw e;
    } catch (HttpTimeoutException _) {
      body.cancel();
      throw new NoAnswer();
    } catch (IOException | InterruptedException e) {
      body.cancel();
      throw e;
    }
  }

  /// Reads the beginning of a body whose end is not waited for long.
  byte[] beginning(Arrivals body, int most, Duration patience) throws InterruptedException {
    var out = new ByteArrayOutputStream();
    var until = System.nanoTime() + patience.toNanos();
    while (out.size() < most
        && body.next(Duration.ofNanos(Math.max(0, until - System.nanoTime())))
            instanceof Arrival.Piece piece) {
      for (var it : piece.bytes()) {
        append(it, most - out.size(), out);
      }
      body.more();
    }
    body.cancel();
    return out.toByteArray();
  }

  private static void append(ByteBuffer from, int most, ByteArrayOutputStream out) {
    var bytes = new byte[Math.min(from.remaining(), most)];
    from.get(bytes);
    out.writeBytes(bytes);
  }

  /// Leaves a body of which no more is wanted.
  void leave(Arrivals body) throws InterruptedException {
    body.more();
    var last = body.next(MOMENT);
    if (last instanceof Arrival.Piece) {
      body.more();
      last = body.next(MOMENT);
    }
    if (!(last instanceof Arrival.End)) {
      body.cancel();
    }
  }

  private HttpClient client(URI uri) {
    var it = client;
    if (it == null) {
      var count = new AtomicInteger();
      var threads =
          Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "model-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });
      carriers = threads;
      it =
          builder(uri)
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(limits.connect())
              .executor(threads)
              .build();
      client = it;
    }
    return it;
  }

  /// What is not redirected stays without TLS, if it begins so.
  private static HttpClient.Builder builder(URI uri) {
    var builder = HttpClient.newBuilder();
    return "https".equalsIgnoreCase(uri.getScheme()) ? builder : builder.sslContext(new NoTls());
  }

  /// Loads what the first request needs, so that it can be done beside something else; asks nobody.
  static void prepare() {
    var uri = URI.create("http://localhost/");
    try (var warm = new Transport(Limits.DEFAULT)) {
      var _ = warm.client(uri);
      var _ = HttpRequest.newBuilder(uri).build();
    }
  }

  /// Ends everything that is under way; does not wait.
  @Override
  public void close() {
    if (client != null) {
      client.shutdownNow();
    }
    if (carriers != null) {
      carriers.shutdown();
    }
  }
}
