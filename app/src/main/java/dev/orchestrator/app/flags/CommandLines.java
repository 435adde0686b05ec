package dev.orchestrator.app.flags;

import dev.orchestrator.engine.wire.Schemas;
import java.util.Arrays;
import java.util.List;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/// Every command with its options, as picocli's help, manual and completion need them. Nothing here
/// is touched when a command runs: see [Arguments].
public final class CommandLines {
  /// The name people type.
  public static final String NAME = "orchestrator";

  private static final int HELP_COLUMNS = 100;

  static {
    // picocli warns on standard error that --json and --json=full are both options, as they are.
    System.setProperty("picocli.trace", "OFF");
  }

  private CommandLines() {}

  private static final List<Option> REAP =
      List.of(
          Option.flag("Say nothing unless it fails.", "-q", "--quiet"),
          Option.value("FILE", "Look at this note only.", "--live"));

  /// The whole program, for help, completion and the manual.
  private static CommandSpec root() {
    var root =
        command(
            NAME,
            "Stands between AI coding agents and the machine: runs commands, keeps every byte,"
                + " ends everything it started, and says how it went.",
            List.of(Option.flag("Print the version and exit.", "-V", "--version")));
    root.addSubcommand("run", run());
    root.addSubcommand("exec", exec());
    root.addSubcommand("plan", plan());
    root.addSubcommand("approvals", approvals());
    root.addSubcommand("sandbox", sandbox());
    root.addSubcommand("apply-patch", applyPatch());
    root.addSubcommand("config", config());
    root.addSubcommand(
        "instructions",
        command(
            "instructions",
            "Prints what an agent that is started here would be told first: AGENTS.md files and"
                + " where it works.",
            SettingsCommandLines.INSTRUCTIONS));
    root.addSubcommand(
        "doctor",
        command(
            "doctor",
            "Prints what works here: the sandbox, by really trying it, versions, folders, where"
                + " settings come from, limits.",
            CallCommandLines.DOCTOR));
    root.addSubcommand(
        "reap",
        command(
            "reap",
            "Ends processes that runs killed with SIGKILL have left, from the notes those runs"
                + " left. Runs that are alive are left alone.",
            REAP));
    root.addSubcommand("schema", schema());
    root.addSubcommand(
        "completion",
        command(
            "completion",
            "Prints a completion script for bash and zsh: source <(orchestrator completion)",
            List.of()));
    root.addSubcommand("man", man());
    return root;
  }

