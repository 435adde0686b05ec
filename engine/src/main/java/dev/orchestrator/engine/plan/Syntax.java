package dev.orchestrator.engine.plan;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A node of the grammar's tree.
///
/// @param type the grammar's name for it; for a token its text
/// @param start where it begins, counted as `char` of the script
/// @param end where it has ended
/// @param isNamed whether it is more than a token
record Syntax(String type, int start, int end, boolean isNamed, List<Syntax> children) {
  boolean is(String wanted) {
    return type.equals(wanted);
  }

  boolean isLeaf() {
    return children.isEmpty();
  }

  /// The first child of that type.
  @Nullable Syntax child(String wanted) {
    for (var it : children) {
      if (it.is(wanted)) {
        return it;
      }
    }
    return null;
  }

  /// Shows this node and everything below it, from left to right.
  void forEach(Consumer<Syntax> reader) {
    reader.accept(this);
    for (var it : children) {
      it.forEach(reader);
    }
  }
}
