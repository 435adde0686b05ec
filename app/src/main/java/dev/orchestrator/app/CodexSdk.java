package dev.orchestrator.app;

import dev.orchestrator.engine.event.Envelope;
import dev.orchestrator.engine.event.Event.TurnFailed;
import dev.orchestrator.engine.event.Subscriber;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/// What Codex's SDK for Node expects of the program that it starts, beyond the command line.
final class CodexSdk {
  /// How the SDK says who it is, to Codex as well.
  private static final String VARIABLE = "CODEX_INTERNAL_ORIGINATOR_OVERRIDE";

  private static final String NAME = "codex_sdk_ts";
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  private CodexSdk() {}

  /// Whether it has started this program.
  static boolean isCaller(Invocation invocation) {
    return NAME.equals(invocation.variable(VARIABLE));
  }

  /// Reads what nobody is going to read: the SDK writes the prompt in any case, and a pipe that is
  /// closed meanwhile is an error that ends the SDK's program. Waits 2 seconds at most.
  static void takePrompt(InputStream in) throws InterruptedException {
    Thread.ofPlatform()
        .name("unread")
        .daemon()
        .start(() -> {
          try {
            in.transferTo(OutputStream.nullOutputStream());
          } catch (IOException _) {
            // Nobody wants to know.
          }
        })
        .join(PATIENCE);
  }

  /// Leaves `turn.failed` out of a turn that the SDK itself has aborted. It would take that line
  /// for a failure, and its user would get an `Error` instead of the `AbortError` that Node
  /// promises.
  static Subscriber withoutAbort(Subscriber lines, BooleanSupplier isAborted) {
    return new Subscriber() {
      @Override
      public void accept(Envelope envelope, boolean last) throws Exception {
        if (!(envelope.event() instanceof TurnFailed && isAborted.getAsBoolean())) {
          lines.accept(envelope, last);
        }
      }
    };
  }
}
