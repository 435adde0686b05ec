package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.sandbox.Confinement.Level;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Makes the confinement that settings describe, with Codex's rules.
public final class Confinements {
  private Confinements() {}

  /// The confinement of a run.
  ///
  /// @param cwd where commands run; may be written at `workspace-write`
  /// @param writableRoots further folders that may be written, of the settings
  /// @param addDirs further ones, of the command line
  /// @param slashTmp whether `/tmp` may be written too
  /// @param tmpdir `$TMPDIR`, if it may be written too
  /// @param untouchable the orchestrator's own folders; they stay protected wherever they lie
  public static Confinement of(
      Level level,
      Path cwd,
      List<Path> writableRoots,
      List<Path> addDirs,
      boolean network,
      boolean slashTmp,
      Optional<Path> tmpdir,
      List<Path> untouchable) {
    var roots = new LinkedHashSet<Path>();
    if (level == Level.WORKSPACE_WRITE) {
      roots.add(real(cwd));
      Stream.of(writableRoots, addDirs)
          .flatMap(List::stream)
          .map(it -> real(cwd.resolve(it)))
          .forEach(roots::add);
      if (slashTmp) {
        roots.add(real(Path.of("/tmp")));
      }
      tmpdir.filter(Path::isAbsolute).map(Confinements::real).ifPresent(roots::add);
    }
    return new Confinement(
        level,
        List.copyOf(roots),
        List.of(),
        network || level == Level.DANGER_FULL_ACCESS,
        untouchable.stream().map(Confinements::real).toList());
  }

  /// The path without symbolic links, as far as it exists; what does not exist is added as it is.
  public static Path real(Path path) {
    var absolute = path.toAbsolutePath().normalize();
    try {
      return absolute.toRealPath();
    } catch (IOException _) {
      var parent = absolute.getParent();
      return parent == null ? absolute : real(parent).resolve(absolute.getFileName());
    }
  }
}
