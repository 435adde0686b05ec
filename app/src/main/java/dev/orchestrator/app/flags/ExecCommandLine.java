package dev.orchestrator.app.flags;

import dev.orchestrator.app.flags.AccessFlags.Asking;
import dev.orchestrator.app.flags.ExecFlags.Change;
import dev.orchestrator.app.flags.ExecFlags.Doing;
import dev.orchestrator.app.flags.RunFlags.Format;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// `orchestrator exec`: Codex's options and ours, and what was said with them. As in Codex, options
/// may stand anywhere before `--`.
public final class ExecCommandLine {
  private static final String FULL_NAME = CommandLines.NAME + " exec";
  private static final String JSON_FULL = "--json=full";
  private static final String BYPASS = "--dangerously-bypass-approvals-and-sandbox";
  private static final String WORKTREE = "--worktree";
  private static final String FULL_AUTO = "--full-auto";
  private static final List<String> VERBS = List.of("resume", "fork", "review");

  static final String DESCRIPTION =
      "Gives a task to a model and lets it work with commands and patches, each through the user's"
          + " approvals and a sandbox, until it is done. A drop-in for codex exec.";

  /// Accepted because scripts give them; they concern services or parts that are not here.
  private static final List<Option> IGNORED =
      List.of(
          Option.value("SOURCE", "Accepted and ignored.", "--thread-source"),
          Option.value("PROGRAM", "Accepted and ignored.", "--cyber-access-program"),
          Option.flag(
              "Accepted and ignored: there are no hooks.", "--dangerously-bypass-hook-trust"));

  static final List<Option> OPTIONS =
      Stream.of(model(), work(), output(), records(), IGNORED, AccessFlags.ANSWERING)
          .flatMap(List::stream)
          .toList();

  private static List<Option> model() {
    return List.of(
        Option.value("MODEL", "The model to ask.", "-m", "--model"),
        Option.values(
            "KEY=VALUE",
            "A setting for this run; the value is TOML; repeatable.",
            "-c",
            "--config"),
        Option.values("FEATURE", "The same as -c features.FEATURE=true; repeatable.", "--enable"),
        Option.values("FEATURE", "The same as -c features.FEATURE=false; repeatable.", "--disable"),
        Option.value("NAME", "Settings of ~/.codex/NAME.config.toml.", "-p", "--profile"),
        Option.flag("Ask a model of this machine.", "--oss"),
        Option.value("NAME", "Which: ollama or lmstudio.", "--local-provider"),
        Option.flag("Take unknown settings for errors.", "--strict-config"),
        Option.flag("Leave the user's settings out.", "--ignore-user-config"),
        Option.value("FILE", "Keep what the model says in this cassette.", "--record"),
        Option.value("FILE", "Let this cassette answer instead of a model.", "--replay"));
  }

  private static List<Option> work() {
    return List.of(
        Option.value(
            "LEVEL",
            "Confine commands: read-only, workspace-write or danger-full-access. Default: what the"
                + " settings say, else workspace-write in a trusted project, else read-only.",
            "-s",
            "--sandbox"),
        Option.value(
            "POLICY",
            "When to ask: untrusted, on-failure, on-request, never or granular:KIND,… Default: what"
                + " the settings say, else never.",
            "-a",
            "--ask-for-approval",
            "--policy"),
        Option.flag("The same as -s workspace-write -a on-request.", FULL_AUTO),
        Option.flag("The same as --full-auto: approvals come to you.", "--approve-for-me"),
        Option.flag(
            "No sandbox, no questions. Only where something else holds it.", "--yolo", BYPASS),
        Option.value("DIR", "Where the work is done.", "-C", "--cwd", "--cd"),
        AccessFlags.ADD_DIR,
        AccessFlags.NETWORK,
        AccessFlags.RULES,
        AccessFlags.IGNORE_RULES,
        Option.flag("Work outside a git repository, too.", "--skip-git-repo-check"),
        Option.flag("Trust this project's settings in this run.", "--trust"),
        Option.flag("Not here: make one with git worktree add, and name it with --cd.", WORKTREE),
        Option.values("FILE", "A picture for the model; repeatable.", "-i", "--image"),
        Option.flag("Add standard input to the prompt.", "--stdin"),
        Option.value("TIME", "Longest time the turn may take: 90s, 5m, 1h30m.", "--timeout"),
        Option.flag("With resume: the last thread of this folder.", "--last"),
        Option.flag("With resume: of any folder.", "--all"),
        Option.flag("With resume: let options loosen what the thread had.", "--allow-looser"),
        Option.value("NAME", "What the thread is called.", "--name"),
        Option.flag("With review: what is not committed.", "--uncommitted"),
        Option.value("BRANCH", "With review: what differs from this branch.", "--base"),
        Option.value("SHA", "With review: this commit.", "--commit"),
        Option.value("TEXT", "With review: what the change is called.", "--title"));
  }

