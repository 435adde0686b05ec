package dev.orchestrator.app;

import dev.orchestrator.engine.posix.Signal;
import java.util.function.Consumer;

/// Signals to this process, handed over to whoever can act on them.
///
/// Handlers run on the JVM's signal thread, which they must not hold up.
final class Signals {
  private Signals() {}

  /// Calls the handler for each signal that asks the program to end.
  ///
  /// SIGUSR1 stands for SIGINT: a shell starts what the launcher runs with SIGINT ignored, so the
  /// launcher sends the other one. A signal that was ignored when the program started stays so.
  static void onEnd(Consumer<Signal> handler) {
    on("INT", () -> handler.accept(Signal.INT));
    on("USR1", () -> handler.accept(Signal.INT));
    on("TERM", () -> handler.accept(Signal.TERM));
    on("HUP", () -> handler.accept(Signal.HUP));
  }

  /// Calls the handler when our terminal changes its size.
  static void onResize(Runnable handler) {
    on("WINCH", handler);
  }

  private static void on(String name, Runnable handler) {
    try {
      sun.misc.Signal.handle(new sun.misc.Signal(name), _ -> handler.run());
    } catch (IllegalArgumentException _) {
      // The JVM was started to leave this one alone (-Xrs).
    }
  }
}
