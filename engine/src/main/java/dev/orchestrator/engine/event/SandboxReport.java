package dev.orchestrator.engine.event;

import java.util.List;

/// What was found out about holding commands, by trying.
///
/// @param backend `bubblewrap`, `landlock`, `seatbelt` or `none`: what is used in this run
/// @param findings in the order in which they were tried
public record SandboxReport(String backend, List<Finding> findings) {
  public SandboxReport {
    findings = List.copyOf(findings);
  }

  /// One thing that was tried.
  ///
  /// @param name such as `bubblewrap`, `user-namespace`, `network-namespace`, `mounts`, `landlock`,
  ///   `seccomp`
  /// @param works whether it did what it must
  /// @param detail what was seen: a version, a refusal, or what went wrong, for people
  public record Finding(String name, boolean works, String detail) {}
}
