package dev.orchestrator.engine.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.orchestrator.engine.agent.CommandCall.Running;
import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.sandbox.Denial;
import dev.orchestrator.engine.tool.Attempt;
import dev.orchestrator.engine.tool.Tool;
import dev.orchestrator.engine.tool.ToolResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The tool `write_stdin`: types into a command that goes on, or looks how far it has come.
///
/// What is typed into a command outside the sandbox is judged like a command; inside, the sandbox
/// holds whatever is typed.
final class WriteStdin implements ModelTool {
  private static final String NAME = "write_stdin";
  private static final String INTERRUPT = "\u0003";
  private static final long POLL_MILLIS = 5000;

  private final Commands commands;
  private final Ending ending;

  WriteStdin(Commands commands, Ending ending) {
    this.commands = commands;
    this.ending = ending;
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, @Nullable Object> description() {
    return Descriptions.WRITE_STDIN;
  }

  @Override
  public ToolAnswer call(ResponseItem call, Runnable begun)
      throws BadArguments, InterruptedException {
    var arguments = Arguments.of(call);
    var number =
        arguments
            .number("session_id")
            .orElseThrow(() ->
                new BadArguments("failed to parse function arguments: missing field `session_id`"));
    var chars = arguments.text("chars").orElse("");
    var known = commands.find(number);
    if (known.isEmpty()) {
      throw new BadArguments("write_stdin failed: Unknown process id " + number);
    }
    var running = known.get().running();
    var begunNanos = System.nanoTime();
    var refusal = type(running, chars);
    if (refusal != null) {
      return new ToolAnswer.Text(refusal);
    }
    var ended = running.session().await(patience(arguments, chars));
    var state =
        ended.isPresent()
            ? "Process exited with code " + ended.get().fact().exit().shellCode()
            : "Process running with session ID " + number;
    ended.ifPresent(_ -> commands.forget(number));
    var nanos = System.nanoTime() - begunNanos;
    return new ToolAnswer.Text(commands.teller(arguments).of(state, nanos, running.unread()));
  }

  private Duration patience(Arguments arguments, String chars) throws BadArguments {
    var asked = arguments.number("yield_time_ms");
    var millis =
        chars.isEmpty()
            ? Math.clamp(
                asked.orElse(POLL_MILLIS),
                POLL_MILLIS,
                Math.max(POLL_MILLIS, commands.shell().pollAtMostMillis()))
            : Math.clamp(
                asked.orElse(ExecCommand.LEAST_MILLIS),
                ExecCommand.LEAST_MILLIS,
                ExecCommand.MOST_MILLIS);
    return Duration.ofMillis(millis);
  }

  /// @return why it was not typed; null if it was
  private @Nullable String type(Running running, String chars)
      throws BadArguments, InterruptedException {
    if (chars.isEmpty() || running.session().isOver()) {
      return null;
    }
    if (!running.terminal()) {
      if (!chars.equals(INTERRUPT)) {
        throw new BadArguments(
            "write_stdin failed: stdin is closed for this session; rerun exec_command with"
                + " tty=true to keep stdin open");
      }
      running.session().interrupt();
      return null;
    }
    if (running.outside()) {
      return switch (commands.door().invoke(new Typing(running, chars))) {
        case ToolResult.Completed<?> _, ToolResult.Blocked<?> _ -> null;
        case ToolResult.Refused<?> it -> {
          ending.refused(it);
          commands.items().trouble("write_stdin refused: " + it.reason());
          yield "write_stdin failed: " + it.reason();
        }
        case ToolResult.Unconfined<?> it -> "write_stdin failed: " + it.reason();
        case ToolResult.Failed<?> it -> "write_stdin failed: " + it.cause().getMessage();
      };
    }
    running.session().write(chars.getBytes(UTF_8));
    return null;
  }

  /// Typing into a command that no sandbox holds.
  private final class Typing implements Tool<Boolean> {
    private final Running running;
    private final String chars;

    Typing(Running running, String chars) {
      this.running = running;
      this.chars = chars;
    }

    @Override
    public String name() {
      return NAME;
    }

    @Override
    public Subject subject() {
      return new Subject.Shell(commands.plans().ofScript(chars, directory()), true);
    }

    @Override
    public Path directory() {
      return commands.shell().directory();
    }

    @Override
    public boolean startsPrograms() {
      return false;
    }

    @Override
    public Boolean attempt(Attempt attempt) throws InterruptedException {
      running.session().write(chars.getBytes(UTF_8));
      return true;
    }

    @Override
    public List<Denial> denials(Boolean result, Attempt attempt) {
      return List.of();
    }
  }
}
