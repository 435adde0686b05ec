package dev.orchestrator.app;

import dev.orchestrator.app.flags.CallCommandLines;
import dev.orchestrator.app.flags.CommandLines;
import dev.orchestrator.app.flags.ExecCommandLine;
import dev.orchestrator.app.flags.RunCommandLine;
import dev.orchestrator.app.flags.SettingsCommandLines;
import dev.orchestrator.app.flags.UsageError;
import dev.orchestrator.app.logging.FileLoggerFinder;
import dev.orchestrator.engine.Reaper;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Posix;
import dev.orchestrator.engine.posix.Signal;
import dev.orchestrator.engine.posix.Tty;
import dev.orchestrator.engine.wire.Schemas;
import dev.orchestrator.headless.ExitCode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// The program: finds the command that was named, runs it, and ends with its code.
///
/// A person's mistake is one line and code 2; a defect is one line, code 70 and a trace in the log.
public final class Main {
  /// Of the orchestrator; set by the build.
  static final String VERSION =
      Optional.ofNullable(Main.class.getPackage().getImplementationVersion()).orElse("development");

  /// The launcher's process, if there is a launcher.
  private static final String LAUNCHER = "orchestrator.launcher";

  private final Invocation invocation;
  private final PrintStream out;
  private final Home home;

  Main(Invocation invocation) {
    this.invocation = invocation;
    this.out =
        new PrintStream(new BufferedOutputStream(invocation.out()), false, StandardCharsets.UTF_8);
    this.home = invocation.home();
  }

  /// Starts the program and ends the process.
  public static void main(String[] arguments) {
    var main = new Main(Invocation.ofProcess());
    System.setProperty(FileLoggerFinder.HOME, main.home.folder().toString());
    var code = main.run(List.of(arguments));
    // Everything is closed by now; leaving the slow way only loads what nobody needs.
    Runtime.getRuntime().halt(code);
  }

  /// Runs one command.
  ///
  /// @return the code to end with
  int run(List<String> arguments) {
    try {
      return dispatch(arguments);
    } catch (UsageError e) {
      say(String.valueOf(e.getMessage()));
      return ExitCode.USAGE.code();
    } catch (IOException e) {
      say(String.valueOf(e.getMessage()));
      return ExitCode.ENV_FAILED.code();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      say("interrupted");
      return ExitCode.FAILED.code();
    } catch (RuntimeException | Error bug) {
      // The last boundary: whatever it is, it ends in one line, a trace and a code.
      log().log(System.Logger.Level.ERROR, "a defect", bug);
      say("a defect: " + bug + "; the trace is in " + home.folder().resolve("logs"));
      return ExitCode.BUG.code();
    } finally {
      out.flush();
    }
  }

  private void say(String message) {
    invocation.err().println(CommandLines.NAME + ": " + OsText.printable(message));
  }

  private int dispatch(List<String> arguments)
      throws UsageError, IOException, InterruptedException {
    if (arguments.isEmpty()) {
      throw new UsageError("no command given; see " + CommandLines.NAME + " --help");
    }
    var rest = arguments.subList(1, arguments.size());
    return switch (arguments.getFirst()) {
      case "run" -> runCommand(rest);
      case "exec", "e" -> exec(rest);
      case "plan" -> plan(rest);
      case "approvals" -> approvals(rest);
      case "sandbox" -> sandbox(rest);
      case "apply-patch" -> applyPatch(rest);
      case "config" -> config(rest);
      case "instructions" -> instructions(rest);
      case "doctor" -> doctor(rest);
      case "reap" -> reap(rest);
      case "schema" -> schema(rest);
      case "completion" -> completion(rest);
      case "man" -> man(rest);
      case "help" -> help(rest);
      case "-h", "--help" -> help(List.of());
      case "-V", "--version" -> print(CommandLines.NAME + " " + VERSION + "\n");
      default -> throw unknown(arguments.getFirst());
    };
  }

  private static UsageError unknown(String word) {
    return word.startsWith("-")
        ? new UsageError("unknown option '" + word + "'; see " + CommandLines.NAME + " --help")
        : CommandLines.unknownCommand(word);
  }

  private int print(String text) {
    out.print(text);
    out.flush();
    return ExitCode.SUCCESS.code();
  }

  private int help(List<String> path) throws UsageError {
    var colour = Tty.isTerminal(1) && invocation.variable("NO_COLOR") == null;
    return print(CommandLines.help(path, colour));
  }

  private int runCommand(List<String> arguments)
      throws UsageError, IOException, InterruptedException {
    var flags = RunCommandLine.parse(arguments, invocation.directory());
    if (flags.isEmpty()) {
      return help(List.of("run"));
    }
    if (!endsWithLauncher()) {
      return Signal.TERM.exitCode();
    }
    reap();
    return new Composition(invocation).run(flags.get());
  }

  /// Whoever can only kill the launcher (an out-of-memory killer, a build server) means all of it.
  /// Called by `main`, which lives as long as the process does.
  ///
  /// @return false if the launcher is dead already
  private static boolean endsWithLauncher() {
    var launcher = Long.getLong(LAUNCHER);
    return launcher == null || Posix.signalAtEndOf(launcher, Signal.TERM);
  }

