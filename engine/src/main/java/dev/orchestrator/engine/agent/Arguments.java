package dev.orchestrator.engine.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orchestrator.engine.agent.ModelTool.BadArguments;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The arguments of a function call, as the model has written them.
record Arguments(Map<String, @Nullable Object> all) {

  /// @throws BadArguments if they are no JSON object
  static Arguments of(ResponseItem call) throws BadArguments {
    try {
      return new Arguments(Json.readObject(call.arguments().getBytes(UTF_8)));
    } catch (IOException e) {
      throw bad(String.valueOf(e.getMessage()));
    }
  }

  private static BadArguments bad(String why) {
    return new BadArguments("failed to parse function arguments: " + why);
  }

  String required(String name) throws BadArguments {
    return text(name).orElseThrow(() -> bad("missing field `" + name + "`"));
  }

  Optional<String> text(String name) throws BadArguments {
    return switch (all.get(name)) {
      case null -> Optional.empty();
      case String it -> Optional.of(it);
      default -> throw bad("`" + name + "` is no text");
    };
  }

  boolean flag(String name, boolean fallback) throws BadArguments {
    return switch (all.get(name)) {
      case null -> fallback;
      case Boolean it -> it;
      default -> throw bad("`" + name + "` is neither true nor false");
    };
  }

  Optional<Long> number(String name) throws BadArguments {
    return switch (all.get(name)) {
      case null -> Optional.empty();
      case Long it -> Optional.of(it);
      case Double it -> Optional.of(it.longValue());
      default -> throw bad("`" + name + "` is no number");
    };
  }

  List<Arguments> objects(String name) throws BadArguments {
    if (!(all.get(name) instanceof List<?> list)) {
      throw bad("missing field `" + name + "`");
    }
    var objects = new ArrayList<Arguments>();
    for (var it : list) {
      if (!(it instanceof Map<?, ?> map)) {
        throw bad("`" + name + "` has an entry that is no object");
      }
      var fields = new LinkedHashMap<String, @Nullable Object>();
      map.forEach((key, value) -> fields.put(String.valueOf(key), value));
      objects.add(new Arguments(fields));
    }
    return List.copyOf(objects);
  }
}