  private static List<Option> output() {
    return List.of(
        Option.flag(
            "Write Codex's JSON lines to standard output.", "--experimental-json", "--json"),
        Option.flag("Write those and our own.", JSON_FULL),
        Option.value("FILE", "Write the last message to this file.", "-o", "--output-last-message"),
        Option.value("FILE", "The JSON Schema of the last message.", "--output-schema"),
        Option.value("WHEN", "always, never or auto (default).", "--color"),
        Option.value(
            "KIND",
            "contract: one code per kind of end (default). turn: refused calls do not count.",
            "--exit-code"),
        Option.flag("Show nothing on standard error but errors.", "-q", "--quiet"));
  }

  private static List<Option> records() {
    return List.of(
        Option.value("TASK", "Label that groups runs.", "--task"),
        Option.flag("Keep neither a record of the run nor the thread.", "--ephemeral"),
        Option.value("DIR", "Keep the records of runs here.", "--runs-dir"),
        Option.value("FILE", "Write the run's summary to this file too.", "--summary-file"));
  }

  private ExecCommandLine() {}

  static String[] exitCodes() {
    return new String[] {
      "  0 the turn came to its end, 1 it failed or could not begin, 2 the command line is wrong,",
      "  11 a call was refused, 12 somebody had to be asked and nobody answered, 13 no sandbox,",
      "  16 timeout, 70 a defect, 129, 130 and 143 ended by a signal; with --json",
      "  only 0, 1 (also after SIGINT), 2, 129 and 143",
      "",
      "Examples:",
      "  orchestrator exec --full-auto 'fix the failing test'",
      "  git diff | orchestrator exec --stdin -o summary.txt 'summarise this change'",
      "  orchestrator exec resume --last 'now add a test'"
    };
  }

  /// What was said.
  ///
  /// @param directory where relative paths of files begin
  /// @return empty if help was asked for
  /// @throws UsageError if it was said wrongly
  public static Optional<ExecFlags> parse(List<String> arguments, Path directory)
      throws UsageError {
    var given = Arguments.parseMixed(FULL_NAME, OPTIONS, arguments);
    // Codex's exec has a command of this name, too.
    if (given.wantsHelp() || given.words().equals(List.of("help"))) {
      return Optional.empty();
    }
    if (given.has(WORKTREE)) {
      throw new UsageError(
          "--worktree: no work tree is made here; make one with git worktree add DIR, and name it"
              + " with --cd DIR");
    }
    return Optional.of(new Said(given, directory).flags());
  }

  /// What was said, taken apart.
  private static final class Said {
    private final Arguments given;
    private final Path directory;
    private final List<Path> images = new ArrayList<>();
    private final List<String> words;

    Said(Arguments given, Path directory) throws UsageError {
      this.given = given;
      this.directory = directory;
      this.words = new ArrayList<>(given.words());
      images();
    }

