package dev.orchestrator.app;

import dev.orchestrator.app.flags.AccessFlags;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.engine.approval.Rulebook;
import dev.orchestrator.engine.approval.Rulebook.Match;
import dev.orchestrator.engine.approval.Rulebook.Says;
import dev.orchestrator.engine.rules.RuleMatch;
import dev.orchestrator.engine.rules.RuleSet;
import dev.orchestrator.engine.rules.RulesException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The rules that hold in a workspace: the user's in full, of a project's those that tighten.
record Rules(RuleSet users, RuleSet projects) implements Rulebook {
  private static final String SUFFIX = ".rules";

  /// Reads them.
  ///
  /// @throws UsageError naming file, line and column of what is not understood
  static Rulebook load(AccessFlags flags, Invocation invocation, Path workspace)
      throws UsageError, IOException {
    var users = new ArrayList<Path>();
    var projects = List.<Path>of();
    if (!flags.ignoreRules()) {
      for (var folder : userFolders(invocation.home())) {
        users.addAll(in(folder));
      }
      projects = in(projectFolder(workspace));
    }
    for (var named : flags.rules()) {
      var file = invocation.resolve(named);
      if (!Files.isReadable(file) || Files.isDirectory(file)) {
        throw new UsageError("--rules: " + named + " cannot be read; name a file of rules");
      }
      users.add(file);
    }
    if (users.isEmpty() && projects.isEmpty()) {
      return Rulebook.EMPTY;
    }
    try {
      var home = invocation.said("HOME").map(Path::of).orElse(null);
      return new Rules(RuleSet.load(users, home), RuleSet.load(projects, home));
    } catch (RulesException e) {
      throw new UsageError(String.valueOf(e.getMessage()));
    }
  }

  /// Every file of rules that would be read in a workspace.
  static List<Path> files(Home home, Path workspace) throws IOException {
    var files = new ArrayList<Path>();
    for (var folder : userFolders(home)) {
      files.addAll(in(folder));
    }
    files.addAll(in(projectFolder(workspace)));
    return files;
  }

  private static Path projectFolder(Path workspace) {
    return workspace.resolve(".codex/rules");
  }

  private static List<Path> userFolders(Home home) {
    var folders = new ArrayList<>(List.of(Path.of("/etc/codex/rules")));
    folders.add(home.codex().resolve("rules"));
    return folders;
  }

  private static List<Path> in(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (var files = Files.list(folder)) {
      return files.filter(it -> it.toString().endsWith(SUFFIX)).sorted().toList();
    }
  }

  @Override
  public List<Match> matches(List<String> words) {
    return Stream.concat(
            users.matches(words).stream().map(Rules::match),
            projects.matches(words).stream()
                .map(Rules::match)
                .filter(it -> it.says() != Says.ALLOW))
        .toList();
  }

  @Override
  public List<Match> beginningWith(List<String> words) {
    return Stream.concat(
            users.beginningWith(words).stream(), projects.beginningWith(words).stream())
        .map(Rules::match)
        .toList();
  }

  private static Match match(RuleMatch it) {
    var says =
        switch (it.decision()) {
          case ALLOW -> Says.ALLOW;
          case PROMPT -> Says.PROMPT;
          case FORBIDDEN -> Says.FORBIDDEN;
        };
    return new Match(says, it.prefix(), it.justification());
  }
}
