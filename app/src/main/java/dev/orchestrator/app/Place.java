package dev.orchestrator.app;

import dev.orchestrator.engine.instructions.EnvironmentContext;
import dev.orchestrator.engine.instructions.EnvironmentContext.Entry;
import dev.orchestrator.engine.posix.LocalDay;
import dev.orchestrator.engine.sandbox.Confinement;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Where an agent works, as a model is told.
final class Place {
  private Place() {}

  static String of(Invocation invocation, Path directory, Confinement confinement, Path shell) {
    var entries = new ArrayList<>(List.of(new Entry("read", ":root")));
    if (confinement.level() == Level.WORKSPACE_WRITE) {
      confinement.writable().forEach(it -> entries.add(new Entry("write", it.toString())));
    }
    return text(
        invocation, directory, String.valueOf(shell.getFileName()), confinement.isNone(), entries);
  }

  /// The same, today.
  ///
  /// @param shell name of the shell
  static String text(
      Invocation invocation,
      Path directory,
      String shell,
      boolean unrestricted,
      List<Entry> entries) {
    var today = LocalDay.of(Instant.now(), invocation.variable("TZ"));
    return new EnvironmentContext(
            directory, shell, today.date(), today.zone(), List.of(directory), unrestricted, entries)
        .text();
  }
}
