package dev.orchestrator.app;

import dev.orchestrator.app.flags.CommandLines;
import dev.orchestrator.app.flags.RunFlags;
import dev.orchestrator.app.flags.RunFlags.Format;
import dev.orchestrator.engine.event.Exit;
import dev.orchestrator.engine.event.Summary;
import dev.orchestrator.engine.event.Summary.Outcome;
import dev.orchestrator.engine.posix.OsText;
import dev.orchestrator.engine.posix.Signal;
import java.io.PrintStream;

/// What is said when a run is over.
///
/// @param err standard error
record RunTeller(PrintStream err, RunFlags flags) {
  /// Says how a run ended, if there is anything to say.
  void tell(Summary summary) {
    var unread = summary.exit() instanceof Exit.Signalled it && it.number() == Signal.PIPE.number();
    var reason = String.valueOf(summary.reason());
    var failed = summary.outcome() != Outcome.SUCCEEDED;
    // Whoever read the output may have had enough, which is no failure worth a line.
    var tells = failed && !unread && (summary.exit() == null || flags.format() == Format.HUMAN);
    if (tells) {
      say(summary.exit() == null ? reason : ending(summary, reason));
    }
    if (summary.recordError() != null && !(tells && reason.equals(summary.recordError()))) {
      say("the record of this run is incomplete: " + summary.recordError());
    }
  }

  private static String ending(Summary summary, String reason) {
    return "%s (%.1f s)%s"
        .formatted(
            reason,
            summary.elapsed().toMillis() / 1000.0,
            summary.survivors().isEmpty() ? "" : "; still running: " + summary.survivors());
  }

  /// One line on standard error.
  void say(String message) {
    err.println(CommandLines.NAME + ": " + OsText.printable(message));
  }
}
