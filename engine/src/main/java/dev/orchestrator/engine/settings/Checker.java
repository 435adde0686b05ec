package dev.orchestrator.engine.settings;

import dev.orchestrator.engine.settings.Kind.Form;
import dev.orchestrator.engine.settings.Node.Leaf;
import dev.orchestrator.engine.settings.Node.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Holds a layer against the known keys: what is of the wrong kind is a problem, what is unknown a
/// warning. Confined to the thread that loads.
final class Checker {
  private final Path userHome;
  private final List<String> problems = new ArrayList<>();
  private final List<String> unknown = new ArrayList<>();

  Checker(Path userHome) {
    this.userHome = userHome;
  }

  /// The layer as it counts: without unknown keys, with absolute paths.
  ///
  /// @param folder what relative paths are relative to
  Table check(Table layer, Path folder) {
    var checked = new Table(layer.origin());
    check(layer, List.of(), folder, checked);
    return checked;
  }

  /// What is of the wrong kind.
  List<String> problems() {
    return problems;
  }

  /// What is not known.
  List<String> unknown() {
    return unknown;
  }

  private void check(Table table, List<String> path, Path folder, Table checked) {
    table
        .children()
        .forEach((name, node) -> {
          var here = new ArrayList<>(path);
          here.add(name);
          switch (node) {
            case Leaf it -> leaf(it, here, folder, checked);
            case Table it -> table(it, here, folder, checked);
          }
        });
  }

  private void leaf(Leaf leaf, List<String> path, Path folder, Table checked) {
    var key = Keys.find(path);
    if (key.isPresent()) {
      var accepted = key.get().accept(leaf.value(), folder, userHome);
      if (accepted != null) {
        checked.put(path, new Leaf(accepted, leaf.origin()));
      } else {
        wrong(leaf, path, key.get().expected());
      }
    } else if (Keys.isPrefix(path)) {
      wrong(leaf, path, "table");
    } else {
      unknown(leaf, path);
    }
  }

  private void table(Table table, List<String> path, Path folder, Table checked) {
    var key = Keys.find(path);
    if (key.isPresent() && key.get().isTable()) {
      if (key.get().accepts(Set.of(Form.TEXTS))) {
        texts(table, path);
      }
      checked.put(path, table);
    } else if (Keys.isPrefix(path)) {
      checked.put(path, new Table(table.origin()));
      check(table, path, folder, checked);
    } else if (key.isPresent()) {
      problems.add(
          "%s: %s is a table; expected %s"
              .formatted(table.origin().text(), Values.dotted(path), key.get().expected()));
    } else {
      unknown(table, path);
    }
  }

  private void texts(Table table, List<String> path) {
    table
        .children()
        .forEach((name, node) -> {
          var here = new ArrayList<>(path);
          here.add(name);
          if (node instanceof Leaf leaf && !(leaf.value() instanceof String)) {
            wrong(leaf, here, "text");
          } else if (node instanceof Table it) {
            problems.add(
                "%s: %s is a table; expected text"
                    .formatted(it.origin().text(), Values.dotted(here)));
          }
        });
  }

  private void wrong(Leaf leaf, List<String> path, String expected) {
    problems.add(
        "%s: %s is %s; expected %s"
            .formatted(
                leaf.origin().text(),
                Values.dotted(path),
                Values.shown(path, leaf.value()),
                expected));
  }

  private void unknown(Node node, List<String> path) {
    unknown.add(
        "%s: unknown key %s%s"
            .formatted(node.origin().text(), Values.dotted(path), Keys.hint(path)));
  }
}
