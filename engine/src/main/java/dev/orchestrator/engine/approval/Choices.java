package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.approval.Cover.Shape;
import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.event.Question.Choice;
import dev.orchestrator.engine.plan.Command;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Ways to say yes to a call, from the narrowest on, each with how many of the questions recorded
/// in this workspace it would have answered.
public final class Choices {
  /// Programs that run whatever they are given: nothing beginning with them alone is offered.
  private static final Set<String> RUNS_ANYTHING =
      Set.of(
          "env",
          "sudo",
          "doas",
          "su",
          "xargs",
          "find",
          "ssh",
          "docker",
          "podman",
          "npx",
          "uvx",
          "pipx",
          "eval",
          "exec",
          "java",
          "rm",
          "dd",
          "git",
          "kubectl",
          "make",
          "just",
          "awk",
          "gawk",
          "mawk",
          "cargo",
          "npm",
          "pnpm",
          "yarn",
          "go",
          "mvn",
          "gradle",
          "command",
          "nc",
          "socat",
          "parallel",
          "watch",
          "strace",
          "chroot",
          "systemd-run",
          "osascript",
          "ts-node");

  /// Programs whose first argument is a file or a text, not a subcommand.
  private static final Set<String> WITHOUT_SUBCOMMANDS =
      Set.of(
          "touch",
          "mkdir",
          "rmdir",
          "cp",
          "mv",
          "ln",
          "tee",
          "cat",
          "ls",
          "echo",
          "grep",
          "curl",
          "wget",
          "tar",
          "zip",
          "unzip",
          "gzip",
          "gunzip",
          "chmod",
          "chown",
          "diff",
          "patch",
          "sort",
          "install",
          "rsync",
          "scp",
          "pytest",
          "jest",
          "vitest",
          "mocha",
          "tsc",
          "eslint",
          "prettier",
          "ruff",
          "mypy",
          "black",
          "gcc",
          "clang",
          "javac",
          "rustc",
          "jq",
          "sed",
          "file",
          "stat",
          "du",
          "kill",
          "sleep");

  private final List<QuestionLog.Entry> seen;
  private final List<Offer> offers = new ArrayList<>();

  private Choices(List<QuestionLog.Entry> seen) {
    this.seen = seen;
  }

  /// The offers for a call.
  ///
  /// @param verdict about it
  /// @param extra what is allowed beyond the call itself, such as `, and writing /x`; empty for
  ///   nothing
  public static List<Offer> of(Subject subject, Verdict verdict, String extra, QuestionLog log) {
    var choices = new Choices(log.entries());
    choices.offer("once", "just this once" + extra, List.of(), Scope.RUN);
    switch (subject) {
      case Subject.Shell it -> choices.shell(it, verdict, extra);
      case Subject.Patch it -> choices.patch(it);
      case Subject.Mcp it -> choices.mcp(it);
    }
    return List.copyOf(choices.offers);
  }

  private void offer(String id, String text, List<Cover> covers, Scope scope) {
    var covered = (int) seen.stream().filter(it -> it.isCoveredBy(covers)).count();
    offers.add(new Offer(new Choice(id, text, covered, seen.size()), covers, scope));
  }

  /// The parts of a call that are asked about.
  static List<Command> asked(Subject.Shell call, Verdict verdict) {
    return verdict.asked().isEmpty() ? call.plan().commands() : verdict.asked();
  }

  private void shell(Subject.Shell call, Verdict verdict, String extra) {
    var asked = asked(call, verdict);
    var exact = Cover.exactly(call.plan(), asked, Trial::named);
    var same = exact.getFirst() instanceof Cover.OpaqueText ? "text" : "command";
    offer("run", "this exact %s in this run%s".formatted(same, extra), exact, Scope.RUN);
    offer(
        "workspace",
        "this exact %s in this workspace%s".formatted(same, extra),
        exact,
        Scope.WORKSPACE);
    if (!verdict.exactOnly() && !call.plan().isOpaque()) {
      shapes(asked, extra);
    }
  }

  private void shapes(List<Command> asked, String extra) {
    var narrow = shapes(asked, Choices::narrow);
    var wide = shapes(asked, Choices::wide);
    narrow.ifPresent(
        it -> offer("shape", named(it) + " in this workspace" + extra, it, Scope.WORKSPACE));
    wide.filter(it -> !it.equals(narrow.orElse(List.of())))
        .ifPresent(
            it -> offer("wide", named(it) + " in this workspace" + extra, it, Scope.WORKSPACE));
    wide.or(() -> narrow)
        .filter(_ -> asked.stream().noneMatch(Choices::isOfHere))
        .ifPresent(it -> offer("always", named(it) + " always" + extra, it, Scope.USER));
  }

