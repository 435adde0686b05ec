package dev.orchestrator.engine.settings;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a key's value may be.
///
/// @param form one of the forms below
/// @param values what a [Form#ONE] may say, empty otherwise
record Kind(Form form, List<String> values) {
  private static final int PORTS = 65_536;

  /// How a value is written.
  enum Form {
    TEXT("text"),
    /// Not blank.
    NAME("text that is not blank"),
    ONE("one of some words"),
    NUMBER("whole number"),
    /// From 0 on.
    NATURAL("whole number from 0 on"),
    PORT("number from 0 to 65535"),
    DECIMAL("number"),
    FLAG("true or false"),
    WORDS("list of texts"),
    /// Relative ones are relative to the file's folder.
    PATH("path"),
    PATHS("list of paths"),
    /// A table of texts.
    TEXTS("table of texts"),
    /// A table or list of whatever it likes.
    TABLE("table"),
    LIST("list");

    private final String text;

    Form(String text) {
      this.text = text;
    }
  }

  /// Reads one, such as `flag` or `one(low,high)`.
  static Kind parse(String text) {
    if (text.startsWith("one(")) {
      return new Kind(Form.ONE, List.of(text.substring(4, text.length() - 1).split(",")));
    }
    return new Kind(Form.valueOf(text.toUpperCase(java.util.Locale.ROOT)), List.of());
  }

  /// For people.
  String text() {
    return form == Form.ONE ? "one of " + String.join(", ", values) : form.text;
  }

  boolean isTable() {
    return form == Form.TABLE || form == Form.TEXTS;
  }

  /// The value as it is kept, or null if it is not of this kind.
  ///
  /// @param folder what relative paths are relative to
  /// @param userHome what `~/` stands for
  @Nullable Object accept(Object value, Path folder, Path userHome) {
    return switch (form) {
      case TEXT -> value instanceof String ? value : null;
      case NAME -> value instanceof String it && !it.isBlank() ? it : null;
      case ONE -> value instanceof String it && values.contains(it) ? it : null;
      case NUMBER -> value instanceof Long ? value : null;
      case NATURAL -> value instanceof Long it && it >= 0 ? it : null;
      case PORT -> value instanceof Long it && it >= 0 && it < PORTS ? it : null;
      case DECIMAL -> value instanceof Long it ? Double.valueOf(it) : finite(value);
      case FLAG -> value instanceof Boolean ? value : null;
      case WORDS -> isWords(value) ? value : null;
      case PATH -> value instanceof String it ? path(it, folder, userHome) : null;
      case PATHS -> paths(value, folder, userHome);
      case LIST -> value instanceof List ? value : null;
      case TEXTS, TABLE -> null;
    };
  }

  private static @Nullable Object finite(Object value) {
    return value instanceof Double it && Double.isFinite(it) ? it : null;
  }

  private static boolean isWords(Object value) {
    return value instanceof List<?> list && list.stream().allMatch(String.class::isInstance);
  }

  private static @Nullable Object paths(Object value, Path folder, Path userHome) {
    if (!(value instanceof List<?> list)) {
      return null;
    }
    var paths = list.stream().map(it -> it instanceof String text ? text : "").toList();
    var whole = paths.stream().map(it -> path(it, folder, userHome)).toList();
    return whole.contains(null) ? null : whole;
  }

  /// As Codex: `~` and `~/` are the user's home, everything else is relative to the file's folder.
  private static @Nullable String path(String text, Path folder, Path userHome) {
    if (text.isEmpty() || text.indexOf('\0') >= 0) {
      return null;
    }
    try {
      if (text.equals("~")) {
        return userHome.toString();
      }
      return text.startsWith("~/")
          ? userHome.resolve(text.substring(2)).normalize().toString()
          : folder.resolve(text).normalize().toString();
    } catch (java.nio.file.InvalidPathException _) {
      return null;
    }
  }
}
