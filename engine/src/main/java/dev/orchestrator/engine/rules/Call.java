package dev.orchestrator.engine.rules;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One call of a file of rules, its arguments by name.
final class Call {
  final String name;
  final Position position;
  private final Map<String, Value> arguments;

  private Call(String name, Position position, Map<String, Value> arguments) {
    this.name = name;
    this.position = position;
    this.arguments = arguments;
  }

  /// @param parameters all names, of which the first `positional` ones may be left out
  static Call bind(Parser.Raw raw, List<String> parameters, int positional) throws RulesException {
    var bound = new LinkedHashMap<String, Value>();
    if (raw.positional().size() > positional) {
      throw raw.positional()
          .get(positional)
          .position()
          .problem("%s takes %d arguments without a name".formatted(raw.name(), positional));
    }
    for (var i = 0; i < raw.positional().size(); i++) {
      bound.put(parameters.get(i), raw.positional().get(i));
    }
    for (var it : raw.named().entrySet()) {
      if (!parameters.contains(it.getKey())) {
        throw it.getValue()
            .position()
            .problem("%s has no argument %s".formatted(raw.name(), it.getKey()));
      }
      if (bound.put(it.getKey(), it.getValue()) != null) {
        throw it.getValue().position().problem("%s is given twice".formatted(it.getKey()));
      }
    }
    bound.values().removeIf(it -> it instanceof Value.Nothing);
    return new Call(raw.name(), raw.position(), bound);
  }

  Value required(String argument) throws RulesException {
    var it = arguments.get(argument);
    if (it == null) {
      throw position.problem("%s needs %s".formatted(name, argument));
    }
    return it;
  }

  String text(String argument) throws RulesException {
    return text(required(argument));
  }

  @Nullable String textIfGiven(String argument) throws RulesException {
    var it = arguments.get(argument);
    return it == null ? null : text(it);
  }

  List<Value> items(String argument) throws RulesException {
    return items(required(argument));
  }

  List<Value> itemsIfGiven(String argument) throws RulesException {
    var it = arguments.get(argument);
    return it == null ? List.of() : items(it);
  }

  static String text(Value it) throws RulesException {
    if (it instanceof Value.Text text) {
      return text.value();
    }
    throw it.position().problem("a string is needed here");
  }

  static List<Value> items(Value it) throws RulesException {
    if (it instanceof Value.Items items) {
      return items.values();
    }
    throw it.position().problem("a list is needed here");
  }

  /// A list of strings, none of them empty.
  static List<String> texts(Value it) throws RulesException {
    var texts = new ArrayList<String>();
    for (var item : items(it)) {
      texts.add(text(item));
    }
    return texts;
  }

  RuleDecision decision(Set<String> forbidding) throws RulesException {
    var it = arguments.get("decision");
    var word = it == null ? "allow" : text(it);
    if (forbidding.contains(word)) {
      return RuleDecision.FORBIDDEN;
    }
    return switch (word) {
      case "allow" -> RuleDecision.ALLOW;
      case "prompt" -> RuleDecision.PROMPT;
      default -> {
        var where = it == null ? position : it.position();
        throw where.problem(
            "decision `%s` is none; use allow, prompt or forbidden".formatted(word));
      }
    };
  }
}