  private static CommandSpec command(String name, String description, List<Option> options) {
    var spec = CommandSpec.create().name(name);
    spec.usageMessage().description(description).width(HELP_COLUMNS);
    spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description(Arguments.HELP.description())
            .build());
    for (var option : options) {
      spec.addOption(option(option));
    }
    return spec;
  }

  private static OptionSpec option(Option it) {
    var names = it.names().toArray(String[]::new);
    var builder =
        OptionSpec.builder(names[0], Arrays.copyOfRange(names, 1, names.length))
            .description(it.description());
    if (it.label() == null) {
      return builder.arity("0").type(boolean.class).build();
    }
    return builder.arity("1").paramLabel(it.label()).type(String.class).build();
  }

  private static CommandSpec run() {
    var spec = command("run", RunCommandLine.DESCRIPTION, RunCommandLine.OPTIONS);
    spec.usageMessage()
        .customSynopsis(NAME + " run [OPTION]… [--] COMMAND [ARGUMENT]…")
        .footerHeading("%nExit codes:%n")
        .footer(RunCommandLine.exitCodes());
    return spec;
  }

  private static CommandSpec exec() {
    var spec = command("exec", ExecCommandLine.DESCRIPTION, ExecCommandLine.OPTIONS);
    spec.aliases("e");
    spec.usageMessage()
        .customSynopsis(
            NAME + " exec [OPTION]… [PROMPT]",
            NAME + " exec resume (ID | NAME | --last) [OPTION]… [PROMPT]",
            NAME + " exec fork ID [OPTION]… [PROMPT]",
            NAME + " exec review (--uncommitted | --base BRANCH | --commit SHA | PROMPT)")
        .footerHeading("%nExit codes:%n")
        .footer(ExecCommandLine.exitCodes());
    return spec;
  }

  private static CommandSpec plan() {
    var spec =
        command(
            "plan",
            "Prints what a shell command would do, part by part, and whether it would run, be asked"
                + " about or be refused, with the reasons. Runs nothing.",
            CallCommandLines.PLAN);
    spec.usageMessage()
        .customSynopsis(
            NAME + " plan [OPTION]… 'SHELL COMMAND'",
            NAME + " plan [OPTION]… -",
            NAME + " plan [OPTION]… -- WORD WORD…");
    return spec;
  }

  private static CommandSpec approvals() {
    var spec =
        command(
            "approvals",
            "Shows and changes the answers that are remembered.",
            CallCommandLines.APPROVALS);
    spec.usageMessage()
        .customSynopsis(
            NAME + " approvals list [--json]",
            NAME + " approvals explain [OPTION]… 'SHELL COMMAND'",
            NAME + " approvals grant [OPTION]… 'PROGRAM WORD… *' | SERVER/TOOL | /PATH",
            NAME + " approvals revoke ID…",
            NAME + " approvals test [OPTION]… FILE")
        .footer(
            "",
            "A pattern's last * stands for any further words; a program alone means just that.",
            "A file for test has a line per case: run, ask or refuse, and a shell command.");
    return spec;
  }

  private static CommandSpec config() {
    var spec =
        command(
            "config",
            "Prints every setting that holds here, as TOML, and where it comes from.",
            SettingsCommandLines.CONFIG);
    spec.usageMessage().customSynopsis(NAME + " config show [OPTION]…");
    return spec;
  }

  private static CommandSpec sandbox() {
    var spec =
        command(
            "sandbox",
            "Runs one command confined, asks nobody, keeps no record, and ends with its code."
                + " Default level: read-only.",
            CallCommandLines.SANDBOX);
    spec.usageMessage().customSynopsis(NAME + " sandbox [OPTION]… [--] COMMAND [ARGUMENT]…");
    return spec;
  }

  private static CommandSpec applyPatch() {
    var spec =
        command(
            "apply-patch",
            "Applies a patch in Codex's apply_patch format in the current folder: adds, changes,"
                + " moves and deletes files, part after part. Asks nobody.",
            List.of());
    spec.usageMessage()
        .customSynopsis(NAME + " apply-patch 'PATCH'", NAME + " apply-patch [-] < FILE")
        .footerHeading("%nExit codes:%n")
        .footer(
            "    0  the patch is applied",
            "    1  it is no patch, or a part does not fit; the parts before that are applied",
            "    2  the command line is wrong, or there is no patch");
    return spec;
  }

  private static CommandSpec schema() {
    var spec =
        command("schema", "Prints a JSON Schema (2020-12) of what the program writes.", List.of());
    spec.addPositional(
        PositionalParamSpec.builder()
            .index("0")
            .arity("1")
            .paramLabel("NAME")
            .type(String.class)
            .completionCandidates(Schemas.NAMES)
            .description(String.join(", ", Schemas.NAMES) + ".")
            .build());
    return spec;
  }

  private static CommandSpec man() {
    var spec = command("man", "Prints a manual page: orchestrator man run | man -l -", List.of());
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
    // A command with a short name stands there twice.
    var names =
        root().subcommands().values().stream()
            .map(it -> it.getCommandSpec().name())
            .distinct()
            .toList();
    return new UsageError(
        "no command '%s'; there are %s; see %s --help"
            .formatted(name, String.join(", ", names), NAME));
  }

  private static CommandLine line(CommandSpec spec) {
    return new CommandLine(spec);
  }

  /// What one of the simple commands was asked.
  ///
  /// @param live value of `--live`; empty if it was not given
  /// @param words what is not an option
  public record Simple(boolean help, boolean quiet, String live, List<String> words) {}

  /// Parses a command that has few options.
  ///
  /// @param mostWords how many words it takes at most
  /// @throws UsageError if it was used wrongly
  public static Simple parse(String command, int mostWords, List<String> arguments)
      throws UsageError {
    var full = NAME + " " + command;
    var given = Arguments.parse(full, command.equals("reap") ? REAP : List.of(), arguments);
    if (given.words().size() > mostWords) {
      throw new UsageError(
          "%s: '%s' is not expected; see %s --help"
              .formatted(command, given.words().get(mostWords), full));
    }
    return new Simple(
        given.wantsHelp(), given.has("--quiet"), given.value("--live").orElse(""), given.words());
  }
}
