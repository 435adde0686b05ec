package dev.orchestrator.engine.model;

import java.util.Map;

/// The names of HTTP's status codes (RFC 9110, section 15), which the JDK's client does not keep.
final class Statuses {
  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(204, "No Content"),
          Map.entry(301, "Moved Permanently"),
          Map.entry(302, "Found"),
          Map.entry(303, "See Other"),
          Map.entry(304, "Not Modified"),
          Map.entry(307, "Temporary Redirect"),
          Map.entry(308, "Permanent Redirect"),
          Map.entry(400, "Bad Request"),
          Map.entry(401, "Unauthorized"),
          Map.entry(402, "Payment Required"),
          Map.entry(403, "Forbidden"),
          Map.entry(404, "Not Found"),
          Map.entry(405, "Method Not Allowed"),
          Map.entry(406, "Not Acceptable"),
          Map.entry(407, "Proxy Authentication Required"),
          Map.entry(408, "Request Timeout"),
          Map.entry(409, "Conflict"),
          Map.entry(410, "Gone"),
          Map.entry(413, "Payload Too Large"),
          Map.entry(415, "Unsupported Media Type"),
          Map.entry(418, "I'm a teapot"),
          Map.entry(422, "Unprocessable Entity"),
          Map.entry(424, "Failed Dependency"),
          Map.entry(426, "Upgrade Required"),
          Map.entry(429, "Too Many Requests"),
          Map.entry(500, "Internal Server Error"),
          Map.entry(501, "Not Implemented"),
          Map.entry(502, "Bad Gateway"),
          Map.entry(503, "Service Unavailable"),
          Map.entry(504, "Gateway Timeout"),
          Map.entry(529, "Site is overloaded"));

  private Statuses() {}

  /// `404 Not Found`.
  static String text(int status) {
    return status + " " + NAMES.getOrDefault(status, "<unknown status code>");
  }
}
