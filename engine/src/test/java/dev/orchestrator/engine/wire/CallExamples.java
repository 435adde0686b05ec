package dev.orchestrator.engine.wire;

import dev.orchestrator.engine.event.ApprovalSource;
import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.DenialFound;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.WaitingOn;
import dev.orchestrator.engine.event.Held;
import dev.orchestrator.engine.event.Item;
import dev.orchestrator.engine.event.Item.Status;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.Question.Choice;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.event.SandboxReport;
import dev.orchestrator.engine.event.SandboxReport.Finding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// The facts about calls, approvals and the sandbox, and the lines they become.
final class CallExamples {
  private static final CallId CALL = new CallId("call_1");
  private static final Path SHOP = Path.of("/home/ada/shop");
  private static final Held HELD =
      new Held(
          "landlock",
          "workspace-write",
          List.of("the network"),
          List.of("the orchestrator's own folders can be read"));
  private static final DenialFound DENIAL =
      new DenialFound("explained", "writing /srv", "touch: cannot touch '/srv/a'");

  static final List<Event> FACTS =
      List.of(
          new Event.SandboxProbed(
              new SandboxReport(
                  "landlock",
                  List.of(
                      new Finding("bubblewrap", false, "there is no bwrap"),
                      new Finding("landlock", true, "ABI 6")))),
          new Event.SandboxProbed(new SandboxReport("none", List.of())),
          new Event.ToolRequested(CALL, "exec_command", "git push \"$(x)\"", SHOP),
          new Event.ApprovalRequested(
              new Question(
                  "c0ffee",
                  CALL,
                  2,
                  "git push",
                  SHOP,
                  List.of("git push"),
                  "workspace-write, no network",
                  List.of(
                      new Reason("sandbox", "the sandbox stopped connecting"),
                      new Reason("sandbox", "it has run once and would run again")),
                  List.of(
                      new Choice("once", "just this once", 0, 3),
                      new Choice("shape", "`git push *` in this workspace", 2, 3)),
                  "shape",
                  Duration.ofMinutes(5))),
          new Event.ApprovalRequested(
              new Question(
                  "c0ffee",
                  CALL,
                  1,
                  "",
                  SHOP,
                  List.of(),
                  "no sandbox",
                  List.of(),
                  List.of(new Choice("once", "just this once", 0, 0)),
                  "once",
                  null)),
          new Event.Heartbeat(WaitingOn.APPROVAL, Duration.ZERO, Duration.ZERO, 0),
          new Event.ApprovalResolved("c0ffee", CALL, true, "terminal", "shape", null),
          new Event.ApprovalResolved("c0ffee", CALL, false, "stdio", null, "use the mirror"),
          new Event.ApprovalResolved("c0ffee", CALL, false, "terminal", null, null),
          new Event.AnswerIgnored("c0ffee", "stdio", "superseded"),
          new Event.AnswerIgnored("", "stdio", "invalid"),
          new Event.ToolStarted(CALL, 1, ApprovalSource.NOT_REQUIRED, Held.NOTHING),
          new Event.ToolStarted(CALL, 2, ApprovalSource.PROMPT, HELD),
          new Event.SandboxDenied(CALL, 1, List.of(DENIAL)),
          new Event.ToolRetried(CALL, 2, "allowed: the network", Duration.ZERO),
          new Event.ToolCompleted(
              CALL, "completed", ApprovalSource.SESSION, 1, HELD, List.of(), null),
          new Event.ToolCompleted(
              CALL, "blocked", ApprovalSource.GRANT, 0, HELD, List.of(DENIAL), "stopped"),
          new Event.ToolCompleted(
              CALL, "refused", ApprovalSource.RULE, 0, null, List.of(), "a rule forbids it"),
          new Event.ItemCompleted(
              new Item.CommandExecution(
                  "item_0", "git push", "a rule forbids it", -1, Status.DECLINED)));

  /// Of the last fact, which is the only one that Codex has a line for.
  static final String CODEX_LINES =
      """
      {"type":"item.completed","item":{"id":"item_0","type":"command_execution","command":"git push","aggregated_output":"a rule forbids it","exit_code":-1,"status":"declined"}}
      """;

