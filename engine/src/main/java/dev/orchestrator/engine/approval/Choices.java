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
          "sh", "bash", "zsh", "dash", "ksh", "fish", "python", "python2", "python3", "node",
          "deno", "bun", "perl", "ruby", "php", "lua", "env", "sudo", "doas", "su", "xargs", "find",
          "ssh", "docker", "podman", "npx", "eval", "exec", "java", "rm", "dd", "git", "kubectl",
          "make");

  private final QuestionLog log;
  private final List<Offer> offers = new ArrayList<>();

  private Choices(QuestionLog log) {
    this.log = log;
  }

  /// The offers for a call.
  ///
  /// @param verdict about it
  /// @param extra what is allowed beyond the call itself, such as `, and writing /x`; empty for
  ///   nothing
  public static List<Offer> of(Subject subject, Verdict verdict, String extra, QuestionLog log) {
    var choices = new Choices(log);
    choices.offer("once", "just this once" + extra, List.of(), Scope.RUN);
    switch (subject) {
      case Subject.Shell it when it.plan().isOpaque() -> choices.opaque(it, extra);
      case Subject.Shell it -> {
        var asked = verdict.asked().isEmpty() ? it.plan().commands() : verdict.asked();
        choices.commands(asked, verdict.exactOnly(), extra);
      }
      case Subject.Patch it -> choices.patch(it);
      case Subject.Mcp it -> choices.mcp(it);
    }
    return List.copyOf(choices.offers);
  }

  private void offer(String id, String text, List<Cover> covers, Scope scope) {
    var seen = log.entries();
    var covered = (int) seen.stream().filter(it -> it.isCoveredBy(covers)).count();
    offers.add(new Offer(new Choice(id, text, covered, seen.size()), covers, scope));
  }

  private void opaque(Subject.Shell call, String extra) {
    List<Cover> same =
        List.of(new Cover.OpaqueText(Cover.hash(call.plan().text()), call.plan().text()));
    offer("run", "this exact text in this run" + extra, same, Scope.RUN);
    offer("workspace", "this exact text in this workspace" + extra, same, Scope.WORKSPACE);
  }

  private void commands(List<Command> asked, boolean exactOnly, String extra) {
    var exact = exact(asked);
    offer("run", "this exact command in this run" + extra, exact, Scope.RUN);
    offer("workspace", "this exact command in this workspace" + extra, exact, Scope.WORKSPACE);
    if (exactOnly) {
      return;
    }
    var narrow = shapes(asked, Choices::narrow);
    var wide = shapes(asked, Choices::wide);
    narrow.ifPresent(
        it -> offer("shape", named(it) + " in this workspace" + extra, it, Scope.WORKSPACE));
    wide.filter(it -> !it.equals(narrow.orElse(List.of())))
        .ifPresent(
            it -> offer("wide", named(it) + " in this workspace" + extra, it, Scope.WORKSPACE));
    wide.or(() -> narrow)
        .ifPresent(it -> offer("always", named(it) + " always" + extra, it, Scope.USER));
  }

  private static List<Cover> exact(List<Command> commands) {
    return commands.stream()
        .<Cover>map(it -> new Cover.Exact(Cover.keyOf(it), Trial.named(it)))
        .distinct()
        .toList();
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
  static Optional<Shape> narrow(Command command) {
    var words = known(command);
    if (words.size() < 2 || words.size() < command.words().size() - 1) {
      return Optional.empty();
    }
    var kept = Math.max(2, command.words().size() - 1);
    return shape(words.subList(0, Math.min(kept, words.size())));
  }

  /// The program and its subcommand: `git push *`.
  static Optional<Shape> wide(Command command) {
    var words = known(command);
    if (words.isEmpty()) {
      return Optional.empty();
    }
    var hasSubcommand = words.size() > 1 && words.get(1).matches("[a-z][a-z0-9:_-]*");
    return shape(words.subList(0, hasSubcommand ? 2 : 1));
  }

  private static List<String> known(Command command) {
    return Reach.literal(command);
  }

  private static Optional<Shape> shape(List<String> words) {
    var program = Reach.baseName(words.getFirst());
    var vague = words.size() == 1 || words.get(1).startsWith("-");
    if (words.contains(Shape.ANY) || (vague && RUNS_ANYTHING.contains(program))) {
      return Optional.empty();
    }
    var pattern = new ArrayList<>(words);
    pattern.add(Shape.ANY);
    return Optional.of(new Shape(pattern));
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
