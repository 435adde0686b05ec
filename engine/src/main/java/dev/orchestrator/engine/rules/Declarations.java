package dev.orchestrator.engine.rules;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What the calls of all files declare, gathered before it is used.
final class Declarations {
  private final @Nullable Path home;
  final List<PrefixRule> rules = new ArrayList<>();
  final List<NetworkRule> network = new ArrayList<>();

  /// For a program's name the files that may be meant by it. Of several declarations only what all
  /// of them name.
  final Map<String, Set<String>> executables = new HashMap<>();

  Declarations(@Nullable Path home) {
    this.home = home;
  }

  void read(String file, String text) throws RulesException {
    for (var it : new Parser(file, text).calls()) {
      if (rules.size() + network.size() + executables.size() >= Parser.MOST_CALLS) {
        throw it.position().problem("more than %d rules".formatted(Parser.MOST_CALLS));
      }
      switch (it.name()) {
        case "prefix_rule" ->
            prefixRule(
                Call.bind(
                    it, List.of("pattern", "decision", "justification", "match", "not_match"), 2));
        case "host_executable" -> executable(Call.bind(it, List.of("name", "paths"), 2));
        case "network_rule" ->
            networkRule(Call.bind(it, List.of("host", "protocol", "decision", "justification"), 3));
        default ->
            throw it.position()
                .problem(
                    "%s is none of prefix_rule, host_executable, network_rule"
                        .formatted(it.name()));
      }
    }
  }

  private void prefixRule(Call it) throws RulesException {
    var pattern = new ArrayList<Set<String>>();
    for (var element : it.items("pattern")) {
      var words =
          element instanceof Value.Items ? Call.texts(element) : List.of(Call.text(element));
      if (words.isEmpty() || words.contains("")) {
        throw element.position().problem("an empty element of a pattern");
      }
      pattern.add(new LinkedHashSet<>(words));
    }
    if (pattern.isEmpty()) {
      throw it.required("pattern").position().problem("an empty pattern");
    }
    rules.add(
        new PrefixRule(
            it.position,
            pattern,
            it.decision(Set.of("forbidden")),
            it.textIfGiven("justification"),
            examples(it, "match"),
            examples(it, "not_match")));
  }

  private static List<List<String>> examples(Call call, String argument) throws RulesException {
    var examples = new ArrayList<List<String>>();
    for (var it : call.itemsIfGiven(argument)) {
      var words = it instanceof Value.Items ? Call.texts(it) : split(it);
      if (words.isEmpty()) {
        throw it.position().problem("an empty example");
      }
      examples.add(words);
    }
    return examples;
  }

  /// Words of a line, as a shell splits them, without anything being expanded.
  private static List<String> split(Value line) throws RulesException {
    var words = WordSplitter.split(Call.text(line));
    if (words == null) {
      throw line.position().problem("an example with a quote that does not end");
    }
    return words;
  }

  private void executable(Call it) throws RulesException {
    var name = it.text("name");
    if (name.isEmpty() || name.contains("/")) {
      throw it.required("name").position().problem("a program's name without a folder is needed");
    }
    var paths = new HashSet<String>();
    for (var value : it.items("paths")) {
      paths.add(absolute(value));
    }
    executables.merge(
        name,
        paths,
        (one, other) -> {
          var both = new HashSet<>(one);
          both.retainAll(other);
          return both;
        });
  }

  private String absolute(Value value) throws RulesException {
    var text = Call.text(value);
    if (text.startsWith("~/") && home != null) {
      text = home + text.substring(1);
    }
    try {
      var path = Path.of(text);
      if (path.isAbsolute()) {
        return path.normalize().toString();
      }
    } catch (InvalidPathException _) {
      // The same message as for a relative one.
    }
    throw value.position().problem("`%s` is no absolute path".formatted(Call.text(value)));
  }

  private void networkRule(Call it) throws RulesException {
    var host = it.text("host");
    var protocol = it.text("protocol");
    if (host.isEmpty() || protocol.isEmpty()) {
      throw it.position.problem("network_rule needs a host and a protocol");
    }
    it.required("decision");
    network.add(
        new NetworkRule(
            host,
            protocol,
            it.decision(Set.of("forbidden", "deny")),
            it.textIfGiven("justification")));
  }
}
