package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.posix.ErrorTexts;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/// What programs say when the system refuses something, in the languages of the C library.
///
/// Not changed after its making; loading takes a few milliseconds, so it waits for the first
/// command that fails.
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

  /// How many characters of words are compared at first; no words are shorter.
  private static final int BEGINNING = 3;

  /// Words by [#hash] of their first characters.
  private final Map<Integer, Map<String, Cause>> words = new HashMap<>();

  /// The keys of those: most places in a line are not among them.
  private final BitSet beginnings = new BitSet();

  private ErrorWords(Map<String, Cause> words) {
    words.forEach((text, cause) -> {
      beginnings.set(hash(text, 0));
      this.words.computeIfAbsent(hash(text, 0), _ -> new HashMap<>()).put(text, cause);
    });
  }

  /// The words of all languages in the table, and those of a locale the system has.
  ///
  /// @param locale name such as `de_DE.UTF-8`; empty for none
  static ErrorWords of(String locale) {
    var words = new LinkedHashMap<>(Table.WORDS);
    for (var cause : Cause.values()) {
      if (cause.number != 0 && !locale.isEmpty()) {
        ErrorTexts.of(locale, cause.number)
            .map(it -> it.toLowerCase(Locale.ROOT))
            .filter(it -> it.length() >= BEGINNING)
            .ifPresent(it -> words.put(it, cause));
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
    for (var at = lower.length() - BEGINNING; at >= 0; at--) {
      if (beginnings.get(hash(lower, at))) {
        var found = at(lower, at);
        if (found.isPresent()) {
          return found;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Found> at(String lower, int at) {
    Found longest = null;
    for (var it : words.getOrDefault(hash(lower, at), Map.of()).entrySet()) {
      var end = at + it.getKey().length();
      if (lower.startsWith(it.getKey(), at) && (longest == null || end > longest.end())) {
        longest = new Found(it.getValue(), at, end);
      }
    }
    return Optional.ofNullable(longest);
  }

  /// A number for three characters.
  private static int hash(String text, int at) {
    return (text.charAt(at) * 31 * 31 + text.charAt(at + 1) * 31 + text.charAt(at + 2)) & 0xffff;
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