  /// What an earlier run has left must not stop this one; the command `reap` says what is wrong.
  private void reap() {
    try {
      Reaper.reap(home.notes());
    } catch (IOException e) {
      log().log(System.Logger.Level.WARNING, "could not clean up: {0}", e.getMessage());
    }
  }

  private int exec(List<String> arguments) throws UsageError, InterruptedException {
    try {
      return execOnce(arguments);
    } catch (UsageError e) {
      refusePrompt();
      throw e;
    } catch (ExecFailure | IOException e) {
      refusePrompt();
      say(String.valueOf(e.getMessage()));
      return ExitCode.FAILED.code();
    }
  }

  private void refusePrompt() throws InterruptedException {
    if (CodexSdk.isCaller(invocation)) {
      CodexSdk.takePrompt(invocation.in());
    }
  }

  private int execOnce(List<String> arguments)
      throws UsageError, ExecFailure, IOException, InterruptedException {
    var flags = ExecCommandLine.parse(arguments, invocation.directory());
    if (flags.isEmpty()) {
      return help(List.of("exec"));
    }
    ExecCommand.warm(flags.get());
    return new ExecCommand(invocation, this::begins).run(flags.get());
  }

  /// Whether a run may begin; what earlier ones have left is gone then.
  private boolean begins() {
    var begins = endsWithLauncher();
    if (begins) {
      reap();
    }
    return begins;
  }

  private int plan(List<String> arguments) throws UsageError, IOException {
    var asked = CallCommandLines.plan(arguments);
    if (asked.help()) {
      return help(List.of("plan"));
    }
    PlanCommand.print(asked, invocation, out);
    return ExitCode.SUCCESS.code();
  }

  private int approvals(List<String> arguments) throws UsageError, IOException {
    var asked = CallCommandLines.approvals(arguments);
    return asked.help()
        ? help(List.of("approvals"))
        : new ApprovalsCommand(invocation, out).run(arguments.getFirst(), asked);
  }

  private int sandbox(List<String> arguments) throws UsageError, IOException, InterruptedException {
    var asked = CallCommandLines.sandbox(arguments);
    return asked.help()
        ? help(List.of("sandbox"))
        : endsWithLauncher()
            ? new Composition(invocation).run(RunCommandLine.confined(asked))
            : Signal.TERM.exitCode();
  }

  private int applyPatch(List<String> arguments) throws UsageError {
    var asked = CommandLines.parse("apply-patch", 1, arguments);
    return asked.help()
        ? help(List.of("apply-patch"))
        : new ApplyPatchCommand(invocation, out).run(asked.words());
  }

  private int doctor(List<String> arguments) throws UsageError, IOException {
    var asked = CallCommandLines.doctor(arguments);
    return asked.help() ? help(List.of("doctor")) : new Doctor(invocation, out).examine(asked);
  }

  private int config(List<String> arguments) throws UsageError {
    var asked = SettingsCommandLines.config(arguments);
    return asked.help() ? help(List.of("config")) : new ConfigCommand(invocation, out).show(asked);
  }

  private int instructions(List<String> arguments) throws UsageError {
    var asked = SettingsCommandLines.instructions(arguments);
    return asked.help()
        ? help(List.of("instructions"))
        : new InstructionsCommand(invocation, out).print(asked);
  }

  private int reap(List<String> arguments) throws UsageError, IOException {
    var asked = CommandLines.parse("reap", 0, arguments);
    if (asked.help()) {
      return help(List.of("reap"));
    }
    var found =
        asked.live().isEmpty() ? Reaper.reap(home.notes()) : Reaper.reapOne(Path.of(asked.live()));
    var left = 0;
    for (var run : found) {
      left += run.reaped().survivors().size();
      if (!asked.quiet()) {
        run.reaped()
            .killed()
            .forEach(it ->
                out.printf("ended process %d of run %s: %s%n", it.pid(), run.run(), it.command()));
      }
      run.reaped()
          .survivors()
          .forEach(it -> say("cannot end process %d: %s".formatted(it.pid(), it.command())));
    }
    if (found.isEmpty() && !asked.quiet()) {
      out.println("no killed run has left anything");
    }
    out.flush();
    return left == 0 ? ExitCode.SUCCESS.code() : ExitCode.FAILED.code();
  }

  private int schema(List<String> arguments) throws UsageError {
    var asked = CommandLines.parse("schema", 1, arguments);
    if (asked.help()) {
      return help(List.of("schema"));
    }
    if (asked.words().isEmpty()) {
      throw new UsageError("schema: which one? name one of " + String.join(", ", Schemas.NAMES));
    }
    var name = asked.words().getFirst();
    if (!Schemas.NAMES.contains(name)) {
      throw new UsageError(
          "schema: '%s' is none; name one of %s".formatted(name, String.join(", ", Schemas.NAMES)));
    }
    return print(Schemas.text(name));
  }

  private int completion(List<String> arguments) throws UsageError {
    var asked = CommandLines.parse("completion", 0, arguments);
    if (asked.help()) {
      return help(List.of("completion"));
    }
    return print(CommandLines.completionScript());
  }

  private int man(List<String> arguments) throws UsageError {
    var asked = CommandLines.parse("man", 1, arguments);
    return asked.help() ? help(List.of("man")) : print(CommandLines.manual(asked.words()));
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(Main.class.getName());
  }
}