  /// Whether its program is another one in another folder.
  private static boolean isOfHere(Command command) {
    var program = command.words().isEmpty() ? "" : command.words().getFirst().text();
    return program.contains("/") && !program.startsWith("/");
  }

  private static String named(List<Cover> covers) {
    return String.join(" and ", covers.stream().map(it -> "`" + it.text() + "`").toList());
  }

  /// Empty if there is no shape for one of the commands.
  private static Optional<List<Cover>> shapes(
      List<Command> commands, Function<Command, Optional<Shape>> shape) {
    var shapes = new ArrayList<Cover>();
    for (var command : commands) {
      var found = shape.apply(command);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      if (!shapes.contains(found.get())) {
        shapes.add(found.get());
      }
    }
    return shapes.isEmpty() ? Optional.empty() : Optional.of(List.copyOf(shapes));
  }

  /// All words but the last: `git push origin *`.
  private static Optional<Shape> narrow(Command command) {
    var words = Reach.literal(command);
    var least = hasSubcommand(words) ? 2 : 1;
    var kept = Math.max(least, command.words().size() - 1);
    return kept > words.size() ? Optional.empty() : shape(words.subList(0, kept));
  }

  /// The program and its subcommand: `git push *`.
  private static Optional<Shape> wide(Command command) {
    var words = Reach.literal(command);
    return words.isEmpty()
        ? Optional.empty()
        : shape(words.subList(0, hasSubcommand(words) ? 2 : 1));
  }

  private static boolean hasSubcommand(List<String> words) {
    return words.size() > 1
        && !WITHOUT_SUBCOMMANDS.contains(Reach.baseName(words.getFirst()))
        && words.get(1).matches("[a-z][a-z0-9:_-]*");
  }

  private static Optional<Shape> shape(List<String> words) {
    if (words.contains(Shape.ANY) || (isVague(words) && runsAnything(words.getFirst()))) {
      return Optional.empty();
    }
    var pattern = new ArrayList<>(words);
    pattern.add(Shape.ANY);
    return Optional.of(new Shape(pattern));
  }

  /// Whether a program is free to do anything yet. A module of Python's is a program.
  private static boolean isVague(List<String> words) {
    return words.size() == 1
        || (words.get(1).startsWith("-") && !(words.size() > 2 && words.get(1).equals("-m")));
  }

  private static boolean runsAnything(String program) {
    return RUNS_ANYTHING.contains(Reach.baseName(program))
        || Reach.INTERPRETERS.contains(Reach.unversioned(program));
  }

  private void patch(Subject.Patch call) {
    List<Cover> files =
        call.files().stream().<Cover>map(it -> new Cover.Writable(it.toString())).toList();
    offer("run", "patches to these files in this run", files, Scope.RUN);
    offer("workspace", "patches to these files from this workspace", files, Scope.WORKSPACE);
    var folders =
        call.files().stream()
            .map(Path::getParent)
            .filter(it -> it != null && it.getNameCount() > 1)
            .distinct()
            .<Cover>map(it -> new Cover.Writable(String.valueOf(it)))
            .toList();
    if (!folders.isEmpty()) {
      offer(
          "shape",
          "patches below " + named(folders) + " from this workspace",
          folders,
          Scope.WORKSPACE);
    }
  }

  private void mcp(Subject.Mcp call) {
    List<Cover> tool = List.of(new Cover.McpTool(call.server(), call.tool()));
    List<Cover> server = List.of(new Cover.McpTool(call.server(), Shape.ANY));
    offer("run", call.text() + " in this run", tool, Scope.RUN);
    offer("workspace", call.text() + " in this workspace", tool, Scope.WORKSPACE);
    offer("always", call.text() + " always", tool, Scope.USER);
    offer("wide", call.server() + "/* in this workspace", server, Scope.WORKSPACE);
  }

  /// The narrowest offer that would have answered the last question here too; the first if none
  /// would have.
  public static Offer preset(List<Offer> offers, QuestionLog log) {
    var last = log.entries();
    return last.isEmpty()
        ? offers.getFirst()
        : offers.stream()
            .filter(it -> last.getLast().isCoveredBy(it.covers()))
            .findFirst()
            .orElse(offers.getFirst());
  }
}
