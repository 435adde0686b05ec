package dev.orchestrator.app.flags;

import dev.orchestrator.app.flags.RunFlags.Format;
import dev.orchestrator.engine.exec.Spool;
import dev.orchestrator.engine.record.RunFolder;
import dev.orchestrator.headless.ExitCode;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `orchestrator run`: its options, and what was said with them.
public final class RunCommandLine {
  private static final String JSON_FULL = "--json=full";

  private RunCommandLine() {}

  static CommandSpec spec() {
    var spec =
        CommandLines.command(
            CommandLines.NAME + " run",
            "Runs one command, on a terminal of its own or on pipes, and passes its output on. When"
                + " it is over nothing that it started is left running, every byte it wrote is in"
                + " the run's record, and the exit code is the command's own.");
    spec.usageMessage()
        .customSynopsis("orchestrator run [OPTION]… [--] COMMAND [ARGUMENT]…")
        .footerHeading("%nExit codes:%n")
        .footer(
            "  the command's own, or 128 + n when signal n ended it",
            exit(ExitCode.USAGE),
            exit(ExitCode.ENV_TIMEOUT),
            exit(ExitCode.ENV_FAILED),
            exit(ExitCode.ENV_NOT_EXECUTABLE),
            exit(ExitCode.ENV_NOT_FOUND),
            "  with --exit-code=contract: "
                + "0 success, 1 run failed, 10 command failed, 15 idle, 16 timeout, 17 output cap",
            "",
            "Example:",
            "  orchestrator run --json --timeout 10m -- make test");
    flag(spec, "Write Codex's JSON lines to standard output instead of the command's.", "--json");
    flag(spec, "Write those and our own: every piece of output, limits, processes.", JSON_FULL);
    flag(
        spec,
        "Run on a terminal. Default: if standard output is one and --json is not given.",
        "--tty");
    flag(spec, "Run on pipes, standard output and error apart.", "--no-tty");
    value(
        spec, "COLSxROWS", "Size of the terminal. Default: the size of ours, or 80x24.", "--size");
    flag(spec, "Let the command read our standard input; otherwise it is closed.", "--stdin");
    value(spec, "DIR", "Working directory of the command.", "-C", "--cwd");
    spec.addOption(
        OptionSpec.builder("--env")
            .paramLabel("NAME=VALUE")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .arity("1")
            .description("Set a variable for the command; may be repeated.")
            .build());
    value(spec, "TASK", "Label that groups runs. Default: the repository's folder name.", "--task");
    value(spec, "TIME", "Longest time the command may take: 90s, 5m, 1h30m.", "--timeout");
    value(
        spec, "TIME", "Longest time it may neither write nor use the processor.", "--idle-timeout");
    value(spec, "SIZE", "Most bytes of output to keep: 10m, 1g. Default: 1g.", "--spool-cap");
    flag(spec, "End the command when it has written more than the spool's cap.", "--fail-on-cap");
    value(
        spec,
        "KIND",
        "command: the command's own code (default). contract: one code per kind of end.",
        "--exit-code");
    flag(spec, "Keep no record of the run.", "--ephemeral");
    value(
        spec,
        "DIR",
        "Keep the records of runs here. Default: .runs in the work tree.",
        "--runs-dir");
    value(
        spec,
        "FILE",
        "Write the run's summary, one line of JSON, to this file too.",
        "--summary-file");
    flag(spec, "Do not say on standard error how a failed run ended.", "-q", "--quiet");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0..*")
            .arity("0..*")
            .paramLabel("COMMAND")
            .type(List.class)
            .auxiliaryTypes(String.class)
            .description("The command and its arguments; -- before it ends our own options.")
            .build());
    return spec;
  }

  private static String exit(ExitCode it) {
    return "  " + it.code() + "  " + it.meaning();
  }

  private static void flag(CommandSpec spec, String description, String... names) {
    var first = names[0];
    var others = java.util.Arrays.copyOfRange(names, 1, names.length);
    spec.addOption(
        OptionSpec.builder(first, others)
            .arity("0")
            .type(boolean.class)
            .description(description)
            .build());
  }

  private static void value(CommandSpec spec, String label, String description, String... names) {
    var first = names[0];
    var others = java.util.Arrays.copyOfRange(names, 1, names.length);
    spec.addOption(
        OptionSpec.builder(first, others)
            .paramLabel(label)
            .arity("1")
            .type(String.class)
            .description(description)
            .build());
  }

  /// What was said.
  ///
  /// @return empty if help was asked for
  /// @throws UsageError if it was said wrongly
  public static Optional<RunFlags> parse(List<String> arguments) throws UsageError {
    var result = Parsing.parse(CommandLines.line(spec()), arguments);
    if (result.isUsageHelpRequested()) {
      return Optional.empty();
    }
    List<String> command = result.matchedPositionalValue(0, List.of());
    if (command.isEmpty()) {
      throw new UsageError("no command given; write it last: orchestrator run -- COMMAND");
    }
    return Optional.of(flags(result, command));
  }

  private static RunFlags flags(ParseResult result, List<String> command) throws UsageError {
    var timeout = text(result, "--timeout");
    var idle = text(result, "--idle-timeout");
    var cap = text(result, "--spool-cap");
    var size = text(result, "--size");
    return new RunFlags(
        format(result),
        tty(result),
        size.isPresent() ? Optional.of(Quantity.window("--size", size.get())) : Optional.empty(),
        result.hasMatchedOption("--stdin"),
        path(result, "--cwd"),
        environment(result.matchedOptionValue("--env", List.of())),
        task(result),
        path(result, "--runs-dir"),
        timeout.isPresent()
            ? Optional.of(Quantity.duration("--timeout", timeout.get()))
            : Optional.empty(),
        idle.isPresent()
            ? Optional.of(Quantity.duration("--idle-timeout", idle.get()))
            : Optional.empty(),
        cap.isPresent() ? Quantity.bytes("--spool-cap", cap.get()) : Spool.DEFAULT_CAP_BYTES,
        result.hasMatchedOption("--fail-on-cap"),
        contract(result),
        ephemeral(result),
        summaryFile(result),
        result.hasMatchedOption("--quiet"),
        command.size(),
        command);
  }

  private static Format format(ParseResult result) {
    if (result.hasMatchedOption(JSON_FULL)) {
      return Format.JSON_FULL;
    }
    return result.hasMatchedOption("--json") ? Format.JSON : Format.HUMAN;
  }

  private static Optional<Boolean> tty(ParseResult result) throws UsageError {
    var yes = result.hasMatchedOption("--tty");
    var no = result.hasMatchedOption("--no-tty");
    if (yes && no) {
      throw new UsageError("--tty and --no-tty exclude each other; give one of them");
    }
    if (no && result.hasMatchedOption("--size")) {
      throw new UsageError("--size is the size of a terminal; leave --no-tty out to have one");
    }
    return yes || no ? Optional.of(yes) : Optional.empty();
  }

  private static Map<String, String> environment(List<String> settings) throws UsageError {
    var variables = new LinkedHashMap<String, String>();
    for (var setting : settings) {
      var equals = setting.indexOf('=');
      if (equals <= 0) {
        throw new UsageError("--env: '%s' is not NAME=VALUE".formatted(setting));
      }
      variables.put(setting.substring(0, equals), setting.substring(equals + 1));
    }
    return variables;
  }

  private static Optional<String> task(ParseResult result) throws UsageError {
    var task = text(result, "--task");
    if (task.isPresent() && !RunFolder.isTask(task.get())) {
      throw new UsageError(
          "--task: '%s' cannot be a folder's name; use 1 to 64 letters, digits, '.', '_' and '-'"
              .formatted(task.get()));
    }
    return task;
  }

  private static boolean contract(ParseResult result) throws UsageError {
    var kind = text(result, "--exit-code").orElse("command");
    if (!List.of("command", "contract").contains(kind)) {
      throw new UsageError(
          "--exit-code: '%s' is neither command nor contract; name one of them".formatted(kind));
    }
    return kind.equals("contract");
  }

  private static boolean ephemeral(ParseResult result) throws UsageError {
    var ephemeral = result.hasMatchedOption("--ephemeral");
    for (var other : new ArrayList<>(List.of("--task", "--runs-dir", "--spool-cap"))) {
      if (ephemeral && result.hasMatchedOption(other)) {
        throw new UsageError(
            "%s is about a record, and --ephemeral keeps none; leave one of them out"
                .formatted(other));
      }
    }
    return ephemeral;
  }

  private static Optional<Path> summaryFile(ParseResult result) throws UsageError {
    var file = path(result, "--summary-file").map(Path::toAbsolutePath);
    if (file.isPresent()) {
      var folder = file.get().getParent();
      if (folder == null || !Files.isDirectory(folder) || Files.isDirectory(file.get())) {
        throw new UsageError(
            "--summary-file: %s cannot be a file; name one in an existing folder"
                .formatted(file.get()));
      }
    }
    return file;
  }

  private static Optional<String> text(ParseResult result, String option) {
    return Optional.ofNullable(result.matchedOptionValue(option, (String) null));
  }

  private static Optional<Path> path(ParseResult result, String option) throws UsageError {
    var text = text(result, option);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (text.get().isEmpty()) {
      throw new UsageError(option + ": the path is empty; name a file or folder");
    }
    try {
      return Optional.of(Path.of(text.get()));
    } catch (InvalidPathException _) {
      throw new UsageError("%s: '%s' is not a valid path".formatted(option, text.get()));
    }
  }
}
