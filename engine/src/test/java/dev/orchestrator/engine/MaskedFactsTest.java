package dev.orchestrator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.event.ApprovalSource;
import dev.orchestrator.engine.event.Bytes;
import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.DenialFound;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.Channel;
import dev.orchestrator.engine.event.ProcessName;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.event.SessionId;
import dev.orchestrator.engine.secret.Redaction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MaskedFactsTest {
  private static final String SECRET = "hunter2-hunter2";
  private static final String MASK = "[redacted MY_KEY]";
  private static final CallId CALL = new CallId("call_1");
  private static final Path FOLDER = Path.of("/home/ada/shop");

  private final List<Event> told = new ArrayList<>();
  private final MaskedFacts facts =
      new MaskedFacts(told::add, Redaction.ofValues(Map.of("MY_KEY", SECRET)));

  @Test
  void tells_of_calls_and_commands_without_secrets() {
    facts.publishAll(withText(SECRET));

    assertThat(told).containsExactlyElementsOf(withText(MASK));
  }

  @Test
  void leaves_other_texts_and_output_alone() {
    facts.publishAll(withText("nothing secret"));
    var output =
        new Event.OutputAppended(new SessionId("s1"), Channel.STDOUT, 0, Bytes.of(SECRET), true);
    facts.publish(output);

    assertThat(told).startsWith(withText("nothing secret").toArray(Event[]::new)).endsWith(output);
  }

  private static List<Event> withText(String it) {
    var session = new SessionId("s1");
    var denials = List.of(new DenialFound("explained", "write " + it, "cannot write " + it));
    var names = List.of(new ProcessName(7, "sleep " + it));
    var question =
        new Question(
            "q1",
            CALL,
            1,
            "curl " + it,
            FOLDER,
            List.of("curl", it),
            "workspace-write",
            List.of(new Reason(Reason.JUSTIFICATION, "for " + it)),
            List.of(new Question.Choice("once", "just " + it, 0, 0)),
            "once",
            null);
    return List.of(
        new Event.ToolRequested(CALL, "exec_command", "curl " + it, FOLDER),
        new Event.ApprovalRequested(question),
        new Event.ApprovalResolved("q1", CALL, false, "stdio", null, "not " + it),
        new Event.ExecBegan(session, CALL, List.of("curl", it), FOLDER, "native", null, false, 7),
        new Event.InputRequested(session, it + "?", false),
        new Event.ProcessesReaped(session, names, names),
        new Event.SandboxDenied(CALL, 1, denials),
        new Event.ToolCompleted(
            CALL, "blocked", ApprovalSource.POLICY, 0, null, denials, "because of " + it),
        new Event.ErrorReported("no " + it),
        new Event.TurnFailed("no " + it));
  }
}
