package dev.orchestrator.app.flags;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The words after a command, told apart: options with their values, and the rest.
///
/// Options come first: `--name value` or `--name=value`. The first word that is no option, or `--`,
/// ends them, so that a command's own options are never taken for ours.
///
/// @param words everything after the options
record Arguments(Map<String, List<String>> given, List<String> words) {
  static final Option HELP = Option.flag("Print this help and exit.", "-h", "--help");

  /// Tells the words apart.
  ///
  /// @param command what to call the command in messages
  /// @throws UsageError naming the option, its value and the way on
  static Arguments parse(String command, List<Option> options, List<String> arguments)
      throws UsageError {
    return parse(command, options, arguments, false);
  }

  /// The same, but options may stand between and after the words, too, up to `--`.
  static Arguments parseMixed(String command, List<Option> options, List<String> arguments)
      throws UsageError {
    return parse(command, options, arguments, true);
  }

  private static Arguments parse(
      String command, List<Option> options, List<String> arguments, boolean mixed)
      throws UsageError {
    var words = new ArrayList<String>();
    var given = new HashMap<String, List<String>>();
    var index = 0;
    while (index < arguments.size()) {
      var word = arguments.get(index);
      if (word.equals("--")) {
        index++;
        break;
      }
      if (!word.startsWith("-") || word.equals("-")) {
        if (!mixed) {
          break;
        }
        words.add(word);
        index++;
        continue;
      }
      index++;
      var equals = word.startsWith("--") ? word.indexOf('=') : -1;
      var exact = find(options, word);
      var option =
          exact.isPresent() || equals < 0 ? exact : find(options, word.substring(0, equals));
      var known =
          option.orElseThrow(
              () -> new UsageError("unknown option '%s'; see %s --help".formatted(word, command)));
      var value = "";
      if (known.label() == null) {
        if (exact.isEmpty()) {
          throw new UsageError(noValue(options, known, word.substring(equals)));
        }
      } else if (exact.isEmpty()) {
        value = word.substring(equals + 1);
      } else if (index < arguments.size()) {
        value = arguments.get(index++);
      } else {
        throw new UsageError(
            "%s needs a value, %s; see %s --help".formatted(known.name(), known.label(), command));
      }
      var values = given.computeIfAbsent(known.name(), _ -> new ArrayList<>());
      if (known.label() != null && !known.repeatable() && !values.isEmpty()) {
        throw new UsageError(
            "%s is given twice, '%s' and '%s'; give it once"
                .formatted(known.name(), values.getFirst(), value));
      }
      values.add(value);
    }
    words.addAll(arguments.subList(index, arguments.size()));
    return new Arguments(given, List.copyOf(words));
  }

  /// An option without a value may have a sister whose name goes on with one: `--json=full`.
  private static String noValue(List<Option> options, Option option, String value) {
    for (var other : options) {
      if (other.name().startsWith(option.name() + "=")) {
        return "%s: '%s' is not known; write %s or %s"
            .formatted(option.name(), value.substring(1), option.name(), other.name());
      }
    }
    return "%s takes no value; leave '%s' out".formatted(option.name(), value);
  }

  private static Optional<Option> find(List<Option> options, String name) {
    for (var option : options) {
      if (option.names().contains(name)) {
        return Optional.of(option);
      }
    }
    return HELP.names().contains(name) ? Optional.of(HELP) : Optional.empty();
  }

  boolean has(String option) {
    return given.containsKey(option);
  }

  Optional<String> value(String option) {
    return Optional.ofNullable(given.get(option)).map(List::getFirst);
  }

  List<String> values(String option) {
    return given.getOrDefault(option, List.of());
  }

  boolean wantsHelp() {
    return has(HELP.name());
  }
}
