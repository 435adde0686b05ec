package dev.orchestrator.engine.model;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What differs from run to run and stands in what a model says: the workspace's path and the
/// numbers of sessions. In a cassette they are `@{workspace}` and `@{session-1}`; an `@{` of the
/// model's own is `@{at}`.
///
/// Confined to one thread: it learns sessions in the order in which tools name them.
final class Placeholders {
  private static final Pattern RUNNING =
      Pattern.compile("Process running with session ID ([0-9]{1,18})");
  private static final Pattern NAMED = Pattern.compile("\"session_id\"(\\s*:\\s*)([0-9]{1,18})");
  private static final Pattern HELD = Pattern.compile("@\\{(at|workspace|session-[0-9]{1,9})}");

  private final String workspace;
  private final @Nullable Pattern path;
  private final Map<String, String> names = new HashMap<>();
  private final Map<String, String> sessions = new HashMap<>();

  Placeholders(Path workspace) {
    this.workspace = workspace.toAbsolutePath().normalize().toString();
    // Not a part of a longer name. The root would be everywhere.
    this.path =
        this.workspace.equals("/")
            ? null
            : Pattern.compile("(?<![\\w.-])" + Pattern.quote(this.workspace) + "(?![\\w-])");
  }

  /// Learns the sessions that outputs name.
  void learn(List<ResponseItem> items) {
    for (var it : items) {
      if (it.type().equals("function_call_output")) {
        for (var found : RUNNING.matcher(it.outputText()).results().toList()) {
          var id = found.group(1);
          if (!names.containsKey(id)) {
            var name = "session-" + (names.size() + 1);
            names.put(id, name);
            sessions.put(name, id);
          }
        }
      }
    }
  }

  /// A text of this run as a cassette has it.
  String hide(String text) {
    var hidden = text.replace("@{", "@{at}");
    if (path != null) {
      hidden = path.matcher(hidden).replaceAll(Matcher.quoteReplacement("@{workspace}"));
    }
    return NAMED.matcher(hidden).replaceAll(it -> Matcher.quoteReplacement(named(it)));
  }

  private String named(MatchResult it) {
    var name = names.get(it.group(2));
    return name == null ? it.group() : "\"session_id\"" + it.group(1) + "@{" + name + "}";
  }

  /// A text of a cassette as it is meant in this run.
  String show(String text) {
    return HELD.matcher(text).replaceAll(it -> Matcher.quoteReplacement(meant(it.group(1))));
  }

  private String meant(String name) {
    return switch (name) {
      case "at" -> "@{";
      case "workspace" -> workspace;
      // A session that this run has never had: none has the number 0.
      default -> sessions.getOrDefault(name, "0");
    };
  }
}
