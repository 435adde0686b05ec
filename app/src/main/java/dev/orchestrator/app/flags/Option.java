package dev.orchestrator.app.flags;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One option of a command: what is parsed, and what help, manual and completion say about it.
///
/// @param names as typed; the last one is its name in messages
/// @param label what its value is called; null for an option without a value
/// @param repeatable whether it may be given more than once
record Option(List<String> names, @Nullable String label, boolean repeatable, String description) {
  Option {
    names = List.copyOf(names);
  }

  static Option flag(String description, String... names) {
    return new Option(List.of(names), null, false, description);
  }

  static Option value(String label, String description, String... names) {
    return new Option(List.of(names), label, false, description);
  }

  static Option values(String label, String description, String... names) {
    return new Option(List.of(names), label, true, description);
  }

  String name() {
    return names.getLast();
  }
}
