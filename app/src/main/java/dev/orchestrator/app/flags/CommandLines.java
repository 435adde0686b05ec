package dev.orchestrator.app.flags;

import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Every command with its options, built without reflection so that starting stays quick.
public final class CommandLines {
  /// The name people type.
  public static final String NAME = "orchestrator";

  private static final int HELP_COLUMNS = 100;

  static {
    // picocli warns on standard error that --json and --json=full are both options, as they are.
    System.setProperty("picocli.trace", "OFF");
  }

  private CommandLines() {}

  /// The whole program, for help, completion and the manual.
  static CommandSpec root() {
    var root =
        command(
            NAME,
            "Stands between AI coding agents and the machine: runs commands, keeps every byte,"
                + " ends everything it started, and says how it went.");
    root.addOption(
        OptionSpec.builder("-V", "--version").description("Print the version and exit.").build());
    root.addSubcommand("run", RunCommandLine.spec());
    root.addSubcommand("reap", reap());
    root.addSubcommand("schema", schema());
    root.addSubcommand("completion", completion());
    root.addSubcommand("man", man());
    return root;
  }

  static CommandSpec command(String name, String description) {
    var spec = CommandSpec.create().name(name);
    spec.usageMessage().description(description).width(HELP_COLUMNS);
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Print this help and exit.")
            .build());
    return spec;
  }

  static CommandSpec reap() {
    var spec =
        command(
            NAME + " reap",
            "Ends processes that runs killed with SIGKILL have left, from the notes those runs"
                + " left. Runs that are alive are left alone.");
    spec.addOption(
        OptionSpec.builder("-q", "--quiet").description("Say nothing unless it fails.").build());
    spec.addOption(
        OptionSpec.builder("--live")
            .paramLabel("FILE")
            .type(String.class)
            .description("Look at this note only.")
            .build());
    return spec;
  }

  static CommandSpec schema() {
    var spec =
        command(NAME + " schema", "Prints a JSON Schema (2020-12) of what the program writes.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .paramLabel("NAME")
            .type(String.class)
            .completionCandidates(List.of("events", "manifest", "metrics", "state"))
            .description("events, manifest, metrics or state.")
            .build());
    return spec;
  }

  static CommandSpec completion() {
    return command(
        NAME + " completion",
        "Prints a completion script for bash and zsh: source <(orchestrator completion)");
  }

  static CommandSpec man() {
    var spec = command(NAME + " man", "Prints a manual page: orchestrator man run | man -l -");
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("0..1")
            .paramLabel("COMMAND")
            .type(String.class)
            .description("The command to describe; all of them if none is named.")
            .build());
    return spec;
  }

  /// The help of a command, or of the whole program.
  ///
  /// @throws UsageError if there is no such command
  public static String help(List<String> path, boolean colour) throws UsageError {
    return line(find(path)).getUsageMessage(colour ? Ansi.ON : Ansi.OFF);
  }

  /// A manual page in troff's `man` macros.
  ///
  /// @throws UsageError if there is no such command
  public static String manual(List<String> path) throws UsageError {
    return ManPage.of(find(path));
  }

  /// A completion script for bash, usable from zsh.
  public static String completionScript() {
    return AutoComplete.bash(NAME, line(root()));
  }

  private static CommandSpec find(List<String> path) throws UsageError {
    var spec = root();
    for (var name : path) {
      var next = spec.subcommands().get(name);
      if (next == null) {
        throw unknownCommand(name);
      }
      spec = next.getCommandSpec();
    }
    return spec;
  }

  /// What to say about a command that does not exist.
  public static UsageError unknownCommand(String name) {
    return new UsageError(
        "no command '%s'; there are %s: see %s --help"
            .formatted(name, String.join(", ", root().subcommands().keySet()), NAME));
  }

  static CommandLine line(CommandSpec spec) {
    return new CommandLine(spec)
        .setExpandAtFiles(false)
        .setStopAtPositional(true)
        .setAbbreviatedOptionsAllowed(false);
  }

  /// What the simple commands were asked.
  ///
  /// @param words what is not an option
  public record Simple(boolean help, boolean quiet, String live, List<String> words) {}

  /// Parses a command that has few options.
  ///
  /// @throws UsageError if it was used wrongly
  public static Simple parse(String command, List<String> arguments) throws UsageError {
    var spec = find(List.of(command));
    var line = line(spec);
    var result = Parsing.parse(line, arguments);
    return new Simple(
        result.isUsageHelpRequested(),
        result.hasMatchedOption("--quiet"),
        result.matchedOptionValue("--live", ""),
        result.matchedPositionals().stream()
            .flatMap(it -> it.originalStringValues().stream())
            .toList());
  }
}
