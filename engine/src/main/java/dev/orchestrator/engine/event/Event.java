package dev.orchestrator.engine.event;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A fact about a run, named in the past tense and never changed afterwards.
///
/// The list is closed on purpose: adding a fact breaks every `switch` that must learn about it.
/// Wire names live in `engine.wire`, so renaming a record here never changes the protocol.
///
/// **Order:** [RunStarted] is first and [RunEnded] last. For one session: [ExecBegan], then its
/// output, then [ExecEnded]. Every [ItemStarted] is followed by an [ItemCompleted] with its id, and
/// every [TurnStarted] by a [TurnCompleted] or a [TurnFailed].
public sealed interface Event {

  /// The first fact of a run.
  ///
  /// @param command the words to run, printable
  /// @param directory absolute; relative paths in later facts resolve against it
  /// @param folder where the run's record is kept; null for an ephemeral run
  /// @param pid the orchestrator's own process
  record RunStarted(
      RunId run,
      String task,
      String version,
      List<String> command,
      Path directory,
      @Nullable Path folder,
      long pid)
      implements Event {
    public RunStarted {
      command = List.copyOf(command);
    }
  }

  /// A conversation began, or was taken up again.
  record ThreadStarted(String thread) implements Event {}

  /// A turn began.
  record TurnStarted() implements Event {}

  /// An item became visible.
  record ItemStarted(Item item) implements Event {}

  /// An item that had become visible is different now.
  record ItemUpdated(Item item) implements Event {}

  /// An item reached its final state.
  record ItemCompleted(Item item) implements Event {}

  /// The turn came to its regular end, whatever its commands' exit codes were.
  ///
  /// @param usage of the whole thread so far
  /// @param ofTurn of this turn alone
  record TurnCompleted(Usage usage, Usage ofTurn) implements Event {}

  /// The turn could not be brought to its end.
  record TurnFailed(String message) implements Event {}

  /// Something went wrong that need not end the turn.
  record ErrorReported(String message) implements Event {}

  /// These instructions go to the model with every request of the turn.
  record InstructionsLoaded(List<InstructionSource> sources) implements Event {
    public InstructionsLoaded {
      sources = List.copyOf(sources);
    }
  }

  /// The model has answered one request.
  ///
  /// @param number of the request within the run, from 1
  /// @param model its name
  /// @param elapsed from asking to the end of the answer, retries included
  record ModelReplied(int number, String model, Usage usage, Duration elapsed) implements Event {}

  /// The conversation was summarised, because it had become too long for the model.
  ///
  /// @param entriesBefore how many entries the conversation had
  /// @param entriesAfter how many it has now
  /// @param tokensBefore of the last request before it; 0 if the provider did not say
  record ThreadCompacted(int entriesBefore, int entriesAfter, long tokensBefore) implements Event {}

  /// A child process was started.
  ///
  /// @param call what it was started for; null if it is the run's own command
  /// @param backend what started it: `native` or `pty4j`
  /// @param window size of its terminal; null on pipes
  /// @param typing whether its standard input is open
  record ExecBegan(
      SessionId session,
      @Nullable CallId call,
      List<String> command,
      Path directory,
      String backend,
      @Nullable WindowSize window,
      boolean typing,
      long pid)
      implements Event {
    public ExecBegan {
      command = List.copyOf(command);
    }
  }

  /// A child process wrote something: at most 8 KiB, whole UTF-8 characters if it is UTF-8.
  ///
  /// @param offset of the first byte within its channel
  /// @param isText whether the bytes are valid UTF-8
  record OutputAppended(
      SessionId session, Channel channel, long offset, Bytes bytes, boolean isText)
      implements Event {}

  /// Output that is told about instead of shown, because the reader could not keep up.
  ///
  /// @param from first byte left out, an offset within the channel
  /// @param to the byte after the last one left out
  /// @param spool where the bytes can be read; null if they are kept nowhere
  record OutputSkipped(SessionId session, Channel channel, long from, long to, @Nullable Path spool)
      implements Event {}

  /// A child process waits for somebody to type.
  ///
  /// @param prompt the unfinished line it wrote
  /// @param secret whether it has switched echoing off
  record InputRequested(SessionId session, String prompt, boolean secret) implements Event {}

