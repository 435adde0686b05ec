package dev.orchestrator.engine.agent;

import dev.orchestrator.engine.agent.CommandCall.Progress;
import dev.orchestrator.engine.agent.Commands.Told;
import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.event.Item.Status;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.patch.PatchCall;
import dev.orchestrator.engine.posix.Program;
import dev.orchestrator.engine.tool.ToolResult;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tool `exec_command`: runs a script in the user's shell, and comes back when it has ended or
/// the model no longer wants to wait.
final class ExecCommand implements ModelTool {
  static final String NAME = "exec_command";
  private static final long DEFAULT_MILLIS = 10_000;
  static final long LEAST_MILLIS = 250;
  static final long MOST_MILLIS = 30_000;

  /// Most characters of a justification.
  private static final int MOST_SAID = 500;

  private final Commands commands;
  private final ApplyPatch patches;
  private final Ending ending;
  private final boolean neverAsks;

  /// @param neverAsks whether the policy is `never`
  ExecCommand(Commands commands, ApplyPatch patches, Ending ending, boolean neverAsks) {
    this.commands = commands;
    this.patches = patches;
    this.ending = ending;
    this.neverAsks = neverAsks;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, @Nullable Object> description() {
    return Descriptions.EXEC_COMMAND;
  }

  @Override
  public ToolAnswer call(ResponseItem call, Runnable begun)
      throws BadArguments, InterruptedException {
    var arguments = Arguments.of(call);
    var script = arguments.required("cmd");
    var directory = directory(arguments);
    if (PatchCall.isPatchItself(script)) {
      throw new BadArguments(PatchCall.NOT_A_SCRIPT);
    }
    var patch = PatchCall.of(script);
    if (patch.isPresent()) {
      var named = patch.get().directory();
      var where = named == null ? directory : directory.resolve(named).normalize();
      return patches.fromShell(patch.get().patch(), where, begun);
    }
    return run(arguments, script, directory, begun);
  }

  private Path directory(Arguments arguments) throws BadArguments {
    var named = arguments.text("workdir").filter(it -> !it.isEmpty());
    try {
      var here = commands.shell().directory();
      return named.isEmpty() ? here : here.resolve(named.get()).normalize();
    } catch (InvalidPathException e) {
      throw new BadArguments("workdir is no path: " + e.getReason());
    }
  }

  private ToolAnswer run(Arguments arguments, String script, Path directory, Runnable begun)
      throws BadArguments, InterruptedException {
    var escalated =
        arguments
            .text("sandbox_permissions")
            .filter("require_escalated"::equals)
            .filter(_ -> commands.shell().isConfined())
            .isPresent();
    var program = new Program(words(arguments, script), commands.shell().environment(), directory);
    var subject =
        new Subject.Shell(commands.plans().ofWords(program.arguments(), directory), escalated);
    var patience =
        Duration.ofMillis(
            Math.clamp(
                arguments.number("yield_time_ms").orElse(DEFAULT_MILLIS),
                LEAST_MILLIS,
                MOST_MILLIS));
    var command =
        new CommandCall(
            commands,
            program,
            subject,
            reasons(arguments),
            arguments.flag("tty", false),
            patience,
            begun);
    if (escalated && neverAsks) {
      ending.refused(Refusals.NEVER_ESCALATES);
      command.finish(Refusals.NEVER_ESCALATES, Status.DECLINED);
      return new ToolAnswer.Text(Refusals.NEVER_ESCALATES);
    }
    var teller = commands.teller(arguments);
    var begunNanos = System.nanoTime();
    ToolResult<Progress> result;
    try {
      result = commands.door().invoke(command);
    } finally {
      command.finish();
    }
    return answer(command, result, teller, System.nanoTime() - begunNanos);
  }

  private List<Reason> reasons(Arguments arguments) throws BadArguments {
    return arguments.text("justification").map(String::strip).filter(it -> !it.isEmpty()).stream()
        .map(it -> justification(commands.items().masked(it)))
        .toList();
  }

  /// What the model says for a call, cut.
  static Reason justification(String said) {
    var cut =
        said.length() <= MOST_SAID
            ? said
            : said.substring(0, said.offsetByCodePoints(0, said.codePointCount(0, MOST_SAID) - 1))
                + "…";
    return new Reason(Reason.JUSTIFICATION, "the model says: " + cut);
  }

  private List<String> words(Arguments arguments, String script) throws BadArguments {
    var login = arguments.flag("login", commands.shell().loginAllowed());
    if (login && !commands.shell().loginAllowed()) {
      throw new BadArguments("login shell is disabled by config; omit `login` or set it to false.");
    }
    var shell = arguments.text("shell").filter(it -> !it.isEmpty());
    return List.of(
        shell.orElseGet(() -> commands.shell().file().toString()), login ? "-lc" : "-c", script);
  }

  private ToolAnswer answer(
      CommandCall command, ToolResult<Progress> result, Told teller, long nanos) {
    return switch (result) {
      case ToolResult.Completed<Progress> it ->
          new ToolAnswer.Text(told(command, it.result(), teller, nanos));
      case ToolResult.Blocked<Progress> it -> {
        ending.blocked(it);
        yield new ToolAnswer.Text(
            told(command, it.result(), teller, nanos)
                + Refusals.blocked(it.reason(), it.evidence()));
      }
      case ToolResult.Refused<Progress> it -> {
        ending.refused(it);
        command.finish(it.reason(), Status.DECLINED);
        var why = Refusals.command(it, command.subject(), commands.judge(), command.line());
        yield new ToolAnswer.Text(commands.items().masked(why));
      }
      case ToolResult.Unconfined<Progress> it -> {
        ending.unconfined(it.reason());
        command.finish(it.reason(), Status.FAILED);
        yield new ToolAnswer.Text(Refusals.notStarted(it.reason()));
      }
      case ToolResult.Failed<Progress> it -> {
        var why = String.valueOf(it.cause().getMessage());
        command.finish(why, Status.FAILED);
        yield new ToolAnswer.Text(Refusals.notStarted(why));
      }
    };
  }

  private String told(CommandCall command, Progress it, Told teller, long nanos) {
    var ended = it.ended();
    var state =
        ended == null
            ? "Process running with session ID " + commands.keep(command, it.running())
            : "Process exited with code " + ended.fact().exit().shellCode();
    return teller.of(state, nanos, it.running().unread());
  }
}
