package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.plan.Command;
import dev.orchestrator.engine.plan.Command.Kind;
import dev.orchestrator.engine.plan.Command.Redirection;
import dev.orchestrator.engine.plan.Command.Word;
import dev.orchestrator.engine.plan.Danger;
import dev.orchestrator.engine.plan.Dangers;
import dev.orchestrator.engine.plan.Privileged;
import dev.orchestrator.engine.sandbox.Confinement;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// How far a command reaches: which of its effects lie outside the workspace, and whether it is
/// only what its words say.
final class Reach {
  private static final Set<String> SYSTEM_FOLDERS =
      Set.of("/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin");

  /// Programs whose next word is the program that really runs.
  private static final Set<String> MULTI_CALL = Set.of("busybox", "toybox");

  /// Git's options before its subcommand that take a value of their own.
  private static final Set<String> GIT_VALUES =
      Set.of("-C", "-c", "--git-dir", "--work-tree", "--namespace", "--exec-path", "--config-env");

  /// Programs of which some argument makes something destructive out of something harmless.
  private static final Set<String> TURNS_ON_ARGUMENTS =
      Set.of("rm", "git", "find", "chmod", "chown", "dd", "truncate", "shred", "mv", "kill");

  /// Programs that write nothing of their own, so that their output empties a file.
  private static final Set<String> EMPTY = Set.of(":", "true", "false", "truncate");

  /// Programs that read what to do from their input when no file is named.
  static final Set<String> INTERPRETERS =
      Set.of(
          "sh",
          "bash",
          "zsh",
          "dash",
          "ksh",
          "fish",
          "pwsh",
          "python",
          "ipython",
          "node",
          "deno",
          "bun",
          "tsx",
          "perl",
          "ruby",
          "irb",
          "php",
          "lua",
          "luajit",
          "Rscript",
          "R",
          "julia",
          "ghci",
          "jshell",
          "tclsh",
          "osascript",
          "psql",
          "mysql",
          "sqlite",
          "ed",
          "ex",
          "bc",
          "dc",
          "gdb",
          "m4");

  private final List<Path> roots;

  /// @param roots below which a command may do as it likes; absolute
  Reach(List<Path> roots) {
    this.roots = roots.stream().map(Reach::real).toList();
  }

  /// Whether a file is below a root, and neither a root, nor a folder around one, nor one of the
  /// protected names in any of them.
  boolean isInside(Path file) {
    var real = real(file);
    return roots.stream().anyMatch(real::startsWith)
        && roots.stream().noneMatch(root -> root.startsWith(real) || isProtected(root, real));
  }

  /// The protected name that keeps a file below a root from being changed.
  Optional<String> protectedName(Path file) {
    var real = real(file);
    return roots.stream()
        .filter(root -> isProtected(root, real))
        .map(root -> root.relativize(real).getName(0).toString())
        .findFirst();
  }

  private static boolean isProtected(Path root, Path real) {
    return real.startsWith(root)
        && !real.equals(root)
        && Confinement.PROTECTED.contains(root.relativize(real).getName(0).toString());
  }

  /// Whether a command runs in a folder or below it; false if that cannot be told.
  static boolean isBelow(Command command, Path folder) {
    var directory = command.directory();
    return directory != null && real(directory).startsWith(real(folder));
  }

  /// The path with the links of what exists of it followed.
  private static Path real(Path file) {
    var path = file.toAbsolutePath().normalize();
    for (var existing = path; existing != null; existing = existing.getParent()) {
      if (Files.exists(existing)) {
        try {
          return existing.toRealPath().resolve(existing.relativize(path)).normalize();
        } catch (IOException _) {
          return path;
        }
      }
    }
    return path;
  }

  /// What is destructive about a command beyond the roots, or beyond files altogether.
  List<Danger> dangers(Command command) {
    return Dangers.of(command).stream().filter(it -> matters(it, command)).toList();
  }

  private boolean matters(Danger it, Command command) {
    var beyond = !it.targetsKnown() || !it.targets().stream().allMatch(this::isInside);
    return switch (it.kind()) {
      // Output into a file is the sandbox's business; taking away what is there is not.
      case "truncate" ->
          it.targets().stream().anyMatch(Reach::isDevice)
              || (emptiesOnPurpose(command)
                  && (!it.targetsKnown() || it.targets().stream().anyMatch(Reach::hasContent)));
      // Of a repository's folder it reaches all of the repository.
      case "discard" -> true;
      default -> beyond || it.beyondFiles();
    };
  }

  /// Whether it is a disk or the like, and not a stream.
  private static boolean isDevice(Path file) {
    return file.startsWith("/dev")
        && !isStream(file)
        && !file.startsWith("/dev/shm")
        && !file.startsWith("/dev/pts");
  }

  private static boolean hasContent(Path file) {
    try {
      return Files.isRegularFile(file) && Files.size(file) > 0;
    } catch (IOException _) {
      return true;
    }
  }

  private static boolean emptiesOnPurpose(Command command) {
    return command.words().isEmpty() || EMPTY.contains(baseName(command.words().getFirst().text()));
  }