  /// Processes were ended that would have outlived their session or run.
  ///
  /// @param killed those that were ended, escapees included
  /// @param survivors those that could not be; empty unless something is badly wrong
  record ProcessesReaped(
      @Nullable SessionId session, List<ProcessName> killed, List<ProcessName> survivors)
      implements Event {
    public ProcessesReaped {
      killed = List.copyOf(killed);
      survivors = List.copyOf(survivors);
    }
  }

  /// A session is over: its process has ended, its output is complete, its tree is gone.
  ///
  /// @param elapsed from start to the end of the process itself
  /// @param heldBy processes that kept the output open after the command had ended
  record ExecEnded(
      SessionId session,
      Exit exit,
      Duration elapsed,
      Consumption used,
      List<ChannelTotal> output,
      List<ProcessName> heldBy)
      implements Event {
    public ExecEnded {
      output = List.copyOf(output);
      heldBy = List.copyOf(heldBy);
    }
  }

  /// What this machine can confine, as tried a moment ago.
  record SandboxProbed(SandboxReport report) implements Event {}

  /// A tool is to be used.
  ///
  /// @param tool its name, such as `exec_command`
  /// @param text the call as one line: for a command, its shell form
  record ToolRequested(CallId call, String tool, String text, Path directory) implements Event {}

  /// Somebody must decide; the question is open from now on.
  record ApprovalRequested(Question question) implements Event {}

  /// A question is closed.
  ///
  /// @param question its id
  /// @param by who decided: `terminal`, `stdio`, `command`, `deadline`, or `nobody` if there is no
  ///   one to ask
  /// @param choice the way to say yes that was chosen; null for a no
  /// @param reason what was said with a no; null if nothing was
  record ApprovalResolved(
      String question,
      CallId call,
      boolean granted,
      String by,
      @Nullable String choice,
      @Nullable String reason)
      implements Event {}

  /// An answer did not count.
  ///
  /// @param question the id it named
  /// @param why `superseded`, `late`, `unknown` or `invalid`
  record AnswerIgnored(String question, String by, String why) implements Event {}

  /// An attempt of a call begins.
  ///
  /// @param attempt from 1
  /// @param source where the permission came from
  record ToolStarted(CallId call, int attempt, ApprovalSource source, Held held) implements Event {}

  /// The sandbox stopped something.
  record SandboxDenied(CallId call, int attempt, List<DenialFound> denials) implements Event {
    public SandboxDenied {
      denials = List.copyOf(denials);
    }
  }

  /// A call is tried again.
  ///
  /// @param attempt the one that comes
  /// @param delay how long is waited before it
  record ToolRetried(CallId call, int attempt, String reason, Duration delay) implements Event {}

  /// A call is over.
  ///
  /// @param outcome `completed`, `refused`, `blocked` or `failed`
  /// @param source where the last permission, or the refusal, came from
  /// @param retries how many attempts there were after the first
  /// @param held how the last attempt was confined; null if there was none
  /// @param evidence signs of the sandbox in the last attempt
  /// @param reason why it did not complete; null if it did
  record ToolCompleted(
      CallId call,
      String outcome,
      ApprovalSource source,
      int retries,
      @Nullable Held held,
      List<DenialFound> evidence,
      @Nullable String reason)
      implements Event {
    public ToolCompleted {
      evidence = List.copyOf(evidence);
    }
  }

  /// The run is alive, and this is what it waits for.
  ///
  /// @param sinceOutput how long ago a command last wrote something
  /// @param childCpu processor time the command's processes have used so far
  /// @param processes how many of them there are
  record Heartbeat(WaitingOn waitingOn, Duration sinceOutput, Duration childCpu, int processes)
      implements Event {}

  /// The last fact of a run; no other follows it.
  record RunEnded(Summary summary) implements Event {}

  /// Where a piece of output came from.
  enum Channel {
    STDOUT,
    STDERR,
    TERMINAL
  }

  /// What a run is waiting for.
  enum WaitingOn {
    /// Nothing; it is about to do the next thing itself.
    NONE,
    /// The model's answer.
    MODEL,
    /// A command that has not ended.
    COMMAND,
    /// Somebody to type into a command's terminal.
    INPUT,
    /// Somebody to decide.
    APPROVAL
  }
}
