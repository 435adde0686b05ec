package dev.orchestrator.engine.settings;

import dev.orchestrator.engine.settings.Node.Leaf;
import dev.orchestrator.engine.settings.Node.Table;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.tomlj.Toml;
import org.tomlj.TomlArray;
import org.tomlj.TomlParseError;
import org.tomlj.TomlParseResult;
import org.tomlj.TomlTable;

/// TOML as layers. Loaded only if there is TOML to read, because its parser is large.
final class TomlReader {
  /// Names the value of an override while it is parsed.
  private static final String NAME = "value";

  private TomlReader() {}

  /// What a text says.
  ///
  /// @throws SettingsException naming line and column of everything that is not TOML
  static Table parse(Path file, String text) throws SettingsException {
    var ready = new TomlText(text);
    if (ready.tooDeep().isPresent()) {
      throw new SettingsException(
          List.of(
              "%s:%d: nested deeper than %d"
                  .formatted(file, ready.tooDeep().get(), TomlText.DEEPEST)));
    }
    var result = parsed(ready.kept());
    if (result.isEmpty()) {
      throw new SettingsException(
          List.of("%s: too much to read in the memory there is; make it smaller".formatted(file)));
    }
    if (result.get().hasErrors()) {
      throw new SettingsException(
          result.get().errors().stream().map(it -> problem(file, ready, it)).toList());
    }
    return table(file, ready, result.get(), 1);
  }

  /// What a text is, or empty if it cannot be held in memory.
  private static Optional<TomlParseResult> parsed(String text) {
    try {
      return Optional.of(Toml.parse(text));
    } catch (OutOfMemoryError | StackOverflowError _) {
      // The parser keeps some hundred bytes for each character of the strangest texts.
      return Optional.empty();
    }
  }

  private static String problem(Path file, TomlText ready, TomlParseError it) {
    return "%s:%d:%d: %s"
        .formatted(file, ready.line(it.position().line()), it.position().column(), it.getMessage());
  }

  private static Table table(Path file, TomlText ready, TomlTable from, int line) {
    var table = new Table(new Origin.File(file, line));
    for (var entry : from.entrySet()) {
      var position = from.inputPositionOf(List.of(entry.getKey()));
      var at = position == null ? line : ready.line(position.line());
      table.put(
          entry.getKey(),
          entry.getValue() instanceof TomlTable it
              ? table(file, ready, it, at)
              : new Leaf(value(entry.getValue()), new Origin.File(file, at)));
    }
    return table;
  }

  /// Dates and times stay text; no key wants one.
  private static Object value(Object it) {
    return switch (it) {
      case TomlArray array -> list(array);
      case TomlTable table -> map(table);
      case String text -> text;
      case Long number -> number;
      case Double number -> number;
      case Boolean flag -> flag;
      default -> String.valueOf(it);
    };
  }

  private static List<Object> list(TomlArray array) {
    var list = new ArrayList<Object>();
    for (var i = 0; i < array.size(); i++) {
      list.add(value(array.get(i)));
    }
    return list;
  }

  private static Map<String, Object> map(TomlTable table) {
    var map = new LinkedHashMap<String, Object>();
    for (var entry : table.entrySet()) {
      map.put(entry.getKey(), value(entry.getValue()));
    }
    return map;
  }

  /// One value, or empty if the text is none.
  static Optional<Node> value(String text, Origin origin) {
    var ready = new TomlText(NAME + " = " + text);
    var result =
        ready.tooDeep().isPresent() ? Optional.<TomlParseResult>empty() : parsed(ready.kept());
    if (result.isEmpty() || result.get().hasErrors()) {
      return Optional.empty();
    }
    // More than one key means that the text went on behind its value.
    if (result.get().size() != 1) {
      return Optional.empty();
    }
    var value = result.get().get(List.of(NAME));
    return switch (value) {
      case null -> Optional.empty();
      case TomlTable it -> {
        var table = new Table(origin);
        map(it).forEach((name, child) -> table.put(name, node(child, origin)));
        yield Optional.of(table);
      }
      default -> Optional.of(new Leaf(value(value), origin));
    };
  }

  private static Node node(Object value, Origin origin) {
    if (value instanceof Map<?, ?> map) {
      var table = new Table(origin);
      map.forEach((name, child) -> table.put(String.valueOf(name), node(child, origin)));
      return table;
    }
    return new Leaf(value, origin);
  }
}