  /// Whether nothing but its words says what the command does: no variable that changes how
  /// programs behave, no output to files outside, no privileges, and no unknown word where that
  /// could change its nature.
  boolean isPlain(Command command) {
    return command.assignments().stream().noneMatch(it -> Privileged.isPrivileged(it.name()))
        && command.redirections().stream().allMatch(this::isHarmless)
        && command.wrappers().stream().noneMatch(Cover::isPrivileged)
        && (!turnsOnArguments(command) || command.words().stream().allMatch(Word::isLiteral));
  }

  /// Whether what it does is told by its input: text in the script, or a pipe.
  static boolean isToldByInput(Command command) {
    var words = command.words().stream().map(Word::text).toList();
    return command.redirections().stream().anyMatch(it -> it.kind() == Kind.HERE)
        || words.contains("-")
        || words.contains("/dev/stdin")
        || (words.stream().skip(1).allMatch(it -> it.startsWith("-"))
            && !words.isEmpty()
            && INTERPRETERS.contains(unversioned(words.getFirst())));
  }

  /// `python` for `/usr/bin/python3.12`.
  static String unversioned(String program) {
    return baseName(program).replaceFirst("[0-9.-]+$", "");
  }

  private static boolean turnsOnArguments(Command command) {
    return !command.words().isEmpty()
        && TURNS_ON_ARGUMENTS.contains(baseName(command.words().getFirst().text()));
  }

  private boolean isHarmless(Redirection it) {
    return switch (it.kind()) {
      case READ, DUPLICATE, HERE -> true;
      case WRITE, APPEND, READ_WRITE -> {
        var file = it.file();
        yield file != null && (isStream(file) || isInside(file));
      }
    };
  }

  private static boolean isStream(Path file) {
    var text = file.toString();
    return text.equals("/dev/null")
        || text.equals("/dev/stdout")
        || text.equals("/dev/stderr")
        || text.equals("/dev/tty")
        || text.startsWith("/dev/fd/");
  }

  /// Whether it writes a file by redirection.
  static boolean writes(Command command) {
    return command.redirections().stream()
        .anyMatch(it ->
            (it.kind() == Kind.WRITE || it.kind() == Kind.APPEND || it.kind() == Kind.READ_WRITE)
                && !(it.file() != null && isStream(it.file())));
  }

  /// The words up to the first that is not known.
  static List<String> literal(List<Word> words) {
    return words.stream().takeWhile(Word::isLiteral).map(Word::text).toList();
  }

  /// The same of a command, with the system's own programs by their names.
  static List<String> literal(Command command) {
    var literal = literal(command.words());
    return literal.isEmpty() ? literal : with(plainName(literal.getFirst()), literal);
  }

  /// Whether every word is known.
  static boolean isLiteral(Command command) {
    return command.words().stream().allMatch(Word::isLiteral);
  }

  /// Everything a strict rule might mean by this command: as it stands, with a wrapper in front,
  /// without git's own options, and under the name of the file that its path leads to.
  static Set<List<String>> readings(Command command) {
    var readings = new LinkedHashSet<List<String>>();
    var literal = literal(command.words());
    if (!literal.isEmpty()) {
      var program = literal.getFirst();
      for (var name : List.of(program, baseName(program), target(command, program))) {
        readings.add(with(name, literal));
        if (MULTI_CALL.contains(name) && literal.size() > 1) {
          readings.add(literal.subList(1, literal.size()));
        }
        if (name.equals("git")) {
          readings.add(with(name, literal(withoutGitOptions(command.words()))));
        }
      }
    }
    for (var wrapper : command.wrappers()) {
      var name = baseName(wrapper);
      var bare = List.copyOf(readings);
      readings.add(List.of(name));
      bare.forEach(it -> readings.add(prepend(name, it)));
    }
    return readings;
  }

  private static List<String> prepend(String first, List<String> words) {
    var more = new ArrayList<>(List.of(first));
    more.addAll(words);
    return more;
  }

  private static List<String> with(String first, List<String> words) {
    return prepend(first, words.subList(1, words.size()));
  }

  private static List<Word> withoutGitOptions(List<Word> words) {
    var index = 1;
    while (index < words.size() && words.get(index).text().startsWith("-")) {
      index += GIT_VALUES.contains(words.get(index).text()) ? 2 : 1;
    }
    var rest = new ArrayList<>(words.subList(0, 1));
    rest.addAll(words.subList(Math.min(index, words.size()), words.size()));
    return rest;
  }

  /// The name of the file behind a program's path, links followed.
  private static String target(Command command, String program) {
    var directory = command.directory();
    if (!program.contains("/") || directory == null) {
      return baseName(program);
    }
    try {
      var name = directory.resolve(program).toRealPath().getFileName();
      return name == null ? baseName(program) : name.toString();
    } catch (IOException | RuntimeException _) {
      return baseName(program);
    }
  }

  static String baseName(String program) {
    return program.substring(program.lastIndexOf('/') + 1);
  }

  /// `git` for `/usr/bin/git`; unchanged for a path anywhere else.
  static String plainName(String program) {
    var slash = program.lastIndexOf('/');
    return slash > 0 && SYSTEM_FOLDERS.contains(program.substring(0, slash))
        ? program.substring(slash + 1)
        : program;
  }
}
