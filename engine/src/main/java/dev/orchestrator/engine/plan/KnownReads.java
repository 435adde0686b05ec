package dev.orchestrator.engine.plan;

import dev.orchestrator.engine.plan.Command.Word;
import java.util.List;
import java.util.Set;

/// Commands that only read: the list that Codex once trusted, and git's reading subcommands.
///
/// Anything unusual about a command keeps it off the list.
public final class KnownReads {
  private static final Set<String> PLAIN =
      Set.of(
          "cat",
          "cd",
          "cut",
          "echo",
          "expr",
          "false",
          "grep",
          "egrep",
          "fgrep",
          "head",
          "id",
          "ls",
          "nl",
          "paste",
          "pwd",
          "rev",
          "seq",
          "stat",
          "tail",
          "tr",
          "true",
          ":",
          "uname",
          "wc",
          "which",
          "whoami",
          "numfmt",
          "tac",
          "basename",
          "dirname",
          "realpath",
          "readlink",
          "test",
          "[");
  private static final Set<String> FIND_ACTIONS =
      Set.of(
          "-exec",
          "-execdir",
          "-ok",
          "-okdir",
          "-delete",
          "-fls",
          "-fprint",
          "-fprint0",
          "-fprintf");

  /// Wrappers that make something else of the program inside.
  private static final Set<String> CHANGES_WHO = Set.of("sudo", "doas", "chroot");

  private static final Set<String> BRANCH =
      Set.of("--list", "-l", "-a", "-r", "-v", "-vv", "--all", "--remotes", "--show-current");

  private KnownReads() {}

  /// Whether a command is known to change nothing. Its assignments may be any that are not
  /// privileged; its redirections read, or write to `/dev/null`.
  public static boolean isRead(Command command) {
    if (command.wrappers().stream().anyMatch(CHANGES_WHO::contains)
        || !Privileged.assignments(command).isEmpty()
        || !command.redirections().stream().allMatch(KnownReads::isHarmless)) {
      return false;
    }
    if (command.words().isEmpty()) {
      return true;
    }
    var program = command.words().getFirst();
    var name = nameOf(program);
    var arguments = command.words().subList(1, command.words().size());
    if (PLAIN.contains(name)) {
      return true;
    }
    // From here on an option may change the nature of the command, so every word must be known.
    if (arguments.stream().anyMatch(KnownReads::mayBeOption)) {
      return false;
    }
    return switch (name) {
      case "base64" -> arguments.stream().noneMatch(it -> hasLetter(it, 'o', "--output"));
      case "find" -> arguments.stream().noneMatch(it -> FIND_ACTIONS.contains(it.text()));
      case "rg" ->
          arguments.stream()
              .noneMatch(it ->
                  hasLetter(it, 'z', "--search-zip")
                      || it.text().startsWith("--pre")
                      || it.text().startsWith("--hostname-bin"));
      case "sed" -> isPrintingSed(arguments);
      case "uniq" -> arguments.stream().filter(it -> !it.text().startsWith("-")).count() <= 1;
      case "git" -> isReadingGit(command);
      default -> false;
    };
  }

  private static boolean isHarmless(Command.Redirection it) {
    return switch (it.kind()) {
      case READ, DUPLICATE, HERE -> true;
      case WRITE, APPEND, READ_WRITE -> {
        var file = it.file();
        yield file != null && file.toString().equals("/dev/null");
      }
    };
  }

  private static String nameOf(Word program) {
    if (!program.isLiteral()) {
      return "";
    }
    var text = program.text();
    for (var folder : List.of("/bin/", "/usr/bin/")) {
      if (text.startsWith(folder)) {
        return text.substring(folder.length());
      }
    }
    return text;
  }

  /// A word whose value is not known; a quoted one and a pattern with a beginning are no options.
  private static boolean mayBeOption(Word it) {
    if (it.isLiteral()) {
      return false;
    }
    var first = it.text().isEmpty() ? ' ' : it.text().charAt(0);
    return !((first >= 'a' && first <= 'z')
            || (first >= 'A' && first <= 'Z')
            || first == '/'
            || first == '.')
        || it.text().chars().anyMatch(c -> "$`{(".indexOf(c) >= 0);
  }

  private static boolean hasLetter(Word it, char letter, String name) {
    var text = it.text();
    return text.startsWith("--")
        ? text.length() > 2 && name.startsWith(text.replaceFirst("=.*", ""))
        : text.startsWith("-") && text.indexOf(letter) > 0;
  }

  private static boolean isPrintingSed(List<Word> arguments) {
    return (arguments.size() == 2 || arguments.size() == 3)
        && arguments.getFirst().text().equals("-n")
        && arguments.get(1).text().matches("[0-9]+(,[0-9]+)?p")
        && arguments.stream().skip(2).noneMatch(it -> it.text().startsWith("-"));
  }

  private static boolean isReadingGit(Command command) {
    var words = GitDangers.subcommand(command);
    // Options before the subcommand choose another repository or configuration.
    if (words == null || words.isEmpty() || words.size() != command.words().size() - 1) {
      return false;
    }
    var arguments = words.subList(1, words.size());
    if (arguments.stream().anyMatch(KnownReads::writesOrRuns)) {
      return false;
    }
    return switch (words.getFirst().text()) {
      case "status",
          "log",
          "diff",
          "show",
          "rev-parse",
          "ls-files",
          "blame",
          "shortlog",
          "describe",
          "rev-list",
          "merge-base",
          "ls-tree",
          "cat-file" ->
          true;
      case "branch" -> arguments.stream().allMatch(it -> BRANCH.contains(it.text()));
      case "remote" -> arguments.stream().allMatch(it -> it.text().equals("-v"));
      case "stash" -> arguments.size() == 1 && arguments.getFirst().text().equals("list");
      default -> false;
    };
  }

  private static boolean writesOrRuns(Word it) {
    var text = it.text();
    return text.startsWith("--output")
        || text.startsWith("--ext")
        || text.startsWith("--textconv")
        || text.startsWith("--filters")
        || text.startsWith("--open")
        || text.startsWith("--exec")
        || text.startsWith("--upload-pack")
        || text.startsWith("--show-signature")
        || text.startsWith("--no-index")
        || text.startsWith("--contents")
        || text.startsWith("-O")
        || text.startsWith("-o");
  }
}
