package dev.orchestrator.engine.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// What a command may do, whatever holds it to that.
///
/// @param level the base
/// @param writable roots that may be written below, absolute; ignored at the other levels
/// @param openings what is allowed beyond, each given by somebody
/// @param network whether it may reach the network
/// @param untouchable folders of the orchestrator's own (home, grants, records): never writable,
///   whatever else says so; their contents are hidden where the backend can
public record Confinement(
    Level level,
    List<Path> writable,
    List<Opening> openings,
    boolean network,
    List<Path> untouchable) {
  public Confinement {
    writable = List.copyOf(writable);
    openings = List.copyOf(openings);
    untouchable = List.copyOf(untouchable);
  }

  /// Names that are protected directly inside every writable root.
  public static final List<String> PROTECTED =
      List.of(".git", ".codex", ".agents", ".aws", ".orchestrator", ".runs");

  /// Codex's sandbox modes.
  public enum Level {
    READ_ONLY,
    WORKSPACE_WRITE,
    DANGER_FULL_ACCESS;

    /// Codex's word for it: `read-only`, `workspace-write` or `danger-full-access`.
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /// Whether anything is held at all.
  public boolean isNone() {
    return level == Level.DANGER_FULL_ACCESS || openings.contains(new Opening.Everything());
  }

  /// One precise thing allowed beyond the level, the smallest sufficient answer to a denial.
  public sealed interface Opening {
    /// What is allowed, for people: the end of "with …".
    default String text() {
      return switch (this) {
        case WritablePath it -> "writing " + it.path();
        case UnixSocket it -> "connecting to " + it.path();
        case Localhost _ -> "connections on this machine";
        case Network _ -> "the network";
        case GitMetadata it -> "committing to " + it.common();
        case Everything _ -> "everything, without a sandbox";
      };
    }

    /// A file or folder that may be written.
    record WritablePath(Path path) implements Opening {}

    /// A socket that may be connected to.
    record UnixSocket(Path path) implements Opening {}

    /// Listening and connecting on this machine.
    record Localhost() implements Opening {}

    /// The whole network.
    record Network() implements Opening {}

    /// What a commit writes: the repository's metadata without its hooks and configuration.
    ///
    /// @param common the repository's `.git` folder (`git rev-parse --git-common-dir`)
    /// @param own the work tree's own folder; the same unless it is a linked work tree
    record GitMetadata(Path common, Path own) implements Opening {}

    /// No sandbox at all; the last resort.
    record Everything() implements Opening {}
  }
}
