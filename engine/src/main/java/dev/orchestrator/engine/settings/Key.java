package dev.orchestrator.engine.settings;

import dev.orchestrator.engine.settings.Kind.Form;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// One known key. Immutable.
///
/// @param path its names; `*` stands for any name
/// @param kinds what its value may be, at least one
/// @param preset the value if nobody says anything; null if there is none
/// @param project what a project's file may do with it
/// @param variable name of a variable that says it too; empty if there is none
/// @param meaning for people
record Key(
    List<String> path,
    List<Kind> kinds,
    @Nullable Object preset,
    Rights project,
    String variable,
    String meaning) {

  /// What a project's file may do with a key.
  enum Rights {
    /// Set it as it likes.
    YES,
    /// Not set it.
    NO,
    /// Only make it stricter.
    TIGHTEN
  }

  boolean accepts(Set<Form> forms) {
    return kinds.stream().anyMatch(it -> forms.contains(it.form()));
  }

  boolean isTable() {
    return kinds.stream().anyMatch(Kind::isTable);
  }

  boolean matches(List<String> other) {
    return path.size() == other.size() && beginsWith(other);
  }

  /// Whether its first names are these.
  boolean beginsWith(List<String> names) {
    if (names.size() > path.size()) {
      return false;
    }
    for (var i = 0; i < names.size(); i++) {
      if (!path.get(i).equals("*") && !path.get(i).equals(names.get(i))) {
        return false;
      }
    }
    return true;
  }

  @Nullable Object accept(Object value, Path folder, Path userHome) {
    for (var kind : kinds) {
      var accepted = kind.accept(value, folder, userHome);
      if (accepted != null) {
        return accepted;
      }
    }
    return null;
  }

  /// What is expected, for people.
  String expected() {
    return kinds.stream().map(Kind::text).collect(Collectors.joining(" or "));
  }

  String text() {
    return String.join(".", path);
  }
}
