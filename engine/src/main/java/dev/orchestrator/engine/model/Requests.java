package dev.orchestrator.engine.model;

import dev.orchestrator.engine.secret.Secret;
import dev.orchestrator.engine.wire.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The HTTP requests of a provider. Immutable.
final class Requests {
  private final Provider provider;
  private final Protocol protocol;
  private final String version;
  private final String originator;

  Requests(Provider provider, Protocol protocol, String version, String originator) {
    this.provider = provider;
    this.protocol = protocol;
    this.version = version;
    this.originator = originator;
  }

  /// What is asked, without its query and without a name or password in it; for messages.
  String shownUrl() {
    var url = base() + protocol.path();
    var scheme = url.indexOf("://");
    var at = url.indexOf('@');
    var slash = url.indexOf('/', scheme + 3);
    return scheme >= 0 && at >= 0 && (slash < 0 || at < slash)
        ? url.substring(0, scheme + 3) + url.substring(at + 1)
        : url;
  }

  private String base() {
    var url = provider.baseUrl().strip();
    var query = url.indexOf('?');
    var path = query < 0 ? url : url.substring(0, query);
    while (path.endsWith("/")) {
      path = path.substring(0, path.length() - 1);
    }
    return path;
  }

  private String query() {
    var query = provider.baseUrl().indexOf('?');
    var own = query < 0 ? "" : provider.baseUrl().strip().substring(query + 1);
    if (own.isEmpty() && provider.queryParams().isEmpty()) {
      return "";
    }
    var more =
        new TreeMap<>(provider.queryParams())
            .entrySet().stream()
                .map(it -> encoded(it.getKey()) + "=" + encoded(it.getValue()))
                .collect(Collectors.joining("&"));
    return "?" + own + (own.isEmpty() || more.isEmpty() ? "" : "&") + more;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// The values that may stand in a request and in no message, by their variables' names.
  Map<String, String> secrets(Keys keys, @Nullable Secret key) {
    var secrets = new HashMap<String, String>();
    if (key != null) {
      secrets.put("key", key.reveal());
    }
    provider
        .envHeaders()
        .values()
        .forEach(variable -> {
          var value = keys.header(variable);
          if (value != null) {
            secrets.put(variable, value);
          }
        });
    return secrets;
  }

  HttpRequest.Builder request(
      ModelRequest request,
      List<ResponseItem> input,
      Keys keys,
      @Nullable Secret key,
      Failures failures)
      throws ModelFailure {
    HttpRequest.Builder http;
    try {
      http = HttpRequest.newBuilder(new URI(base() + protocol.path() + query()));
    } catch (URISyntaxException | IllegalArgumentException _) {
      throw failures.unusable("%s is no http or https URL".formatted(shownUrl()));
    }
    var headers = headers(request.threadId(), key);
    provider.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    provider
        .envHeaders()
        .forEach((name, variable) -> {
          var value = keys.header(variable);
          if (value != null) {
            headers.put(name.toLowerCase(Locale.ROOT), value);
          }
        });
    for (var it : headers.entrySet()) {
      try {
        http.setHeader(it.getKey(), it.getValue());
      } catch (IllegalArgumentException _) {
        throw failures.unusable("the header `%s` cannot be sent".formatted(it.getKey()));
      }
    }
    var body = Json.line(protocol.body(request, input));
    return http.POST(HttpRequest.BodyPublishers.ofByteArray(body));
  }

  private Map<String, String> headers(String thread, @Nullable Secret key) {
    var headers = new TreeMap<String, String>();
    headers.put("content-type", "application/json");
    headers.put("accept", "text/event-stream");
    headers.put("originator", originator);
    headers.put("user-agent", "orchestrator/" + version);
    if (!thread.isEmpty()) {
      headers.put("session-id", thread);
      headers.put("thread-id", thread);
      headers.put("x-client-request-id", thread);
    }
    if (key != null) {
      headers.put("authorization", "Bearer " + key.reveal());
    }
    return headers;
  }
}
