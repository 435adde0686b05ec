package dev.orchestrator.headless;

import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.wire.Json;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Answers from standard input, one JSON object a line; the questions are `approval.requested`
/// lines on standard output.
///
/// ```
/// {"id":"…","answer":"allow","choice":"run"}
/// {"id":"…","answer":"deny","reason":"use the mirror","remember":true}
/// ```
///
/// A line that is no such object, or longer than 64 KiB, is told about as an answer that does not
/// count. When standard input ends nobody is there to answer any more.
///
/// Its thread, `answers`, may stay blocked in a read when the run is over; it is a daemon.
public final class StdioApprovals implements Desk.FrontEnd {
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
      for (var line = AnswerLines.next(in); line != null; line = AnswerLines.next(in)) {
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

  private void take(byte[] line) {
    try {
      var fields = Json.readObject(line);
      var id = fields.get("id") instanceof String it ? it : "";
      var answer = AnswerLines.answer(fields);
      if (answer == null) {
        desk.reject(id, NAME);
      } else {
        desk.answer(id, answer, NAME);
      }
    } catch (IOException _) {
      desk.reject("", NAME);
    }
  }
}
