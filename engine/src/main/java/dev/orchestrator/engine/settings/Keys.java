package dev.orchestrator.engine.settings;

import dev.orchestrator.engine.settings.Key.Rights;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// Every known key, from [KeyTable], which is also what `docs/config.md` says. Immutable.
final class Keys {
  private static final int FIELDS = 6;
  private static final int VARIABLE = 4;
  private static final int FAR = 4;

  /// The table's lines, by the first name of their keys: few of them are needed in a run.
  private static final Map<String, List<String>> LINES = lines();

  /// Those that have been needed.
  private static final ConcurrentMap<String, List<Key>> READ = new ConcurrentHashMap<>();

  private Keys() {}

  private static Map<String, List<String>> lines() {
    var lines = new LinkedHashMap<String, List<String>>();
    for (var line : KeyTable.TEXT.split("\n", -1)) {
      if (!line.isBlank() && !line.startsWith("#")) {
        var path = line.substring(0, line.indexOf(' '));
        var end = path.indexOf('.');
        var first = end < 0 ? path : path.substring(0, end);
        lines.computeIfAbsent(first, _ -> new ArrayList<>()).add(line);
      }
    }
    return lines;
  }

  private static List<Key> named(String first) {
    return READ.computeIfAbsent(
        first, it -> LINES.getOrDefault(it, List.of()).stream().map(Keys::key).toList());
  }

  private static Key key(String line) {
    var fields = line.split(";", FIELDS);
    if (fields.length != FIELDS) {
      throw new IllegalStateException("no key: " + line);
    }
    return new Key(
        List.of(fields[0].strip().split("\\.")),
        Arrays.stream(fields[1].strip().split("/")).map(Kind::parse).toList(),
        preset(fields[2].strip()),
        Rights.valueOf(fields[3].strip().toUpperCase(Locale.ROOT)),
        fields[4].strip(),
        fields[5].strip());
  }

  /// A default as it is written in the file: a text without quotes, a number, true, false, a list.
  private static @Nullable Object preset(String text) {
    if (text.isEmpty()) {
      return null;
    }
    if (text.startsWith("[")) {
      var inner = text.substring(1, text.length() - 1);
      return inner.isEmpty() ? List.of() : List.of(inner.split(","));
    }
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    return Character.isDigit(text.charAt(0)) ? (Object) Long.valueOf(text) : text;
  }

  static List<Key> all() {
    return LINES.keySet().stream().flatMap(it -> named(it).stream()).toList();
  }

  private static boolean hasVariable(String line) {
    var at = -1;
    for (var field = 0; field < VARIABLE; field++) {
      at = line.indexOf(';', at + 1);
    }
    return !line.substring(at + 1, line.indexOf(';', at + 1)).isBlank();
  }

  /// Those that a variable says too.
  static List<Key> withVariables() {
    return LINES.values().stream()
        .flatMap(List::stream)
        .filter(Keys::hasVariable)
        .map(Keys::key)
        .toList();
  }

  private static List<Key> beginningAs(List<String> path) {
    return path.isEmpty() ? List.of() : named(path.getFirst());
  }

  /// The key at a path; an exact name comes before one that stands for any.
  static Optional<Key> find(List<String> path) {
    Optional<Key> any = Optional.empty();
    for (var it : beginningAs(path)) {
      if (it.path().equals(path)) {
        return Optional.of(it);
      }
      if (any.isEmpty() && it.matches(path)) {
        any = Optional.of(it);
      }
    }
    return any;
  }

  /// Whether there are keys below a path.
  static boolean isPrefix(List<String> path) {
    return path.isEmpty()
        || beginningAs(path).stream()
            .anyMatch(it -> it.path().size() > path.size() && it.beginsWith(path));
  }

  /// What to say about an unknown key: what it has become, or the nearest known one.
  static String hint(List<String> path) {
    var name = String.join(".", path);
    if (path.getFirst().equals("profile") || path.getFirst().equals("profiles")) {
      return "; a profile is a file of its own, NAME.config.toml in Codex's home, chosen by"
          + " --profile NAME";
    }
    var best = "";
    var distance = Math.min(FAR, 1 + name.length() / 3);
    for (var it : all()) {
      var candidate = filled(it.path(), path);
      var found = distance(name, candidate, distance);
      if (found < distance) {
        best = candidate;
        distance = found;
      }
    }
    return best.isEmpty() ? "" : "; did you mean " + best + "?";
  }

  private static String filled(List<String> pattern, List<String> path) {
    var names = new ArrayList<String>();
    for (var i = 0; i < pattern.size(); i++) {
      names.add(pattern.get(i).equals("*") && i < path.size() ? path.get(i) : pattern.get(i));
    }
    return String.join(".", names);
  }

  /// How many letters have to be changed, added, left out or swapped, as far as that is less than a
  /// limit.
  private static int distance(String one, String other, int limit) {
    if (Math.abs(one.length() - other.length()) >= limit) {
      return limit;
    }
    var rows = new int[one.length() + 1][other.length() + 1];
    for (var i = 0; i <= one.length(); i++) {
      for (var j = 0; j <= other.length(); j++) {
        if (i == 0 || j == 0) {
          rows[i][j] = i + j;
          continue;
        }
        var same = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
        rows[i][j] =
            Math.min(rows[i - 1][j - 1] + same, Math.min(rows[i - 1][j] + 1, rows[i][j - 1] + 1));
        if (i > 1
            && j > 1
            && one.charAt(i - 1) == other.charAt(j - 2)
            && one.charAt(i - 2) == other.charAt(j - 1)) {
          rows[i][j] = Math.min(rows[i][j], rows[i - 2][j - 2] + 1);
        }
      }
    }
    return rows[one.length()][other.length()];
  }
}
