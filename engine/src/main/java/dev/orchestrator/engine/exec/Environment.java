package dev.orchestrator.engine.exec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Which of our own variables a command gets (`shell_environment_policy`, as in Codex).
///
/// Applied in this order: what is inherited; default excludes; excludes; settings; and last, if
/// given, only what is listed.
///
/// @param inherit which variables to begin with
/// @param ignoreDefaultExcludes false to leave out names with KEY, SECRET or TOKEN in them
/// @param exclude patterns of names to leave out: `*` and `?`, upper or lower case
/// @param set variables to set
/// @param includeOnly if not empty, patterns of the only names to keep
public record Environment(
    Inherit inherit,
    boolean ignoreDefaultExcludes,
    List<String> exclude,
    Map<String, String> set,
    List<String> includeOnly) {
  /// Everything is inherited, as in Codex when nothing is configured.
  public static final Environment DEFAULT =
      new Environment(Inherit.ALL, true, List.of(), Map.of(), List.of());

  private static final List<String> CORE =
      List.of("HOME", "LOGNAME", "PATH", "SHELL", "USER", "USERNAME", "TMPDIR", "TEMP", "TMP");
  private static final List<String> DEFAULT_EXCLUDES = List.of("*KEY*", "*SECRET*", "*TOKEN*");

  public Environment {
    exclude = List.copyOf(exclude);
    set = Map.copyOf(set);
    includeOnly = List.copyOf(includeOnly);
  }

  /// Which variables to begin with.
  public enum Inherit {
    ALL,
    /// Those a program needs to find its way: home, user, path, shell, temporary folder.
    CORE,
    NONE
  }

  /// Applies the policy.
  ///
  /// @param ours `NAME=value` entries
  /// @return entries in the same form, each name once
  public List<String> apply(List<String> ours) {
    var result = new LinkedHashMap<String, String>();
    for (var entry : ours) {
      var equals = entry.indexOf('=', 1); // A name may begin with '=' but not be empty.
      if (equals > 0 && isInherited(entry.substring(0, equals))) {
        result.put(entry.substring(0, equals), entry.substring(equals + 1));
      }
    }
    if (!ignoreDefaultExcludes) {
      result.keySet().removeIf(name -> matchesAny(DEFAULT_EXCLUDES, name));
    }
    result.keySet().removeIf(name -> matchesAny(exclude, name));
    result.putAll(set);
    if (!includeOnly.isEmpty()) {
      result.keySet().removeIf(name -> !matchesAny(includeOnly, name));
    }
    return result.entrySet().stream().map(it -> it.getKey() + "=" + it.getValue()).toList();
  }

  private boolean isInherited(String name) {
    return switch (inherit) {
      case ALL -> true;
      case CORE -> CORE.contains(name);
      case NONE -> false;
    };
  }

  private static boolean matchesAny(List<String> patterns, String name) {
    return patterns.stream()
        .anyMatch(it -> matches(it.toUpperCase(Locale.ROOT), name.toUpperCase(Locale.ROOT)));
  }

  /// Simple globbing in linear time: on a mismatch only the last `*` is tried again.
  private static boolean matches(String pattern, String name) {
    var p = 0;
    var star = -1;
    var retry = 0;
    for (var n = 0; n < name.length(); ) {
      if (p < pattern.length() && pattern.charAt(p) == '*') {
        star = p++;
        retry = n;
      } else if (p < pattern.length()
          && (pattern.charAt(p) == '?' || pattern.charAt(p) == name.charAt(n))) {
        p++;
        n++;
      } else if (star >= 0) {
        p = star + 1;
        n = ++retry;
      } else {
        return false;
      }
    }
    while (p < pattern.length() && pattern.charAt(p) == '*') {
      p++;
    }
    return p == pattern.length();
  }
}
