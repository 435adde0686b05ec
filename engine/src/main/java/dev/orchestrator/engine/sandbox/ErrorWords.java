package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.posix.ErrorTexts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What programs say when the system refuses something, in the languages of the C library.
///
/// Immutable; loading takes a few milliseconds, so it waits for the first command that fails.
final class ErrorWords {
  /// What was refused.
  enum Cause {
    EPERM(1),
    EACCES(13),
    EROFS(30),
    EBUSY(16),
    ENETUNREACH(101),
    EHOSTUNREACH(113),
    ENETDOWN(100),
    ECONNREFUSED(111),
    EAI_AGAIN(0),
    EAI_NONAME(0);

    /// Number on Linux; 0 for what is not a system call's error.
    private final int number;

    Cause(int number) {
      this.number = number;
    }

    /// Whether it is about reaching another machine.
    boolean isNetwork() {
      return switch (this) {
        case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EAI_AGAIN, EAI_NONAME -> true;
        case EPERM, EACCES, EROFS, EBUSY, ECONNREFUSED -> false;
      };
    }
  }

  /// Words found in a line.
  ///
  /// @param start index of their first character
  /// @param end index after their last
  record Found(Cause cause, int start, int end) {}

  private static final String TABLE = "error-words.txt";
  private static final int COLUMNS = 3;

  private final Map<String, Cause> words;

  private ErrorWords(Map<String, Cause> words) {
    this.words = words;
  }

  /// The words of all languages in the table, and those of a locale the system has.
  ///
  /// @param locale name such as `de_DE.UTF-8`; empty for none
  static ErrorWords of(String locale) {
    var words = new LinkedHashMap<>(Table.WORDS);
    for (var cause : Cause.values()) {
      if (cause.number != 0 && !locale.isEmpty()) {
        ErrorTexts.of(locale, cause.number)
            .ifPresent(it -> words.put(it.toLowerCase(Locale.ROOT), cause));
      }
    }
    return new ErrorWords(words);
  }

  /// The locale whose messages a program with this environment speaks (`locale(7)`).
  static String locale(Map<String, String> environment) {
    for (var name : List.of("LC_ALL", "LC_MESSAGES", "LANG")) {
      var value = environment.getOrDefault(name, "");
      if (!value.isEmpty()) {
        return value;
      }
    }
    return "";
  }

  /// The last words of refusal in a line, upper or lower case.
  Optional<Found> in(String line) {
    var lower = line.toLowerCase(Locale.ROOT);
    if (lower.length() != line.length()) {
      return Optional.empty(); // Places would not fit; no message of the library is like that.
    }
    Found last = null;
    for (var it : words.entrySet()) {
      var at = lower.lastIndexOf(it.getKey());
      if (at >= 0 && (last == null || at + it.getKey().length() > last.end())) {
        last = new Found(it.getValue(), at, at + it.getKey().length());
      }
    }
    return Optional.ofNullable(last);
  }

  /// Read once, on first use.
  private static final class Table {
    static final Map<String, Cause> WORDS = load();

    private static Map<String, Cause> load() {
      var words = new LinkedHashMap<String, Cause>();
      for (var line : lines()) {
        if (!line.startsWith("#")) {
          var columns = line.split("\t", COLUMNS);
          words.put(columns[2].toLowerCase(Locale.ROOT), Cause.valueOf(columns[0]));
        }
      }
      return words;
    }

    private static List<String> lines() {
      var stream = Objects.requireNonNull(ErrorWords.class.getResourceAsStream(TABLE), TABLE);
      try (var reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
        var lines = new ArrayList<String>();
        reader.lines().forEach(lines::add);
        return lines;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
