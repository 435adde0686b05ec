package dev.orchestrator.engine.posix;

import dev.orchestrator.engine.posix.SpawnException.Reason;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/// Finds the file behind a command's first word, as `execvp(3)` does, and checks a [Program] before
/// anything is started.
public final class Executables {
  /// What the C library searches when `PATH` is not set (`confstr(_CS_PATH)`).
  private static final String DEFAULT_PATH = "/bin:/usr/bin";

  /// The kernel's `MAX_ARG_STRLEN`, terminating NUL included.
  private static final int LARGEST_ARGUMENT_BYTES = 131_072;

  private Executables() {}

  /// The absolute path of the program's file.
  ///
  /// @throws SpawnException if the program, its arguments or its directory rule it out
  public static Path find(Program program) throws SpawnException {
    checkDirectory(program.directory());
    checkWords(program);
    var name = program.arguments().getFirst();
    if (name.isEmpty()) {
      throw new SpawnException(Reason.INVALID, "the command is an empty word; name a program");
    }
    try {
      return name.contains("/") ? atPath(program, name) : onPath(program, name);
    } catch (InvalidPathException e) {
      throw new SpawnException(
          Reason.NOT_FOUND, "no such program: " + OsText.printable(name) + " (not a valid path)");
    }
  }

  private static void checkDirectory(Path directory) throws SpawnException {
    if (!Files.exists(directory)) {
      throw new SpawnException(
          Reason.NO_DIRECTORY,
          "no such working directory: " + directory + "; create it or name another");
    }
    if (!Files.isDirectory(directory)) {
      throw new SpawnException(
          Reason.NO_DIRECTORY, "not a directory: " + directory + "; name a directory to work in");
    }
  }

  private static void checkWords(Program program) throws SpawnException {
    for (var index = 0; index < program.arguments().size(); index++) {
      var argument = program.arguments().get(index);
      if (argument.indexOf('\0') >= 0) {
        throw new SpawnException(
            Reason.INVALID, "argument %d contains a NUL character".formatted(index));
      }
      // A char is at most three bytes, so only long ones are worth encoding.
      if (argument.length() * 3L >= LARGEST_ARGUMENT_BYTES
          && OsText.encode(argument).length >= LARGEST_ARGUMENT_BYTES) {
        throw new SpawnException(
            Reason.NOT_EXECUTABLE,
            "argument %d is %,d bytes long; the system allows %,d: pass it in a file"
                .formatted(index, OsText.encode(argument).length, LARGEST_ARGUMENT_BYTES - 1));
      }
    }
    for (var entry : program.environment()) {
      if (entry.indexOf('\0') >= 0) {
        throw new SpawnException(
            Reason.INVALID,
            "environment variable %s contains a NUL character"
                .formatted(entry.substring(0, Math.max(0, entry.indexOf('=')))));
      }
    }
  }

  private static Path atPath(Program program, String name) throws SpawnException {
    var file = program.directory().resolve(name);
    if (!Files.exists(file)) {
      throw new SpawnException(Reason.NOT_FOUND, "no such program: " + file);
    }
    if (!isRunnable(file)) {
      throw new SpawnException(
          Reason.NOT_EXECUTABLE,
          Files.isDirectory(file)
              ? "not a program: " + file + " is a directory"
              : "not executable: " + file + "; try chmod +x, or name its interpreter");
    }
    return file;
  }

  private static Path onPath(Program program, String name) throws SpawnException {
    var path = program.variable("PATH", DEFAULT_PATH);
    Path unusable = null;
    for (var folder : path.split(":", -1)) {
      var file = program.directory().resolve(folder).resolve(name);
      if (isRunnable(file)) {
        return file;
      }
      if (unusable == null && Files.isRegularFile(file)) {
        unusable = file;
      }
    }
    if (unusable != null) {
      throw new SpawnException(
          Reason.NOT_EXECUTABLE, "not executable: " + unusable + "; try chmod +x");
    }
    throw new SpawnException(
        Reason.NOT_FOUND,
        "no such program: %s; no folder of PATH has it".formatted(OsText.printable(name)));
  }

  private static boolean isRunnable(Path file) {
    return Files.isExecutable(file) && !Files.isDirectory(file);
  }
}
