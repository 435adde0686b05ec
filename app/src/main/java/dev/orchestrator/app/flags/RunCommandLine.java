package dev.orchestrator.app.flags;

import dev.orchestrator.app.flags.AccessFlags.Asking;
import dev.orchestrator.app.flags.RunFlags.Format;
import dev.orchestrator.engine.approval.Policy;
import dev.orchestrator.engine.exec.Spool;
import dev.orchestrator.engine.record.RunFolder;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.headless.ExitCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `orchestrator run`: its options, and what was said with them.
public final class RunCommandLine {
  private static final String JSON_FULL = "--json=full";

  static final String DESCRIPTION =
      "Runs one command, on a terminal of its own or on pipes, and passes its output on. When it is"
          + " over nothing that it started is left running, every byte it wrote is in the run's"
          + " record, and the exit code is the command's own.";

  static final List<Option> OPTIONS =
      Stream.of(options(), AccessFlags.JUDGING, AccessFlags.ANSWERING)
          .flatMap(List::stream)
          .toList();

  private static List<Option> options() {
    return List.of(
        Option.flag(
            "Write Codex's JSON lines to standard output.", "--experimental-json", "--json"),
        Option.flag(
            "Write those and our own: every piece of output, limits, processes.", JSON_FULL),
        Option.flag(
            "Run on a terminal. Default: if standard output is one, without --json.", "--tty"),
        Option.flag("Run on pipes, standard output and error apart.", "--no-tty"),
        Option.value(
            "COLSxROWS",
            "Run on a terminal of this size. Default: the size of ours, or 80x24.",
            "--size"),
        Option.flag("Let the command read our standard input; otherwise it is closed.", "--stdin"),
        Option.value("DIR", "Working directory of the command.", "-C", "--cwd"),
        Option.values("NAME=VALUE", "Set a variable for the command; repeatable.", "--env"),
        Option.value(
            "TASK", "Label that groups runs. Default: the repository's folder name.", "--task"),
        Option.value("TIME", "Longest time the command may take: 90s, 5m, 1h30m.", "--timeout"),
        Option.value(
            "TIME", "Longest time it may neither write nor use the processor.", "--idle-timeout"),
        Option.value("SIZE", "Most bytes of output to keep: 10m, 1g. Default: 1g.", "--spool-cap"),
        Option.flag(
            "End the command when it has written more than the spool's cap.", "--fail-on-cap"),
        Option.value(
            "KIND",
            "command: the command's own code (default). contract: one code per kind of end.",
            "--exit-code"),
        Option.flag("Keep no record of the run.", "--ephemeral"),
        Option.value(
            "DIR", "Keep the records of runs here. Default: .runs in the work tree.", "--runs-dir"),
        Option.value(
            "FILE",
            "Write the run's summary, one line of JSON, to this file too.",
            "--summary-file"),
        Option.flag("Do not say on standard error how a failed run ended.", "-q", "--quiet"));
  }

  private RunCommandLine() {}

  static String[] exitCodes() {
    return new String[] {
      "  the command's own, or 128 + n when signal n ended it",
      exit(ExitCode.USAGE),
      exit(ExitCode.ENV_TIMEOUT),
      exit(ExitCode.ENV_FAILED),
      exit(ExitCode.ENV_NOT_EXECUTABLE),
      exit(ExitCode.ENV_NOT_FOUND),
      "  with --exit-code=contract: 0 success, 1 run failed, 10 command failed, 11 refused or"
          + " blocked,",
      "  12 nobody answered, 13 no sandbox, 15 idle, 16 timeout, 17 output cap",
      "",
      "Example:",
      "  orchestrator run --json --timeout 10m -- make test"
    };
  }

  private static String exit(ExitCode it) {
    return "  " + it.code() + "  " + it.meaning();
  }

  /// What was said.
  ///
  /// @param directory where relative paths of files begin
  /// @return empty if help was asked for
  /// @throws UsageError if it was said wrongly
  public static Optional<RunFlags> parse(List<String> arguments, Path directory) throws UsageError {
    var given = Arguments.parse(CommandLines.NAME + " run", OPTIONS, arguments);
    if (given.wantsHelp()) {
      return Optional.empty();
    }
    if (given.words().isEmpty()) {
      throw new UsageError("no command given; write it last: orchestrator run -- COMMAND");
    }
    return Optional.of(flags(given, directory));
  }

