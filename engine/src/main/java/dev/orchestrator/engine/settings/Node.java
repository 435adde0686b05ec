package dev.orchestrator.engine.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A layer, or what layers make together: values in tables.
sealed interface Node {
  /// Where it was said; of a table, where its first value was.
  Origin origin();

  /// A value: text, `Long`, `Double`, `Boolean`, or a list of such and of maps.
  record Leaf(Object value, Origin origin) implements Node {}

  /// A table. Confined to the thread that loads, then never changed.
  final class Table implements Node {
    private final Map<String, Node> children = new LinkedHashMap<>();
    private final Origin origin;

    Table(Origin origin) {
      this.origin = origin;
    }

    @Override
    public Origin origin() {
      return children.isEmpty() ? origin : children.values().iterator().next().origin();
    }

    Map<String, Node> children() {
      return children;
    }

    void put(String name, Node node) {
      children.put(name, node);
    }

    /// Puts a value where a path leads; tables are made on the way, and take the place of values.
    void put(List<String> path, Node node) {
      var table = this;
      for (var name : path.subList(0, path.size() - 1)) {
        if (!(table.children.get(name) instanceof Table)) {
          table.children.put(name, new Table(node.origin()));
        }
        if (table.children.get(name) instanceof Table next) {
          table = next;
        }
      }
      table.children.put(path.getLast(), node);
    }

    /// Lays another layer over this one: tables join, everything else is replaced.
    void overlay(Table upper) {
      upper.children.forEach((name, node) -> {
        if (node instanceof Table above && children.get(name) instanceof Table below) {
          below.overlay(above);
        } else {
          children.put(name, node instanceof Table it ? it.copy() : node);
        }
      });
    }

    Table copy() {
      var copy = new Table(origin);
      copy.overlay(this);
      return copy;
    }

    @Nullable Node find(List<String> path) {
      Node node = this;
      for (var name : path) {
        var next = node instanceof Table table ? table.children.get(name) : null;
        if (next == null) {
          return null;
        }
        node = next;
      }
      return node;
    }

    /// The value as plain maps, lists, texts, numbers and booleans.
    Map<String, Object> plain() {
      var map = new LinkedHashMap<String, Object>();
      children.forEach((name, node) ->
          map.put(
              name,
              switch (node) {
                case Leaf it -> it.value();
                case Table it -> it.plain();
              }));
      return map;
    }
  }
}