    /// Pictures may be listed with commas, or one after another as far as they are files.
    private void images() throws UsageError {
      var values = given.values("--image");
      for (var value : values) {
        // A file may have a comma in its name.
        var names =
            Files.isRegularFile(directory.resolve(Quantity.path("--image", value)))
                ? new String[] {value}
                : value.split(",", -1);
        for (var name : names) {
          images.add(Quantity.path("--image", name));
        }
      }
      while (!values.isEmpty() && words.size() > 1 && isPicture(words.getFirst())) {
        images.add(Path.of(words.removeFirst()));
      }
    }

    private boolean isPicture(String word) {
      return word.matches("(?i).+\\.(png|jpe?g|gif|webp)")
          && Files.isRegularFile(directory.resolve(word));
    }

    ExecFlags flags() throws UsageError {
      var verb = words.isEmpty() || !VERBS.contains(words.getFirst()) ? "" : words.removeFirst();
      var doing = doing(verb);
      if (words.size() > 1) {
        throw new UsageError(
            "'%s' is not expected after the prompt; put the prompt in quotes"
                .formatted(words.get(1)));
      }
      var timeout = given.value("--timeout");
      return new ExecFlags(
          doing,
          format(),
          settings(),
          words.isEmpty() ? Optional.empty() : Optional.of(words.getFirst()),
          given.has("--stdin"),
          path("--cd"),
          AccessFlags.paths(given, AccessFlags.ADD_DIR),
          List.copyOf(images),
          path("--output-schema"),
          RunCommandLine.file(given, "--output-last-message", directory),
          color(),
          given.has("--skip-git-repo-check") || given.has(BYPASS),
          ephemeral(),
          given.has("--allow-looser"),
          path("--record"),
          path("--replay"),
          path("--runs-dir"),
          RunCommandLine.summaryFile(given, directory),
          RunCommandLine.task(given),
          given.value("--name"),
          timeout.isPresent()
              ? Optional.of(Quantity.duration("--timeout", timeout.get()))
              : Optional.<Duration>empty(),
          codeOfTurn(),
          given.has("--quiet"),
          asking(),
          AccessFlags.deadline(given),
          AccessFlags.paths(given, AccessFlags.RULES),
          given.has(AccessFlags.IGNORE_RULES.name()),
          IGNORED.stream().map(Option::name).filter(given::has).toList());
    }

    private Doing doing(String verb) throws UsageError {
      var doing =
          switch (verb) {
            case "resume" -> resume();
            case "fork" -> {
              if (words.isEmpty()) {
                throw new UsageError("fork: which thread? orchestrator exec fork ID [PROMPT]");
              }
              yield new Doing.Fork(words.removeFirst());
            }
            case "review" -> review();
            default -> new Doing.Begin();
          };
      for (var option : List.of("--last", "--all")) {
        only(option, doing instanceof Doing.Resume, "resume");
      }
      for (var option : List.of("--uncommitted", "--base", "--commit", "--title")) {
        only(option, doing instanceof Doing.Review, "review");
      }
      return doing;
    }

    private void only(String option, boolean fits, String verb) throws UsageError {
      if (given.has(option) && !fits) {
        throw new UsageError(
            "%s belongs to orchestrator exec %s; leave it out".formatted(option, verb));
      }
    }

    private Doing resume() throws UsageError {
      var everywhere = given.has("--all");
      if (given.has("--last")) {
        return new Doing.Resume(Optional.empty(), everywhere);
      }
      if (words.isEmpty()) {
        throw new UsageError("resume: which thread? give its id or name, or --last");
      }
      return new Doing.Resume(Optional.of(words.removeFirst()), everywhere);
    }

    private Doing review() throws UsageError {
      var changes = new ArrayList<Change>();
      if (given.has("--uncommitted")) {
        changes.add(new Change.Uncommitted());
      }
      given.value("--base").ifPresent(it -> changes.add(new Change.Since(it)));
      given.value("--commit").ifPresent(it -> changes.add(new Change.Commit(it)));
      if (changes.isEmpty() && !words.isEmpty()) {
        changes.add(new Change.Described());
      }
      if (changes.size() != 1) {
        throw new UsageError(
            "review: of what? give one of --uncommitted, --base BRANCH, --commit SHA or a prompt");
      }
      return new Doing.Review(changes.getFirst(), given.value("--title"));
    }

