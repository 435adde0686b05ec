package dev.orchestrator.engine.settings;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// Values as people see them: in the form of TOML, without secrets.
final class Values {
  static final String REDACTED = "[redacted]";
  private static final int LONGEST_SHOWN = 80;
  private static final Pattern BARE = Pattern.compile("[A-Za-z0-9_-]+");
  private static final Pattern USER_IN_URL = Pattern.compile("(?<=://)[^/@\\s]*@");
  private static final List<String> SECRET_PARTS =
      List.of("token", "secret", "password", "passwd", "bearer", "credential", "apikey");
  private static final List<String> HEADERS = List.of("http_headers", "headers");

  /// Names of variables that hold a secret, and numbers; no secrets themselves.
  private static final Pattern HARMLESS =
      Pattern.compile(
          "env_key(_instructions)?|.*_env_var|.*_token_limit(_scope)?|.*_credentials_store"
              + "|token_limit|ca-certificate|client-certificate");

  private Values() {}

  /// A path of names as a dotted key.
  static String dotted(List<String> path) {
    return String.join(
        ".", path.stream().map(it -> BARE.matcher(it).matches() ? it : quoted(it)).toList());
  }

  /// A dotted key as names; parts may be in double or single quotes.
  ///
  /// @throws IllegalArgumentException if it is none
  static List<String> path(String dotted) {
    var path = new ArrayList<String>();
    var at = 0;
    while (true) {
      if (at < dotted.length() && (dotted.charAt(at) == '"' || dotted.charAt(at) == '\'')) {
        var quote = dotted.charAt(at++);
        var name = new StringBuilder();
        for (; at < dotted.length() && dotted.charAt(at) != quote; at++) {
          if (quote == '"' && dotted.charAt(at) == '\\' && at + 1 < dotted.length()) {
            at++;
          }
          name.append(dotted.charAt(at));
        }
        path.add(name.toString());
        at++;
      } else {
        var end = dotted.indexOf('.', at);
        path.add(dotted.substring(at, end < 0 ? dotted.length() : end));
        at = end < 0 ? dotted.length() : end;
      }
      if (path.getLast().isEmpty() || (at < dotted.length() && dotted.charAt(at) != '.')) {
        throw new IllegalArgumentException("no key: " + dotted);
      }
      if (at >= dotted.length()) {
        return path;
      }
      at++;
    }
  }

  private static boolean isSecret(List<String> path) {
    var name = path.getLast().toLowerCase(Locale.ROOT);
    if (path.size() > 1 && HEADERS.contains(path.get(path.size() - 2))) {
      return true;
    }
    if (HARMLESS.matcher(name).matches()) {
      return false;
    }
    return SECRET_PARTS.stream().anyMatch(name::contains)
        || name.endsWith("key")
        || name.endsWith("keys")
        || List.of(name.split("[-_.]", -1)).contains("key");
  }

  /// The value without secrets. Numbers and flags are none.
  static Object redacted(List<String> path, Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var result = new LinkedHashMap<String, Object>();
        map.forEach((name, it) -> {
          var here = new ArrayList<>(path);
          here.add(String.valueOf(name));
          result.put(String.valueOf(name), redacted(here, it));
        });
        yield result;
      }
      case List<?> list when !isSecret(path) || list.stream().anyMatch(Map.class::isInstance) ->
          list.stream().map(it -> redacted(path, it)).toList();
      case List<?> _ -> REDACTED;
      case String _ when isSecret(path) -> REDACTED;
      case String text -> USER_IN_URL.matcher(text).replaceAll(REDACTED + "@");
      default -> value;
    };
  }

  /// A value for a message: short, and without secrets.
  static String shown(List<String> path, Object value) {
    var text = toml(redacted(path, value));
    return text.length() <= LONGEST_SHOWN
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_SHOWN / 2)) + "…";
  }

  /// A value as TOML writes it, on one line.
  static String toml(Object value) {
    return switch (value) {
      case List<?> list -> "[" + String.join(", ", list.stream().map(Values::toml).toList()) + "]";
      case Map<?, ?> map -> {
        var parts = new ArrayList<String>();
        map.forEach(
            (name, it) -> parts.add(dotted(List.of(String.valueOf(name))) + " = " + toml(it)));
        yield parts.isEmpty() ? "{}" : "{ " + String.join(", ", parts) + " }";
      }
      case String text -> quoted(text);
      default -> String.valueOf(value);
    };
  }

  private static String quoted(String text) {
    var quoted = new StringBuilder("\"");
    for (var i = 0; i < text.length(); i++) {
      var c = text.charAt(i);
      switch (c) {
        case '"', '\\' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        default -> {
          if (c < ' ' || (c >= 0x7f && c < 0xa0)) {
            quoted.append("\\u%04x".formatted((int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }
}
