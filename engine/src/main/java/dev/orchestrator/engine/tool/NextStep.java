package dev.orchestrator.engine.tool;

import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.posix.Shell;
import dev.orchestrator.engine.sandbox.Confinement;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import dev.orchestrator.engine.tool.Questions.Prepared;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// What a person can do so that a call that nobody was there to allow runs the next time.
///
/// Immutable.
final class NextStep {
  private static final String ASK =
      "run it once on a terminal, or with --approvals=stdio, and choose an answer that lasts";
  private static final String GRANT = "orchestrator approvals grant ";

  private final Path workspace;

  NextStep(Path workspace) {
    this.workspace = workspace;
  }

  String after(Prepared it) {
    return it.openings().isEmpty()
        ? grant(it).map(line -> "allow it first with: " + line).orElse(ASK)
        : option(it).map(line -> "allow it with: " + line).orElse(ASK);
  }

  private static Optional<String> option(Prepared it) {
    for (var opening : it.openings()) {
      switch (opening) {
        case Opening.WritablePath(var path) when isFree(path) -> {
          var level = it.level() == Level.READ_ONLY ? "--sandbox workspace-write " : "";
          return Optional.of(level + "--add-dir " + quoted(path.toString()));
        }
        case Opening.Network _, Opening.Localhost _ -> {
          return Optional.of("--network");
        }
        case Opening.WritablePath _,
            Opening.UnixSocket _,
            Opening.GitMetadata _,
            Opening.Everything _ -> {}
      }
    }
    return Optional.empty();
  }

  /// Whether a folder can be opened by an option: what is protected stays so in an opened folder.
  private static boolean isFree(Path path) {
    for (var name : path) {
      if (Confinement.PROTECTED.contains(name.toString())) {
        return false;
      }
    }
    return true;
  }

  private Optional<String> grant(Prepared it) {
    return switch (it.subject()) {
      case Subject.Shell call -> command(call).map(text -> GRANT + where(it) + quoted(text));
      case Subject.Patch call -> files(call.files());
      case Subject.Mcp call -> Optional.of(call.text()).filter(NextStep::isTool).map(GRANT::concat);
    };
  }

  /// A single word may look like a tool or a path; a shell around it changes nothing.
  private static Optional<String> command(Subject.Shell call) {
    var text = call.text();
    var isClear = text.contains(" ") || !text.contains("/");
    return isClear
        ? Optional.of(text)
        : Optional.of("sh -c " + quoted(text)).filter(_ -> !call.plan().isOpaque());
  }

  private static boolean isTool(String text) {
    return text.matches("[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+");
  }

  private static Optional<String> files(List<Path> files) {
    return files.stream().anyMatch(it -> it.toString().contains(" "))
        ? Optional.empty()
        : Optional.of(
            files.stream()
                .map(it -> GRANT + quoted(it.toString()))
                .collect(Collectors.joining(" && ")));
  }

  /// The same level and folder, of which an exact answer is a part.
  private String where(Prepared it) {
    var level = it.level() == Level.DANGER_FULL_ACCESS ? "-s danger-full-access " : "";
    var directory = it.question().directory();
    if (directory.equals(workspace)) {
      return level;
    }
    return level
        + (isOfWorkspace(directory) ? "" : "--scope user ")
        + "-C "
        + quoted(directory.toString())
        + " ";
  }

  /// Whether the command line would take the same workspace for this folder's.
  private boolean isOfWorkspace(Path directory) {
    for (var it = directory; it != null; it = it.getParent()) {
      var git = it.resolve(".git");
      if (Files.isRegularFile(git) || Files.exists(git.resolve("HEAD"))) {
        return it.equals(workspace);
      }
    }
    return false;
  }

  private static String quoted(String word) {
    return Shell.quote(List.of(word));
  }
}