  /// `orchestrator sandbox` as a run that asks nobody and keeps no record; standard input is the
  /// command's.
  public static RunFlags confined(CallCommandLines.Asked asked) {
    var access = asked.access();
    return new RunFlags(
        Format.HUMAN,
        Optional.empty(),
        Optional.empty(),
        true,
        asked.cwd(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Spool.DEFAULT_CAP_BYTES,
        false,
        false,
        true,
        Optional.empty(),
        false,
        new AccessFlags(
            access.level(),
            access.levelKey(),
            new Policy.Never(),
            true,
            access.settings(),
            access.addDirs(),
            access.network(),
            List.of(),
            true,
            false,
            Asking.NONE,
            access.deadline()),
        asked.words().size(),
        asked.words());
  }

  private static RunFlags flags(Arguments given, Path directory) throws UsageError {
    var timeout = given.value("--timeout");
    var idle = given.value("--idle-timeout");
    var cap = given.value("--spool-cap");
    var size = given.value("--size");
    return new RunFlags(
        format(given),
        tty(given),
        size.isPresent() ? Optional.of(Quantity.window("--size", size.get())) : Optional.empty(),
        given.has("--stdin"),
        path(given, "--cwd"),
        environment(given.values("--env")),
        task(given),
        path(given, "--runs-dir"),
        timeout.isPresent()
            ? Optional.of(Quantity.duration("--timeout", timeout.get()))
            : Optional.empty(),
        idle.isPresent()
            ? Optional.of(Quantity.duration("--idle-timeout", idle.get()))
            : Optional.empty(),
        cap.isPresent() ? Quantity.bytes("--spool-cap", cap.get()) : Spool.DEFAULT_CAP_BYTES,
        given.has("--fail-on-cap"),
        contract(given),
        ephemeral(given),
        summaryFile(given, directory),
        given.has("--quiet"),
        access(given),
        given.words().size(),
        given.words());
  }

  /// Whoever types a command for `run` is the user, so nothing is confined unless that is said.
  private static AccessFlags access(Arguments given) throws UsageError {
    var access = AccessFlags.of(given, Level.DANGER_FULL_ACCESS, "orchestrator.run.sandbox_mode");
    if (access.asking() == Asking.STDIO && !given.has(JSON_FULL)) {
      throw new UsageError(
          "--approvals=stdio: the questions are lines of --json=full; add that option");
    }
    if (access.asking() == Asking.STDIO && given.has("--stdin")) {
      throw new UsageError(
          "--approvals=stdio and --stdin both read standard input; leave one of them out");
    }
    return access;
  }

  private static Format format(Arguments given) {
    if (given.has(JSON_FULL)) {
      return Format.JSON_FULL;
    }
    return given.has("--json") ? Format.JSON : Format.HUMAN;
  }

  private static Optional<Boolean> tty(Arguments given) throws UsageError {
    var yes = given.has("--tty");
    var no = given.has("--no-tty");
    if (yes && no) {
      throw new UsageError("--tty and --no-tty exclude each other; give one of them");
    }
    if (no && given.has("--size")) {
      throw new UsageError("--size is the size of a terminal; leave --no-tty out to have one");
    }
    return yes || no ? Optional.of(yes) : Optional.empty();
  }

  private static Map<String, String> environment(List<String> settings) throws UsageError {
    var variables = new LinkedHashMap<String, String>();
    for (var setting : settings) {
      var equals = setting.indexOf('=');
      if (equals <= 0) {
        throw new UsageError(
            "--env: '%s' is not NAME=VALUE; write for example --env A=1".formatted(setting));
      }
      variables.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return variables;
  }

  static Optional<String> task(Arguments given) throws UsageError {
    var task = given.value("--task");
    if (task.isPresent() && !RunFolder.isTask(task.get())) {
      throw new UsageError(
          "--task: '%s' cannot be a folder's name; use 1 to 64 letters, digits, '.', '_' and '-'"
              .formatted(task.get()));
    }
    return task;
  }

  private static boolean contract(Arguments given) throws UsageError {
    var kind = given.value("--exit-code").orElse("command");
    if (!List.of("command", "contract").contains(kind)) {
      throw new UsageError(
          "--exit-code: '%s' is neither command nor contract; name one of them".formatted(kind));
    }
    return kind.equals("contract");
  }

  private static boolean ephemeral(Arguments given) throws UsageError {
    var ephemeral = given.has("--ephemeral");
    for (var other : List.of("--task", "--runs-dir", "--spool-cap")) {
      if (ephemeral && given.has(other)) {
        throw new UsageError(
            "%s is about a record, and --ephemeral keeps none; leave one of them out"
                .formatted(other));
      }
    }
    return ephemeral;
  }

  static Optional<Path> summaryFile(Arguments given, Path directory) throws UsageError {
    return file(given, "--summary-file", directory);
  }

  /// A file that is to be written when the run is over.
  static Optional<Path> file(Arguments given, String option, Path directory) throws UsageError {
    var file = path(given, option).map(directory::resolve);
    if (file.isPresent()) {
      var folder = file.get().getParent();
      if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file.get())) {
        throw new UsageError(
            "%s: %s cannot be a file; name one in an existing folder"
                .formatted(option, file.get()));
      }
    }
    return file;
  }

  private static Optional<Path> path(Arguments given, String option) throws UsageError {
    var text = given.value(option);
    return text.isPresent() ? Optional.of(Quantity.path(option, text.get())) : Optional.empty();
  }
}
