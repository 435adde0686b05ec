package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Word;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is destructive about git: work that was never committed, and history.
final class GitDangers {
  private static final Set<String> VALUED =
      Set.of(
          "-C",
          "-c",
          "--git-dir",
          "--work-tree",
          "--namespace",
          "--exec-path",
          "--super-prefix",
          "--config-env",
          "--attr-source");

  private GitDangers() {}

  /// The words from git's subcommand on; empty if there is none, null if that is not known.
  static @Nullable List<Word> subcommand(Command command) {
    var words = command.words();
    for (var i = 1; i < words.size(); i++) {
      var it = words.get(i);
      if (!it.isLiteral()) {
        return null;
      }
      if (!it.text().startsWith("-")) {
        return words.subList(i, words.size());
      }
      if (VALUED.contains(it.text())) {
        i++;
      }
    }
    return List.of();
  }

  static void of(Command command, List<Danger> found) {
    var words = subcommand(command);
    if (words == null) {
      found.add(Dangers.beyond("history", command));
      return;
    }
    if (words.isEmpty()) {
      return;
    }
    var arguments = words.subList(1, words.size());
    var isDiscarding =
        switch (words.getFirst().text()) {
          case "clean" -> !has(arguments, "-n", "--dry-run") && option(words, "f", "force");
          case "reset" -> option(words, "", "hard") || option(words, "", "merge");
          case "checkout" ->
              option(words, "f", "force")
                  || has(arguments, "--", ".", ":/")
                  || has(arguments, "--theirs", "--ours");
          case "switch" -> option(words, "fC", "force") || option(words, "", "discard-changes");
          case "restore" -> !has(arguments, "--staged", "-S") || has(arguments, "--worktree", "-W");
          case "rm" -> !has(arguments, "--cached", "-n", "--dry-run");
          case "worktree" -> has(arguments, "remove") && option(words, "f", "force");
          default -> false;
        };
    if (isDiscarding) {
      var tree = tree(command);
      found.add(
          new Danger(
              "discard",
              Dangers.text(command),
              tree == null ? List.of() : List.of(tree),
              tree != null,
              false,
              command));
    }
    if (losesHistory(words, arguments)) {
      found.add(Dangers.beyond("history", command));
    }
  }

  private static boolean losesHistory(List<Word> words, List<Word> arguments) {
    return switch (words.getFirst().text()) {
      case "push" ->
          option(words, "fd", "force")
              || option(words, "", "delete")
              || option(words, "", "mirror")
              || option(words, "", "prune")
              || arguments.stream().anyMatch(it -> it.text().startsWith("--force"))
              || arguments.stream().anyMatch(GitDangers::rewrites);
      case "branch" -> option(words, "D", "") || option(words, "fMC", "force");
      case "tag" -> option(words, "d", "delete") || option(words, "f", "force");
      case "stash" -> has(arguments, "drop", "clear");
      case "reflog" -> has(arguments, "expire", "delete");
      case "update-ref", "filter-branch", "filter-repo", "prune" -> true;
      case "gc" -> arguments.stream().anyMatch(it -> it.text().startsWith("--prune"));
      case "remote" -> has(arguments, "remove", "rm");
      case "submodule" -> has(arguments, "deinit");
      default -> false;
    };
  }

  /// Whether a refspec overwrites or deletes what the remote has.
  private static boolean rewrites(Word it) {
    var text = it.text().replaceFirst("^[\"']", "");
    return text.startsWith("+") || (text.startsWith(":") && text.length() > 1);
  }

  private static boolean option(List<Word> words, String letters, String name) {
    return Dangers.hasOption(words, letters, name.isEmpty() ? Set.of() : Set.of(name));
  }

  private static boolean has(List<Word> arguments, String... texts) {
    return arguments.stream().anyMatch(it -> List.of(texts).contains(it.text()));
  }

  /// The folder whose work is discarded; null if that is not known.
  private static @Nullable Path tree(Command command) {
    var place = new Place(command.directory(), true);
    var words = command.words();
    // Options come in pairs here; any other one may name another tree.
    for (var i = 1; i < words.size() && words.get(i).text().startsWith("-"); i += 2) {
      switch (words.get(i).text()) {
        case "-C" -> place = i + 1 < words.size() ? place.enter(words.get(i + 1)) : Place.UNKNOWN;
        case "-c" -> {}
        default -> {
          return null;
        }
      }
    }
    return place.folder();
  }
}
