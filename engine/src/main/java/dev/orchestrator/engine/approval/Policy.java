package dev.orchestrator.engine.approval;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// When somebody is asked; Codex's words.
public sealed interface Policy {
  /// Ask about everything but known-safe reads.
  record Untrusted() implements Policy {}

  /// Run confined; ask when the sandbox stopped something.
  record OnFailure() implements Policy {}

  /// Run confined; ask when more is wanted, or was denied.
  record OnRequest() implements Policy {}

  /// Never ask: run confined, or refuse.
  record Never() implements Policy {}

  /// As [OnRequest], with kinds of questions switched off: those are refused instead.
  ///
  /// @param sandbox whether more access and denials are asked about
  /// @param rules whether rules with the decision `prompt` are
  /// @param mcp whether MCP tools are
  record Granular(boolean sandbox, boolean rules, boolean mcp) implements Policy {
    private List<String> kinds() {
      var kinds = new ArrayList<String>();
      if (sandbox) {
        kinds.add(KINDS.get(0));
      }
      if (rules) {
        kinds.add(KINDS.get(1));
      }
      if (mcp) {
        kinds.add(KINDS.get(2));
      }
      return kinds;
    }
  }

  /// What may be written, for messages.
  String NAMES = "untrusted, on-failure, on-request, never or granular:KIND,KIND";

  /// The kinds of questions in `granular:`.
  List<String> KINDS = List.of("sandbox_approval", "rules", "mcp_elicitations");

  /// The name, as it is written.
  default String text() {
    return switch (this) {
      case Untrusted _ -> "untrusted";
      case OnFailure _ -> "on-failure";
      case OnRequest _ -> "on-request";
      case Never _ -> "never";
      case Granular it -> "granular:" + String.join(",", it.kinds());
    };
  }

  /// Reads a policy's name; after `granular:` come the kinds of questions that may be asked.
  ///
  /// @throws IllegalArgumentException if there is no such policy
  static Policy parse(String text) {
    return switch (text) {
      case "untrusted" -> new Untrusted();
      case "on-failure" -> new OnFailure();
      case "on-request" -> new OnRequest();
      case "never" -> new Never();
      default -> {
        if (!text.startsWith("granular:")) {
          throw new IllegalArgumentException("'%s' is no policy; use %s".formatted(text, NAMES));
        }
        yield granular(text.substring("granular:".length()));
      }
    };
  }

  private static Granular granular(String list) {
    Set<String> kinds = new HashSet<>(Arrays.asList(list.split(",", -1)));
    kinds.remove("");
    for (var kind : kinds) {
      if (!KINDS.contains(kind)) {
        throw new IllegalArgumentException(
            "'%s' is no kind of question; use %s".formatted(kind, String.join(", ", KINDS)));
      }
    }
    return new Granular(
        kinds.contains(KINDS.get(0)), kinds.contains(KINDS.get(1)), kinds.contains(KINDS.get(2)));
  }
}
