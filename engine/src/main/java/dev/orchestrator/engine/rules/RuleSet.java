package dev.orchestrator.engine.rules;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rules of several files, pooled. Immutable.
public final class RuleSet {
  /// No rules.
  public static final RuleSet EMPTY = new RuleSet(new Declarations(null));

  private static final int MOST_BYTES = 1024 * 1024;

  /// By what the first word may be.
  private final Map<String, List<PrefixRule>> rules = new HashMap<>();

  private final Map<String, Set<String>> executables;
  private final List<NetworkRule> network;

  private RuleSet(Declarations declared) {
    for (var it : declared.rules) {
      for (var program : it.pattern().getFirst()) {
        rules.computeIfAbsent(program, _ -> new ArrayList<>()).add(it);
      }
    }
    executables = Map.copyOf(declared.executables);
    network = List.copyOf(declared.network);
  }

  /// Reads files of at most 1 MiB each, with at most 10,000 rules together.
  ///
  /// @param home what `~/` stands for; null if it stands for nothing
  /// @throws RulesException for the first thing that is not understood, an example that fails
  ///   included; no rule of any file is in force then
  public static RuleSet load(List<Path> files, @Nullable Path home) throws RulesException {
    var declared = new Declarations(home);
    for (var file : files) {
      declared.read(file.toString(), read(file));
    }
    return checked(declared);
  }

  /// Reads rules from a text.
  ///
  /// @param name what messages call it
  static RuleSet parse(String name, String text, @Nullable Path home) throws RulesException {
    var declared = new Declarations(home);
    declared.read(name, text);
    return checked(declared);
  }

  private static RuleSet checked(Declarations declared) throws RulesException {
    var rules = new RuleSet(declared);
    for (var it : declared.rules) {
      for (var example : it.match()) {
        if (!rules.matches(it, example)) {
          throw it.position()
              .problem("this rule does not match its example: " + String.join(" ", example));
        }
      }
      for (var example : it.notMatch()) {
        if (rules.matches(it, example)) {
          throw it.position()
              .problem("this rule matches what it must not: " + String.join(" ", example));
        }
      }
    }
    return rules;
  }

  private static String read(Path file) throws RulesException {
    try (var in = Files.newInputStream(file)) {
      var bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new RulesException("%s: larger than %d bytes".formatted(file, MOST_BYTES));
      }
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new RulesException("%s: not UTF-8".formatted(file), e);
    } catch (IOException e) {
      throw new RulesException("%s: cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  /// Every rule that speaks about a command, in the order of files and lines.
  ///
  /// @param words the program first, all of them known
  public List<RuleMatch> matches(List<String> words) {
    if (words.isEmpty()) {
      return List.of();
    }
    var found = new ArrayList<RuleMatch>();
    var program = words.getFirst();
    for (var name : names(program)) {
      for (var it : rules.getOrDefault(name, List.of())) {
        if (it.matches(name, words)) {
          found.add(
              new RuleMatch(
                  it.position().origin(),
                  words.subList(0, it.pattern().size()),
                  it.decision(),
                  it.justification()));
        }
      }
    }
    return List.copyOf(found);
  }

  /// Every rule that may speak about a command of which only the first words are known.
  ///
  /// @param words the program first
  public List<RuleMatch> beginningWith(List<String> words) {
    if (words.isEmpty()) {
      return List.of();
    }
    var found = new ArrayList<RuleMatch>();
    for (var name : names(words.getFirst())) {
      for (var it : rules.getOrDefault(name, List.of())) {
        if (it.beginsWith(words)) {
          found.add(
              new RuleMatch(
                  it.position().origin(),
                  it.pattern().stream().map(element -> element.iterator().next()).toList(),
                  it.decision(),
                  it.justification()));
        }
      }
    }
    return List.copyOf(found);
  }

  /// The strictest decision about a command; null if no rule speaks about it.
  public @Nullable RuleDecision decide(List<String> words) {
    return matches(words).stream()
        .map(RuleMatch::decision)
        .max(RuleDecision::compareTo)
        .orElse(null);
  }

  /// What is said about hosts.
  public List<NetworkRule> network() {
    return network;
  }

  private boolean matches(PrefixRule rule, List<String> words) {
    return names(words.getFirst()).stream().anyMatch(it -> rule.matches(it, words));
  }

  /// A program as it is named and, if it is named by an absolute path, as its name alone.
  private List<String> names(String program) {
    if (!program.startsWith("/")) {
      return List.of(program);
    }
    var name = program.substring(program.lastIndexOf('/') + 1);
    var paths = executables.get(name);
    return paths == null || paths.contains(program) ? List.of(program, name) : List.of(program);
  }
}
