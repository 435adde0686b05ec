package dev.orchestrator.app;

import dev.orchestrator.engine.plan.Plans;
import dev.orchestrator.engine.posix.Processes;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the program is called with besides its words. Nothing else is taken from the process, but
/// for what only a process has: its descriptors, signals and children.
///
/// @param variables the environment as the JVM decodes it
/// @param entries the environment as it was given, each `NAME=value`, for commands
/// @param directory where relative paths begin; absolute
/// @param out standard output, unbuffered; what cannot be written is an error, which a print stream
///   would keep to itself
record Invocation(
    Map<String, String> variables,
    Supplier<List<String>> entries,
    Path directory,
    InputStream in,
    OutputStream out,
    PrintStream err) {

  /// That of this process.
  static Invocation ofProcess() {
    return new Invocation(
        System.getenv(),
        Invocation::ownEntries,
        Path.of("").toAbsolutePath(),
        System.in,
        new FileOutputStream(FileDescriptor.out),
        System.err);
  }

  private static List<String> ownEntries() {
    try {
      return Processes.ownEnvironment();
    } catch (IOException _) {
      return System.getenv().entrySet().stream()
          .map(it -> it.getKey() + "=" + it.getValue())
          .toList();
    }
  }

  @Nullable String variable(String name) {
    return variables.get(name);
  }

  /// A variable that says something.
  Optional<String> said(String name) {
    return Optional.ofNullable(variables.get(name)).filter(it -> !it.isEmpty());
  }

  /// A path of the command line, absolute.
  Path resolve(Path path) {
    return directory.resolve(path).normalize();
  }

  /// The folder to work in.
  ///
  /// @param named by the command line
  Path directory(Optional<Path> named) {
    return named.map(this::resolve).orElse(directory);
  }

  Home home() {
    return Home.of(this);
  }

  /// Understands commands with the environment that they would get.
  Plans plans() {
    return new Plans(variables::get);
  }
}
