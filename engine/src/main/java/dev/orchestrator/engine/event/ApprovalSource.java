package dev.orchestrator.engine.event;

import java.util.Locale;

/// Where the yes or no to a call came from.
public enum ApprovalSource {
  /// Nobody had to be asked.
  NOT_REQUIRED,
  /// A rule in a `.rules` file.
  RULE,
  /// A remembered answer.
  GRANT,
  /// An answer given earlier in this run.
  SESSION,
  /// An answer to a question about this very call.
  PROMPT,
  /// The policy, without asking.
  POLICY;

  /// As it is written: `not-required`, `rule`, `grant`, `session`, `prompt` or `policy`.
  public String text() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
