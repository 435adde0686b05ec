package dev.orchestrator.engine.plan;

/// Whose script it is. The grammar is bash's; where another shell reads differently, there is a
/// doubt.
enum Dialect {
  BASH,
  /// `sh`, which may be bash, dash, ksh or busybox.
  SH,
  ZSH
}
