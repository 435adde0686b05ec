package dev.orchestrator.engine.thread;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ResponseItem;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// An object of a rollout, which may hold anything. Whatever is not as it must be is a [Bad].
///
/// @param object the fields
record Fields(Map<String, @Nullable Object> object) {
  /// Something is not as it must be.
  static final class Bad extends Exception {
    private static final long serialVersionUID = 1;

    Bad(String message) {
      super(message, null, false, false);
    }
  }

  static Fields of(@Nullable Object value, String name) throws Bad {
    if (!(value instanceof Map<?, ?> map)) {
      throw new Bad(name + " is no object");
    }
    var object = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((key, it) -> object.put(String.valueOf(key), it));
    return new Fields(object);
  }

  Fields child(String name) throws Bad {
    return of(object.get(name), name);
  }

  boolean has(String name) {
    return object.get(name) != null;
  }

  String text(String name) throws Bad {
    if (object.get(name) instanceof String it) {
      return it;
    }
    throw new Bad(name + " is no text");
  }

  @Nullable String textOrNull(String name) throws Bad {
    return has(name) ? text(name) : null;
  }

  /// A whole number that is not negative.
  long count(String name) throws Bad {
    if (object.get(name) instanceof Long it && it >= 0) {
      return it;
    }
    throw new Bad(name + " is no count");
  }

  UUID uuid(String name) throws Bad {
    try {
      return UUID.fromString(text(name));
    } catch (IllegalArgumentException _) {
      throw new Bad(name + " is no UUID");
    }
  }

  List<?> list(String name) throws Bad {
    if (object.get(name) instanceof List<?> it) {
      return it;
    }
    throw new Bad(name + " is no list");
  }

  private boolean flag(String name) throws Bad {
    if (object.get(name) instanceof Boolean it) {
      return it;
    }
    throw new Bad(name + " is neither true nor false");
  }

  private Path path(String name) throws Bad {
    return path(object.get(name), name);
  }

  private static Path path(@Nullable Object value, String name) throws Bad {
    try {
      if (value instanceof String text && Path.of(text).isAbsolute()) {
        return Path.of(text);
      }
    } catch (InvalidPathException _) {
      // Said below.
    }
    throw new Bad(name + " is no absolute path");
  }

  private Instant instant(String name) throws Bad {
    try {
      return Instant.parse(text(name));
    } catch (DateTimeException _) {
      throw new Bad(name + " is no time");
    }
  }

  ThreadMeta meta() throws Bad {
    var name = textOrNull("name");
    return new ThreadMeta(
        uuid("id"),
        instant("timestamp"),
        path("cwd"),
        text("cli_version"),
        text("model_provider"),
        name != null && ThreadMeta.isName(name) ? name : null,
        has("base_instructions") ? child("base_instructions").text("text") : null);
  }

  @Nullable Origin origin() throws Bad {
    return has("forked_from_id")
        ? new Origin(uuid("forked_from_id"), count("forked_from_ordinal_exclusive"))
        : null;
  }

  TurnContext context() throws Bad {
    var sandbox = child("sandbox_policy");
    var roots = new ArrayList<Path>();
    for (var it : sandbox.list("writable_roots")) {
      roots.add(path(it, "writable_roots"));
    }
    return new TurnContext(
        text("turn_id"),
        path("cwd"),
        text("approval_policy"),
        sandbox.text("type"),
        roots,
        sandbox.flag("network_access"),
        text("model"),
        text("model_provider"),
        textOrNull("effort"),
        textOrNull("summary"));
  }

  Usage usage() throws Bad {
    return new Usage(
        count("input_tokens"),
        count("cached_input_tokens"),
        count("cache_write_input_tokens"),
        count("output_tokens"),
        count("reasoning_output_tokens"));
  }

  /// The items of a history.
  List<ResponseItem> items(String name) throws Bad {
    var items = new ArrayList<ResponseItem>();
    for (var it : list(name)) {
      items.add(of(it, name).item());
    }
    return items;
  }

  ResponseItem item() throws Bad {
    if (text("type").isEmpty()) {
      throw new Bad("type is empty");
    }
    return new ResponseItem(object);
  }
}
