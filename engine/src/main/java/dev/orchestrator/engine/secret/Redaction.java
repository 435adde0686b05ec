package dev.orchestrator.engine.secret;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Texts without the values of secret variables.
///
/// A variable is secret if its name contains `KEY`, `TOKEN`, `SECRET` or `PASSWORD`, in upper or
/// lower case, and its value has 8 characters or more: a shorter one would be found by chance.
///
/// Immutable.
public final class Redaction {
  /// Nothing is secret.
  public static final Redaction NONE = new Redaction(List.of());

  private static final List<String> WORDS = List.of("KEY", "TOKEN", "SECRET", "PASSWORD");
  private static final int SHORTEST = 8;

  private final List<Masked> all;

  private record Masked(String value, String mask) {}

  private Redaction(List<Masked> all) {
    this.all = all;
  }

  /// The values of the secret variables of an environment.
  public static Redaction of(Map<String, String> environment) {
    var secret = new HashMap<String, String>();
    environment.forEach((name, value) -> {
      if (isSecret(name)) {
        secret.put(name, value);
      }
    });
    return ofValues(secret);
  }

  /// Values that are all secret, by names that may be shown; shorter ones than 8 characters are
  /// left out.
  public static Redaction ofValues(Map<String, String> secrets) {
    var found = new ArrayList<Masked>();
    secrets.forEach((name, raw) -> {
      var value = raw.strip();
      if (value.length() >= SHORTEST) {
        var mask = "[redacted " + name + "]";
        found.add(new Masked(value, mask));
        // As it stands inside a JSON string, where the arguments of calls are kept.
        var quoted = value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
        if (!quoted.equals(value)) {
          found.add(new Masked(quoted, mask));
        }
      }
    });
    return sorted(found);
  }

  /// The same, and more values that are all secret.
  public Redaction and(Map<String, String> secrets) {
    return merged(all, ofValues(secrets).all);
  }

  private static Redaction merged(List<Masked> some, List<Masked> more) {
    var found = new ArrayList<>(some);
    more.stream().filter(it -> !found.contains(it)).forEach(found::add);
    return sorted(found);
  }

  // A value that contains another one is masked as a whole.
  private static Redaction sorted(List<Masked> found) {
    found.sort((one, other) -> {
      var longest = Integer.compare(other.value().length(), one.value().length());
      return longest == 0 ? one.mask().compareTo(other.mask()) : longest;
    });
    return new Redaction(List.copyOf(found));
  }

  /// Whether a name says that its value is secret.
  public static boolean isSecret(String name) {
    var upper = name.toUpperCase(Locale.ROOT);
    return WORDS.stream().anyMatch(upper::contains);
  }

  /// The text with `[redacted NAME]` for every value.
  public String mask(String text) {
    var masked = text;
    for (var it : all) {
      masked = masked.replace(it.value(), it.mask());
    }
    return masked;
  }
}
