package dev.orchestrator.headless;

import dev.orchestrator.engine.approval.Answer;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.wire.Json;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Answers from standard input, one JSON object a line; the questions are `approval.requested`
/// lines on standard output.
///
/// ```
/// {"id":"…","answer":"allow","choice":"run"}
/// {"id":"…","answer":"deny","reason":"use the mirror","remember":true}
/// ```
///
/// A line that is no such object, or longer than [#LONGEST_LINE_BYTES], is told about as an answer
/// that does not count. When standard input ends nobody is there to answer any more.
///
/// Its thread, `answers`, may stay blocked in a read when the run is over; it is a daemon.
public final class StdioApprovals implements Desk.FrontEnd {
  private static final int LONGEST_LINE_BYTES = 64 * 1024;
  private static final String NAME = "stdio";

  private final Desk desk;
  private final InputStream in;

  private StdioApprovals(Desk desk, InputStream in) {
    this.desk = desk;
    this.in = new BufferedInputStream(in);
  }

  /// Starts listening.
  public static void start(Desk desk, InputStream in) {
    var approvals = new StdioApprovals(desk, in);
    desk.attach(approvals);
    Thread.ofPlatform().name("answers").daemon().start(approvals::listen);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void announce(Question question) {
    // It is on standard output already: every question is a fact.
  }

  @Override
  public void withdraw(String question) {
    // So is its end.
  }

  private void listen() {
    try {
      for (var line = line(); line != null; line = line()) {
        if (line.length > 0) {
          take(line);
        }
      }
    } catch (IOException _) {
      // Unreadable is as good as ended.
    } finally {
      desk.detach(this);
    }
  }

  /// The next line; null at the end. What is too long is cut, and then no valid object.
  private byte @Nullable [] line() throws IOException {
    var line = new ByteArrayOutputStream();
    var next = in.read();
    if (next < 0) {
      return null;
    }
    while (next >= 0 && next != '\n') {
      if (line.size() < LONGEST_LINE_BYTES) {
        line.write(next);
      }
      next = in.read();
    }
    return line.toByteArray();
  }

  private void take(byte[] line) {
    try {
      var fields = Json.readObject(line);
      var id = fields.get("id") instanceof String it ? it : "";
      var answer = answer(fields);
      if (answer == null) {
        desk.reject(id, NAME);
      } else {
        desk.answer(id, answer, NAME);
      }
    } catch (IOException _) {
      desk.reject("", NAME);
    }
  }

  private static @Nullable Answer answer(Map<String, @Nullable Object> fields) {
    var text = fields.get("answer");
    if ("allow".equals(text)) {
      var choice = fields.get("choice");
      return choice == null || choice instanceof String
          ? new Answer.Allow(choice == null ? "" : String.valueOf(choice))
          : null;
    }
    return "deny".equals(text)
        ? new Answer.Deny(
            fields.get("reason") instanceof String it ? it : null,
            Boolean.TRUE.equals(fields.get("remember")))
        : null;
  }
}
