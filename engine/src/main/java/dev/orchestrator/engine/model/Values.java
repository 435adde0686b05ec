package dev.orchestrator.engine.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// JSON values: copies that nobody changes, and reading what may not be there.
final class Values {
  private Values() {}

  /// An unmodifiable copy, in the same order. Keys become text.
  static Map<String, @Nullable Object> object(Map<?, ? extends @Nullable Object> map) {
    return object(map, UnaryOperator.identity());
  }

  /// The same with every text of it changed, names excepted.
  static Map<String, @Nullable Object> object(
      Map<?, ? extends @Nullable Object> map, UnaryOperator<String> text) {
    var copy = new LinkedHashMap<String, @Nullable Object>();
    map.forEach((name, it) -> copy.put(String.valueOf(name), copy(it, text)));
    return Collections.unmodifiableMap(copy);
  }

  private static @Nullable Object copy(@Nullable Object value, UnaryOperator<String> text) {
    return switch (value) {
      case Map<?, ?> map -> object(map, text);
      case List<?> list -> {
        var copy = new ArrayList<@Nullable Object>();
        list.forEach(it -> copy.add(copy(it, text)));
        yield Collections.unmodifiableList(copy);
      }
      case String it -> text.apply(it);
      case null -> null;
      default -> value;
    };
  }

  /// A field's text; empty if it is none.
  static String text(Map<String, ? extends @Nullable Object> object, String name) {
    return object.get(name) instanceof String it ? it : "";
  }

  /// A field's text; null if it is none.
  static @Nullable String textOrNull(Map<String, ? extends @Nullable Object> object, String name) {
    return object.get(name) instanceof String it ? it : null;
  }

  /// A field's whole number; 0 if it is none.
  static long number(Map<String, ? extends @Nullable Object> object, String name) {
    return object.get(name) instanceof Number it ? it.longValue() : 0;
  }

  /// A field's object; empty if it is none.
  static Map<String, @Nullable Object> child(
      Map<String, ? extends @Nullable Object> object, String name) {
    return object.get(name) instanceof Map<?, ?> it ? cast(it) : Map.of();
  }

  /// The objects of a field's list; empty if it is none.
  static List<Map<String, @Nullable Object>> children(
      Map<String, ? extends @Nullable Object> object, String name) {
    if (!(object.get(name) instanceof List<?> list)) {
      return List.of();
    }
    var found = new ArrayList<Map<String, @Nullable Object>>();
    for (var it : list) {
      if (it instanceof Map<?, ?> child) {
        found.add(cast(child));
      }
    }
    return found;
  }

  /// JSON objects have text for names.
  @SuppressWarnings("unchecked")
  private static Map<String, @Nullable Object> cast(Map<?, ?> object) {
    return (Map<String, @Nullable Object>) object;
  }

  /// A modifiable object of alternating names and values.
  static Map<String, @Nullable Object> of(@Nullable Object... namesAndValues) {
    var object = new LinkedHashMap<String, @Nullable Object>();
    for (var at = 0; at < namesAndValues.length; at += 2) {
      object.put(String.valueOf(namesAndValues[at]), namesAndValues[at + 1]);
    }
    return object;
  }
}
