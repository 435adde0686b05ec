package dev.orchestrator.engine.sandbox;

import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Openings for known situations, in which one path would only lead to the next question.
public final class Bundles {
  /// Where tools keep what they download and build, below the home folder. Everything in there is
  /// the tool's own; nothing in there is run by a login.
  private static final List<String> CACHES =
      List.of(
          ".m2",
          ".gradle",
          ".ivy2",
          ".sbt",
          ".npm",
          ".yarn",
          ".pnpm-store",
          ".bun",
          ".cargo/registry",
          ".cargo/git",
          ".rustup",
          ".nuget",
          ".pub-cache",
          ".cache",
          ".bundle",
          ".gem",
          "go/pkg");

  private Bundles() {}

  /// What a commit in the repository around a folder writes.
  ///
  /// @return empty if the folder is in no repository
  public static Optional<Opening.GitMetadata> commit(Path folder) {
    return GitFolders.around(Confinements.real(folder)).map(GitFolders::opening);
  }

  /// What a build with Maven or Gradle writes outside the project.
  ///
  /// @param environment the command's
  public static List<Opening> jvmBuild(Map<String, String> environment) {
    var home = home(environment);
    return List.of(
        new Opening.WritablePath(folder(environment, "MAVEN_USER_HOME", home.resolve(".m2"))),
        new Opening.WritablePath(folder(environment, "GRADLE_USER_HOME", home.resolve(".gradle"))));
  }

  /// The ssh agent's socket.
  ///
  /// @return empty if the environment names none
  public static Optional<Opening.UnixSocket> sshAgent(Map<String, String> environment) {
    return path(environment.getOrDefault("SSH_AUTH_SOCK", "")).map(Opening.UnixSocket::new);
  }

  /// Docker's socket. Whoever may use it is as good as root: see [#equalsRoot].
  public static Opening.UnixSocket docker(Map<String, String> environment) {
    var host = environment.getOrDefault("DOCKER_HOST", "");
    var named = host.startsWith("unix://") ? path(host.substring("unix://".length())) : path("");
    return new Opening.UnixSocket(Confinements.real(named.orElse(Path.of("/var/run/docker.sock"))));
  }

  /// Whether an opening gives as much as root has, and must be called that.
  public static boolean equalsRoot(Opening opening) {
    return opening instanceof Opening.UnixSocket(var path)
        && path.getFileName() != null
        && path.getFileName().toString().matches("(docker|containerd|podman|crio).*\\.sock");
  }

  /// The bundle that a path belongs to.
  static Optional<Opening> around(Path path, Path cwd, Map<String, String> environment) {
    var repository = GitFolders.around(cwd).or(() -> GitFolders.around(path));
    if (repository.isPresent() && repository.get().isWrittenByCommit(path)) {
      return Optional.of(repository.get().opening());
    }
    for (var it : jvmBuild(environment)) {
      if (it instanceof Opening.WritablePath(var folder) && path.startsWith(folder)) {
        return Optional.of(it);
      }
    }
    var home = home(environment);
    return CACHES.stream()
        .map(home::resolve)
        .filter(path::startsWith)
        .findFirst()
        .map(it -> new Opening.WritablePath(cache(it, path)));
  }

  /// In the folder that all tools share, each has its own.
  private static Path cache(Path cache, Path path) {
    return cache.endsWith(".cache") && path.getNameCount() > cache.getNameCount()
        ? cache.resolve(path.getName(cache.getNameCount()))
        : cache;
  }

  private static Path home(Map<String, String> environment) {
    return path(environment.getOrDefault("HOME", "")).orElse(Path.of("/nonexistent"));
  }

  private static Path folder(Map<String, String> environment, String name, Path otherwise) {
    return path(environment.getOrDefault(name, "")).orElse(otherwise);
  }

  private static Optional<Path> path(String text) {
    try {
      var path = Path.of(text);
      return path.isAbsolute() ? Optional.of(Confinements.real(path)) : Optional.empty();
    } catch (InvalidPathException _) {
      return Optional.empty();
    }
  }
}
