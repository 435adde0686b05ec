package dev.orchestrator.engine.model;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/// Why there is no connection, in words; the JDK's own are often missing.
final class NetworkCauses {
  private static final int DEEPEST = 10;

  private NetworkCauses() {}

  static String text(IOException failure, Limits limits) {
    for (var it : chain(failure)) {
      switch (it) {
        case UnresolvedAddressException _, UnknownHostException _ -> {
          return "no such host";
        }
        case HttpConnectTimeoutException _ -> {
          return "no connection within %d seconds".formatted(limits.connect().toSeconds());
        }
        case SSLException tls -> {
          return "TLS: " + Objects.requireNonNullElse(tls.getMessage(), "handshake failed");
        }
        case ConnectException refused -> {
          if (refused.getMessage() != null) {
            return refused.getMessage().toLowerCase(Locale.ROOT);
          }
        }
        default -> {}
      }
    }
    if (failure instanceof ConnectException) {
      return "connection refused";
    }
    var last = chain(failure).getLast();
    if (last instanceof ClosedChannelException || last instanceof EOFException) {
      return "the connection was closed without an answer";
    }
    return Objects.requireNonNullElse(last.getMessage(), last.getClass().getSimpleName());
  }

  /// Whether the other side is not who it should be, which no retry changes.
  static boolean isUntrusted(IOException failure) {
    return chain(failure).stream()
        .anyMatch(
            it -> it instanceof CertificateException || it instanceof SSLPeerUnverifiedException);
  }

  private static List<Throwable> chain(Throwable failure) {
    var all = new ArrayList<Throwable>();
    for (Throwable it = failure; it != null && all.size() < DEEPEST; it = it.getCause()) {
      all.add(it);
    }
    return all;
  }
}