    private Format format() {
      if (given.has(JSON_FULL)) {
        return Format.JSON_FULL;
      }
      return given.has("--json") ? Format.JSON : Format.HUMAN;
    }

    private ExecFlags.Settings settings() throws UsageError {
      var overrides = new ArrayList<>(given.values("--config"));
      given.values("--enable").forEach(it -> overrides.add("features." + it + "=true"));
      given.values("--disable").forEach(it -> overrides.add("features." + it + "=false"));
      if (given.has(AccessFlags.NETWORK.name())) {
        overrides.add("sandbox_workspace_write.network_access=true");
      }
      return new ExecFlags.Settings(
          List.copyOf(overrides),
          given.value("--model"),
          sandbox(),
          policy(),
          given.has("--oss"),
          localProvider(),
          given.value("--profile"),
          given.has("--ignore-user-config"),
          given.has("--strict-config"),
          given.has("--trust"));
    }

    private Optional<String> sandbox() throws UsageError {
      var shortcuts = Stream.of(FULL_AUTO, "--approve-for-me", BYPASS).filter(given::has).toList();
      var level = given.value(AccessFlags.LEVEL.name());
      var bypasses = shortcuts.contains(BYPASS);
      if (bypasses && (shortcuts.size() > 1 || level.isPresent())) {
        throw new UsageError(
            "%s leaves no room for %s; leave one of them out"
                .formatted(BYPASS, level.isPresent() ? "--sandbox" : shortcuts.getFirst()));
      }
      // A shortcut is a beginning; what is said by itself counts.
      if (level.isPresent()) {
        AccessFlags.level(given, Level.READ_ONLY);
        return level;
      }
      return shortcuts.isEmpty()
          ? Optional.empty()
          : Optional.of(bypasses ? "danger-full-access" : "workspace-write");
    }

    private Optional<String> policy() throws UsageError {
      if (given.has(BYPASS)) {
        return Optional.of("never");
      }
      if (given.has(AccessFlags.POLICY.name())) {
        return Optional.of(AccessFlags.policy(given).text());
      }
      return given.has(FULL_AUTO) || given.has("--approve-for-me")
          ? Optional.of("on-request")
          : Optional.empty();
    }

    private Optional<String> localProvider() throws UsageError {
      var name = given.value("--local-provider");
      if (name.isPresent() && !List.of("ollama", "lmstudio").contains(name.get())) {
        throw new UsageError(
            "--local-provider: '%s' is none; use ollama or lmstudio".formatted(name.get()));
      }
      return name;
    }

    private String color() throws UsageError {
      var when = given.value("--color").orElse("auto");
      if (!List.of("always", "never", "auto").contains(when)) {
        throw new UsageError(
            "--color: '%s' is not known; use always, never or auto".formatted(when));
      }
      return when;
    }

    private boolean ephemeral() throws UsageError {
      if (given.has("--ephemeral") && given.has("--runs-dir")) {
        throw new UsageError(
            "--runs-dir is about a record, and --ephemeral keeps none; leave one of them out");
      }
      return given.has("--ephemeral");
    }

    private boolean codeOfTurn() throws UsageError {
      var kind = given.value("--exit-code").orElse("contract");
      if (!List.of("contract", "turn").contains(kind)) {
        throw new UsageError(
            "--exit-code: '%s' is neither contract nor turn; name one of them".formatted(kind));
      }
      return kind.equals("turn");
    }

    private Asking asking() throws UsageError {
      var asking = AccessFlags.asking(given);
      if (asking == Asking.STDIO && format() != Format.JSON_FULL) {
        throw new UsageError(
            "--approvals=stdio: the questions are lines of --json=full; add that option");
      }
      return asking;
    }

    private Optional<Path> path(String option) throws UsageError {
      var text = given.value(option);
      return text.isPresent() ? Optional.of(Quantity.path(option, text.get())) : Optional.empty();
    }
  }
}
