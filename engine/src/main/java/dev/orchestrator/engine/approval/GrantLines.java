package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import dev.orchestrator.engine.wire.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Grants as lines of JSON, each with the SHA-256 of the rest of its line, so that a line that was
/// damaged is noticed.
final class GrantLines {
  private static final String HASH = "hash";

  private GrantLines() {}

  static Map<String, @Nullable Object> fields(Grant it) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("id", it.id());
    fields.put("decision", it.allows() ? "allow" : "deny");
    fields.put("covers", fields(it.covers()));
    fields.put("scope", lower(it.scope()));
    fields.put("where", it.where());
    fields.put("level", lower(it.level()));
    fields.put("openings", it.openings().stream().map(GrantLines::fields).toList());
    fields.put("given_at", it.givenAt().toString());
    fields.put("by", it.by());
    fields.put("expires_at", it.expires() == null ? null : String.valueOf(it.expires()));
    fields.put("uses", it.uses());
    fields.put("reason", it.reason());
    return fields;
  }

  private static Map<String, @Nullable Object> fields(Cover covers) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    switch (covers) {
      case Cover.Exact it -> {
        fields.put("kind", "exact");
        fields.put("key", it.key());
        fields.put("text", it.text());
      }
      case Cover.OpaqueText it -> {
        fields.put("kind", "text");
        fields.put("sha256", it.hash());
        fields.put("text", it.text());
      }
      case Cover.Shape it -> {
        fields.put("kind", "shape");
        fields.put("words", it.words());
      }
      case Cover.McpTool it -> {
        fields.put("kind", "mcp");
        fields.put("server", it.server());
        fields.put("tool", it.tool());
      }
      case Cover.Writable it -> {
        fields.put("kind", "path");
        fields.put("path", it.path());
      }
    }
    return fields;
  }

  private static Map<String, @Nullable Object> fields(Opening opening) {
    var fields = new LinkedHashMap<String, @Nullable Object>();
    switch (opening) {
      case Opening.WritablePath it -> {
        fields.put("kind", "path");
        fields.put("path", it.path());
      }
      case Opening.UnixSocket it -> {
        fields.put("kind", "socket");
        fields.put("path", it.path());
      }
      case Opening.GitMetadata it -> {
        fields.put("kind", "git");
        fields.put("path", it.common());
        fields.put("own", it.own());
      }
      case Opening.Localhost _ -> fields.put("kind", "localhost");
      case Opening.Network _ -> fields.put("kind", "network");
      case Opening.Everything _ -> fields.put("kind", "everything");
    }
    return fields;
  }

  /// One line with its hash and a line break.
  static byte[] line(Map<String, @Nullable Object> fields) {
    var hashed = new LinkedHashMap<String, @Nullable Object>(fields);
    hashed.remove(HASH);
    hashed.put(HASH, hashOf(hashed));
    var text = new String(Json.line(hashed), StandardCharsets.UTF_8) + "\n";
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String hashOf(Map<String, @Nullable Object> fields) {
    return Cover.hash(new String(Json.line(fields), StandardCharsets.UTF_8));
  }

  /// Whether the line is as it was written.
  static boolean isWhole(Map<String, @Nullable Object> fields) {
    var rest = new LinkedHashMap<String, @Nullable Object>(fields);
    rest.remove(HASH);
    return hashOf(rest).equals(fields.get(HASH));
  }

  /// Reads a grant.
  ///
  /// @throws IllegalArgumentException if something is missing or unknown
  static Grant grant(Map<String, @Nullable Object> fields) {
    var expires = fields.get("expires_at");
    return new Grant(
        text(fields, "id"),
        switch (text(fields, "decision")) {
          case "allow" -> true;
          case "deny" -> false;
          default -> throw new IllegalArgumentException("an unknown decision");
        },
        cover(object(fields.get("covers"))),
        Scope.valueOf(text(fields, "scope").toUpperCase(Locale.ROOT)),
        text(fields, "where"),
        Level.valueOf(text(fields, "level").toUpperCase(Locale.ROOT)),
        openings(fields.get("openings")),
        Instant.parse(text(fields, "given_at")),
        text(fields, "by"),
        expires == null ? null : Instant.parse(String.valueOf(expires)),
        fields.get("uses") instanceof Long uses ? Math.toIntExact(uses) : 0,
        fields.get("reason") instanceof String it ? it : null);
  }

  private static Cover cover(Map<String, @Nullable Object> fields) {
    return switch (text(fields, "kind")) {
      case "exact" -> new Cover.Exact(text(fields, "key"), text(fields, "text"));
      case "text" -> new Cover.OpaqueText(text(fields, "sha256"), text(fields, "text"));
      case "shape" ->
          new Cover.Shape(
              fields.get("words") instanceof List<?> words
                  ? words.stream().map(String::valueOf).toList()
                  : List.of());
      case "mcp" -> new Cover.McpTool(text(fields, "server"), text(fields, "tool"));
      case "path" -> new Cover.Writable(text(fields, "path"));
      default -> throw new IllegalArgumentException("an unknown kind of grant");
    };
  }

  private static List<Opening> openings(@Nullable Object value) {
    var openings = new ArrayList<Opening>();
    if (value instanceof List<?> list) {
      list.forEach(it -> openings.add(opening(object(it))));
    }
    return openings;
  }

  private static Opening opening(Map<String, @Nullable Object> fields) {
    return switch (text(fields, "kind")) {
      case "path" -> new Opening.WritablePath(Path.of(text(fields, "path")));
      case "socket" -> new Opening.UnixSocket(Path.of(text(fields, "path")));
      case "git" ->
          new Opening.GitMetadata(Path.of(text(fields, "path")), Path.of(text(fields, "own")));
      case "localhost" -> new Opening.Localhost();
      case "network" -> new Opening.Network();
      case "everything" -> new Opening.Everything();
      default -> throw new IllegalArgumentException("an unknown kind of opening");
    };
  }

  static Map<String, @Nullable Object> object(@Nullable Object value) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    if (value instanceof Map<?, ?> map) {
      map.forEach((name, it) -> object.put(String.valueOf(name), it));
    }
    return object;
  }

  static String text(Map<String, @Nullable Object> fields, String name) {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw new IllegalArgumentException("'" + name + "' is missing");
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
