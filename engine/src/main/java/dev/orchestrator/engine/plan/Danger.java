package dev.orchestrator.engine.plan;

import java.nio.file.Path;
import java.util.List;

/// A command that destroys something.
///
/// @param kind what it does, as one word: `delete`, `discard`, `history`, `device`, `permissions`,
///   `truncate`, `processes`, `machine`
/// @param text the command, for people
/// @param targets the files it is about, absolute and normalised, as far as they are known
/// @param targetsKnown false when it may be about others as well
/// @param beyondFiles whether it destroys more than the files it names, such as a remote's history
public record Danger(
    String kind,
    String text,
    List<Path> targets,
    boolean targetsKnown,
    boolean beyondFiles,
    Command command) {
  public Danger {
    targets = List.copyOf(targets);
  }
}
