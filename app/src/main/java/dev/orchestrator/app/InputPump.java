package dev.orchestrator.app;

import dev.orchestrator.engine.exec.Session;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/// Passes our standard input on to a command, until either ends.
///
/// Its thread, `stdin`, may stay blocked in a read when the run is over; it is a daemon.
final class InputPump {
  private static final int BUFFER_BYTES = 16 * 1024;

  private InputPump() {}

  static void start(InputStream in, Session session) {
    Thread.ofPlatform().name("stdin").daemon().start(() -> pump(in, session));
  }

  private static void pump(InputStream in, Session session) {
    var buffer = new byte[BUFFER_BYTES];
    try {
      for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        session.write(Arrays.copyOf(buffer, count));
      }
    } catch (IOException _) {
      // Standard input is closed or unreadable: for the command it has ended.
    } catch (InterruptedException _) {
      return;
    }
    session.closeInput();
  }
}
