package dev.orchestrator.headless;

import dev.orchestrator.engine.ExitPolicy;
import dev.orchestrator.engine.Stop;
import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.event.Summary.Outcome;
import java.util.Optional;

/// The codes the orchestrator ends with; documented in `docs/exec.md`.
public enum ExitCode {
  SUCCESS(0, "the command ended with code 0"),
  FAILED(1, "the run failed"),
  USAGE(2, "the command line is wrong"),
  COMMAND_FAILED(10, "the command failed, or could not be started"),
  REFUSED(11, "refused by policy"),
  UNANSWERED(12, "an approval was needed and nobody gave it"),
  NO_SANDBOX(13, "the sandbox is not available"),
  NO_MCP_SERVER(14, "a required MCP server failed"),
  IDLE(15, "no output and no work for longer than --idle-timeout"),
  TIMEOUT(16, "longer than --timeout"),
  OUTPUT_CAP(17, "more output than --spool-cap, with --fail-on-cap"),
  BUG(70, "a defect of the orchestrator"),
  ENV_TIMEOUT(124, "longer than --timeout or --idle-timeout"),
  ENV_FAILED(125, "the orchestrator failed or refused"),
  ENV_NOT_EXECUTABLE(126, "the command cannot be run"),
  ENV_NOT_FOUND(127, "there is no such command");

  private static final int SIGINT = 2;
  private static final int SIGPIPE = 13;

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  /// The number.
  public int code() {
    return code;
  }

  /// One phrase, for people.
  public String meaning() {
    return meaning;
  }

  /// As `env(1)` and `timeout(1)` do: the command's own code, 128 and the number for a signal, and
  /// 124 to 127 for what went wrong around it.
  public static final ExitPolicy AS_COMMAND =
      (outcome, exit, stop) ->
          switch (outcome) {
            case SUCCEEDED, COMMAND_FAILED, BLOCKED ->
                exit.map(Exit::shellCode).orElse(ENV_FAILED.code);
            case NOT_FOUND -> ENV_NOT_FOUND.code;
            case NOT_EXECUTABLE -> ENV_NOT_EXECUTABLE.code;
            case FAILED, OUTPUT_CAP, REFUSED, UNANSWERED, NO_SANDBOX -> ENV_FAILED.code;
            case IDLE_TIMEOUT, TIMEOUT -> ENV_TIMEOUT.code;
            case INTERRUPTED, READER_GONE -> signalCode(outcome, stop);
            case BUG -> BUG.code;
          };

  /// The contract's table: one code per kind of end.
  public static final ExitPolicy CONTRACT =
      (outcome, _, stop) ->
          switch (outcome) {
            case SUCCEEDED -> SUCCESS.code;
            case COMMAND_FAILED, NOT_FOUND, NOT_EXECUTABLE -> COMMAND_FAILED.code;
            case FAILED -> FAILED.code;
            case REFUSED, BLOCKED -> REFUSED.code;
            case UNANSWERED -> UNANSWERED.code;
            case NO_SANDBOX -> NO_SANDBOX.code;
            case IDLE_TIMEOUT -> IDLE.code;
            case TIMEOUT -> TIMEOUT.code;
            case OUTPUT_CAP -> OUTPUT_CAP.code;
            case INTERRUPTED, READER_GONE -> signalCode(outcome, stop);
            case BUG -> BUG.code;
          };

  /// The contract's table, but what was refused or not answered does not count if the turn came to
  /// its end.
  public static final ExitPolicy OF_TURN =
      (outcome, exit, stop) ->
          switch (outcome) {
            case REFUSED, BLOCKED, UNANSWERED -> SUCCESS.code;
            default -> CONTRACT.code(outcome, exit, stop);
          };

  /// Codex's: 0 for a turn that came to its end, 1 for any other, and 128 and the number for one
  /// that a signal ended, of which Codex dies.
  public static final ExitPolicy AS_CODEX =
      (outcome, _, stop) ->
          switch (outcome) {
            case SUCCEEDED, REFUSED, BLOCKED, UNANSWERED -> SUCCESS.code;
            // Codex ends with 1 after SIGINT, and lets the other signals end it.
            case INTERRUPTED -> isInterrupt(stop) ? FAILED.code : signalCode(outcome, stop);
            default -> FAILED.code;
          };

  private static boolean isInterrupt(Optional<Stop> stop) {
    return stop.filter(it -> it instanceof Stop.Signalled by && by.shellCode() == 128 + SIGINT)
        .isPresent();
  }

  private static int signalCode(Outcome outcome, Optional<Stop> stop) {
    if (outcome == Outcome.READER_GONE) {
      return 128 + SIGPIPE;
    }
    return stop.map(it -> it instanceof Stop.Signalled by ? by.shellCode() : FAILED.code)
        .orElse(FAILED.code);
  }
}
