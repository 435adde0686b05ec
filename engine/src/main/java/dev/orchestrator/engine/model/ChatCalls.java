package dev.orchestrator.engine.model;

import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Calls that come in pieces. Confined to one thread.
///
/// Servers differ in what they repeat: a piece belongs to the call of its index, unless it has an
/// id and that call another one; without an index, to the call of its id; without both, to the last
/// call, unless that is whole and the piece names a function.
final class ChatCalls {
  private final ChatTools tools;
  private final Chat.CallIds ids;
  private final Items items;
  private final List<Pieces> all = new ArrayList<>();

  private static final class Pieces {
    final @Nullable Long index;
    String id = "";
    String name = "";
    final StringBuilder arguments = new StringBuilder();

    Pieces(@Nullable Long index) {
      this.index = index;
    }

    boolean isWhole() {
      try {
        Json.readObject(arguments.toString().getBytes(StandardCharsets.UTF_8));
        return true;
      } catch (IOException _) {
        return false;
      }
    }
  }

  ChatCalls(ChatTools tools, Chat.CallIds ids, Items items) {
    this.tools = tools;
    this.ids = ids;
    this.items = items;
  }

  /// Takes a piece; the arguments in it.
  String add(Map<String, @Nullable Object> piece) throws ModelFailure {
    var function = Values.child(piece, "function");
    var name = Values.text(function, "name");
    var id = Values.text(piece, "id");
    var call = find(piece.get("index") instanceof Long it ? it : null, id, name);
    if (call.id.isEmpty()) {
      call.id = id;
    }
    if (call.name.isEmpty()) {
      call.name = name;
    }
    var arguments = arguments(function.get("arguments"));
    items.count(arguments.length());
    call.arguments.append(arguments);
    return arguments;
  }

  /// JSON as text; some servers send it as an object.
  private static String arguments(@Nullable Object value) {
    return switch (value) {
      case String it -> it;
      case Map<?, ?> it -> new String(Json.line(it), StandardCharsets.UTF_8);
      case null, default -> "";
    };
  }

  private Pieces find(@Nullable Long index, String id, String name) throws ModelFailure {
    // The last one first: an index that is used again means the newer call.
    for (var it : all.reversed()) {
      if (index != null && index.equals(it.index)) {
        if (id.isEmpty() || it.id.isEmpty() || id.equals(it.id)) {
          return it;
        }
        break;
      }
      if (index == null && !id.isEmpty() && id.equals(it.id)) {
        return it;
      }
    }
    if (index == null && id.isEmpty() && !all.isEmpty()) {
      var last = all.getLast();
      if (name.isEmpty() || !last.isWhole()) {
        return last;
      }
    }
    var call = new Pieces(index);
    items.count(256);
    all.add(call);
    return call;
  }

  /// Whether nothing is missing from any call, as far as that can be seen.
  boolean areWhole() {
    return all.stream().allMatch(it -> it.arguments.isEmpty() || it.isWhole());
  }

  /// All pieces are there.
  void end() throws ModelFailure {
    for (var it : all) {
      var arguments = it.arguments.isEmpty() ? "{}" : it.arguments.toString();
      items.add(tools.received(ids.unique(it.id), it.name, arguments), 0);
    }
    all.clear();
  }
}