  /// Of the full dialect and of the journal, with `@` for the fields that every line has.
  static final String LINES =
      """
      {"type":"sandbox.probed",@,"backend":"landlock","findings":[{"name":"bubblewrap","works":false,"detail":"there is no bwrap"},{"name":"landlock","works":true,"detail":"ABI 6"}]}
      {"type":"sandbox.probed",@,"backend":"none","findings":[]}
      {"type":"tool.requested",@,"call":"call_1","tool":"exec_command","text":"git push \\"$(x)\\"","cwd":"/home/ada/shop"}
      {"type":"approval.requested",@,"id":"c0ffee","call":"call_1","attempt":2,"text":"git push","cwd":"/home/ada/shop","commands":["git push"],"confinement":"workspace-write, no network","reasons":[{"kind":"sandbox","text":"the sandbox stopped connecting"},{"kind":"sandbox","text":"it has run once and would run again"}],"choices":[{"id":"once","text":"just this once","covered":0,"of":3},{"id":"shape","text":"`git push *` in this workspace","covered":2,"of":3}],"preset":"shape","deadline_ms":300000}
      {"type":"approval.requested",@,"id":"c0ffee","call":"call_1","attempt":1,"text":"","cwd":"/home/ada/shop","commands":[],"confinement":"no sandbox","reasons":[],"choices":[{"id":"once","text":"just this once","covered":0,"of":0}],"preset":"once","deadline_ms":null}
      {"type":"heartbeat",@,"waiting_on":"approval","last_output_ms":0,"child_cpu_ms":0,"processes":0}
      {"type":"approval.resolved",@,"id":"c0ffee","call":"call_1","granted":true,"by":"terminal","choice":"shape","reason":null}
      {"type":"approval.resolved",@,"id":"c0ffee","call":"call_1","granted":false,"by":"stdio","choice":null,"reason":"use the mirror"}
      {"type":"approval.resolved",@,"id":"c0ffee","call":"call_1","granted":false,"by":"terminal","choice":null,"reason":null}
      {"type":"approval.ignored",@,"id":"c0ffee","by":"stdio","why":"superseded"}
      {"type":"approval.ignored",@,"id":"","by":"stdio","why":"invalid"}
      {"type":"tool.started",@,"call":"call_1","attempt":1,"approval_source":"not-required","sandbox":{"backend":"none","confined":false,"level":"danger-full-access","openings":[],"not_held":[]}}
      {"type":"tool.started",@,"call":"call_1","attempt":2,"approval_source":"prompt","sandbox":{"backend":"landlock","confined":true,"level":"workspace-write","openings":["the network"],"not_held":["the orchestrator's own folders can be read"]}}
      {"type":"sandbox.denied",@,"call":"call_1","attempt":1,"denials":[{"grade":"explained","opening":"writing /srv","evidence":"touch: cannot touch '/srv/a'"}]}
      {"type":"tool.retried",@,"call":"call_1","attempt":2,"reason":"allowed: the network","delay_ms":0}
      {"type":"tool.completed",@,"call":"call_1","outcome":"completed","approval_source":"session","retries":1,"sandbox":{"backend":"landlock","confined":true,"level":"workspace-write","openings":["the network"],"not_held":["the orchestrator's own folders can be read"]},"evidence":[],"reason":null}
      {"type":"tool.completed",@,"call":"call_1","outcome":"blocked","approval_source":"grant","retries":0,"sandbox":{"backend":"landlock","confined":true,"level":"workspace-write","openings":["the network"],"not_held":["the orchestrator's own folders can be read"]},"evidence":[{"grade":"explained","opening":"writing /srv","evidence":"touch: cannot touch '/srv/a'"}],"reason":"stopped"}
      {"type":"tool.completed",@,"call":"call_1","outcome":"refused","approval_source":"rule","retries":0,"sandbox":null,"evidence":[],"reason":"a rule forbids it"}
      {"type":"item.completed",@,"item":{"id":"item_0","type":"command_execution","command":"git push","aggregated_output":"a rule forbids it","exit_code":-1,"status":"declined"}}
      """;

  private CallExamples() {}
}
