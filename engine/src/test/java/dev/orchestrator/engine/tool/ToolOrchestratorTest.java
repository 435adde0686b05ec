package dev.orchestrator.engine.tool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.approval.Answer;
import dev.orchestrator.engine.approval.Deadline;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.approval.Policy;
import dev.orchestrator.engine.approval.Workshop;
import dev.orchestrator.engine.event.ApprovalSource;
import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.DenialFound;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.ApprovalRequested;
import dev.orchestrator.engine.event.Event.ApprovalResolved;
import dev.orchestrator.engine.event.Event.SandboxDenied;
import dev.orchestrator.engine.event.Event.ToolCompleted;
import dev.orchestrator.engine.event.Event.ToolRequested;
import dev.orchestrator.engine.event.Event.ToolRetried;
import dev.orchestrator.engine.event.Event.ToolStarted;
import dev.orchestrator.engine.event.Held;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import dev.orchestrator.engine.sandbox.Denial.Grade;
import dev.orchestrator.engine.testing.RecordingSink;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(20)
class ToolOrchestratorTest {
  private static final CallId CALL = new CallId("call_1");
  private static final Held HELD =
      new Held("fake", "workspace-write", List.of(), List.of("nothing much"));
  private static final Opening SRV = new Opening.WritablePath(Path.of("/srv"));
  private static final DenialFound FOUND =
      new DenialFound("explained", "writing /srv", FakeTool.EVIDENCE);

  @TempDir private Path folder;
  private final RecordingSink facts = new RecordingSink();
  private final FakeSandbox sandbox = new FakeSandbox();
  private final List<Duration> pauses = new ArrayList<>();
  private final Desk desk = new Desk(facts, new Deadline.Wait());
  private Workshop shop;

  @BeforeEach
  void open() throws IOException {
    shop = new Workshop(folder).under(new Policy.OnRequest());
  }

  @Test
  void runs_confined_what_needs_no_answer() throws Exception {
    var tool = tool("make").returning("ok");

    assertThat(invoke(tool)).isEqualTo(new ToolResult.Completed<>("ok"));

    assertThat(facts.facts())
        .containsExactly(
            requested("make"),
            new ToolStarted(CALL, 1, ApprovalSource.NOT_REQUIRED, HELD),
            completed(ApprovalSource.NOT_REQUIRED, 0));
    assertThat(sandbox.closed).isEqualTo(1);
  }

  @Test
  void asks_and_runs_what_is_granted() throws Exception {
    shop.under(new Policy.Untrusted());
    answering(new Answer.Allow("once"));

    assertThat(invoke(tool("make").returning("ok"))).isEqualTo(new ToolResult.Completed<>("ok"));

    var question = question(0);
    assertThat(question.text()).isEqualTo("make");
    assertThat(question.commands()).containsExactly("make");
    assertThat(question.confinement()).isEqualTo("workspace-write, no network");
    assertThat(facts.facts())
        .containsExactly(
            requested("make"),
            new ApprovalRequested(question),
            new ApprovalResolved(question.id(), CALL, true, "screen", "once", null),
            new ToolStarted(CALL, 1, ApprovalSource.PROMPT, HELD),
            completed(ApprovalSource.PROMPT, 0));
  }

  @Test
  void shows_the_callers_own_words_after_the_reasons_for_asking() throws Exception {
    shop.under(new Policy.Untrusted());
    var words = new Reason(Reason.JUSTIFICATION, "the model says: it must be built");

    var refused = (ToolResult.Refused<String>) invoke(tool("make").because(words));

    assertThat(question(0).reasons())
        .containsExactly(new Reason("untrusted", "`make` is not known to only read"), words);
    assertThat(refused.reason()).doesNotContain("it must be built");
  }

  @Test
  void does_not_run_what_is_denied() throws Exception {
    shop.under(new Policy.Untrusted());
    answering(new Answer.Deny("use ninja", false));

    assertThat(invoke(tool("make")))
        .isEqualTo(
            new ToolResult.Refused<>(
                "denied by screen: use ninja", new DeniedBy.Person("use ninja"), false));

    var question = question(0);
    assertThat(facts.facts())
        .containsExactly(
            requested("make"),
            new ApprovalRequested(question),
            new ApprovalResolved(question.id(), CALL, false, "screen", null, "use ninja"),
            new ToolCompleted(
                CALL,
                "refused",
                ApprovalSource.PROMPT,
                0,
                null,
                List.of(),
                "denied by screen: use ninja"));
  }

  @Test
  void refuses_next_time_what_was_denied_for_good() throws Exception {
    shop.under(new Policy.Untrusted());
    answering(new Answer.Deny("use ninja", true));
    invoke(tool("make"));

    var refused = (ToolResult.Refused<String>) invoke(tool("bash -c 'make'"));

    assertThat(refused.reason()).contains("remembered as denied: make (use ninja)");
    assertThat(refused.unanswered()).isFalse();
    assertThat(facts.facts(ApprovalRequested.class)).hasSize(1);
  }

  @Test
  void remembers_a_no_to_several_commands_for_them_together() throws Exception {
    shop.under(new Policy.Untrusted());
    answering(new Answer.Deny("no", true), new Answer.Allow("once"));
    invoke(tool("npm ci && npm publish"));

    assertThat(invoke(tool("npm ci && npm publish"))).isInstanceOf(ToolResult.Refused.class);
    assertThat(invoke(tool("npm ci").returning("ok"))).isEqualTo(new ToolResult.Completed<>("ok"));
  }

  @Test
  void refuses_when_nobody_is_there() throws Exception {
    shop.under(new Policy.Untrusted());

    var refused = (ToolResult.Refused<String>) invoke(tool("make"));

    assertThat(refused.unanswered()).isTrue();
    assertThat(refused.reason())
        .contains("nobody is there to answer", "orchestrator approvals grant make");
  }

  @Test
  void blocks_what_the_sandbox_stopped_under_never() throws Exception {
    shop.under(new Policy.Never());
    var tool = tool("touch /srv/x").returning("failed").denied(Grade.EXPLAINED, SRV);

    var reason = "the sandbox stopped writing /srv/x; the policy is never, so nobody is asked";
    var by =
        new DeniedBy.Verdict(
            List.of(new Reason("policy", "the policy is never, so nobody is asked")));
    assertThat(invoke(tool))
        .isEqualTo(new ToolResult.Blocked<>("failed", List.of(FOUND), reason, by, false));

    assertThat(facts.facts())
        .containsExactly(
            requested("touch /srv/x"),
            new ToolStarted(CALL, 1, ApprovalSource.NOT_REQUIRED, HELD),
            new SandboxDenied(CALL, 1, List.of(FOUND)),
            new ToolCompleted(
                CALL, "blocked", ApprovalSource.POLICY, 0, HELD, List.of(FOUND), reason));
  }

  @Test
  void asks_for_the_smallest_opening_and_tries_again_with_exactly_that() throws Exception {
    answering(new Answer.Allow("workspace"));
    var tool = tool("touch /srv/x").returning("failed").denied(Grade.EXPLAINED, SRV);
    tool.returning("ok");

    assertThat(invoke(tool)).isEqualTo(new ToolResult.Completed<>("ok"));

    var opened = new Held("fake", "workspace-write", List.of("writing /srv"), HELD.notHeld());
    var question = question(0);
    assertThat(question.attempt()).isEqualTo(2);
    assertThat(question.choices().getFirst().text())
        .startsWith("just this once, with writing /srv");
    assertThat(facts.facts())
        .containsExactly(
            requested("touch /srv/x"),
            new ToolStarted(CALL, 1, ApprovalSource.NOT_REQUIRED, HELD),
            new SandboxDenied(CALL, 1, List.of(FOUND)),
            new ApprovalRequested(question),
            new ApprovalResolved(question.id(), CALL, true, "screen", "workspace", null),
            new ToolRetried(CALL, 2, "allowed: writing /srv", Duration.ZERO),
            new ToolStarted(CALL, 2, ApprovalSource.PROMPT, opened),
            new ToolCompleted(
                CALL, "completed", ApprovalSource.PROMPT, 1, opened, List.of(), null));
    assertThat(tool.openings()).containsExactly(List.of(), List.of(SRV));
  }

  @Test
  void opens_at_once_what_was_opened_before() throws Exception {
    answering(new Answer.Allow("workspace"));
    invoke(tool("touch /srv/x").returning("failed").denied(Grade.PROVED, SRV).returning("ok"));
    var again = tool("cd sub; cd ..; 'touch' /srv/x | cat").returning("ok");
    var more = tool("touch /srv/x && ./evil").returning("ok");
    var plain = tool("touch /srv/x").returning("ok");

    invoke(plain);
    invoke(more);
    invoke(again);

    assertThat(plain.openings()).containsExactly(List.of(SRV));
    assertThat(more.openings()).as("not for another command").containsExactly(List.of());
    assertThat(facts.facts(ApprovalRequested.class)).hasSize(1);
    assertThat(facts.facts(ToolStarted.class).get(2).source()).isEqualTo(ApprovalSource.GRANT);
  }

  @Test
  void remembers_a_no_to_more_access_and_goes_on_running_confined() throws Exception {
    answering(new Answer.Deny("stay inside", true));
    var first = tool("touch /srv/x").returning("failed").denied(Grade.PROVED, SRV);
    var second = tool("touch /srv/x").returning("failed").denied(Grade.PROVED, SRV);
    invoke(first);

    var blocked = (ToolResult.Blocked<String>) invoke(second);

    assertThat(blocked.reason()).endsWith("; remembered as denied: stay inside");
    assertThat(facts.facts(ApprovalRequested.class)).hasSize(1);
  }

  @Test
  void is_blocked_when_more_access_is_denied() throws Exception {
    answering(new Answer.Deny(null, false));
    var tool = tool("touch /srv/x").returning("failed").denied(Grade.PROVED, SRV);

    assertThat(((ToolResult.Blocked<String>) invoke(tool)).reason())
        .isEqualTo("the sandbox stopped writing /srv/x; denied by screen");
  }

  @Test
  void never_asks_because_of_a_guess() throws Exception {
    answering();
    var tool = tool("make").returning("ok").denied(Grade.GUESSED, SRV);

    assertThat(invoke(tool)).isEqualTo(new ToolResult.Completed<>("ok"));

    assertThat(facts.facts(SandboxDenied.class)).isEmpty();
    assertThat(facts.facts(ToolCompleted.class).getFirst().evidence()).hasSize(1);
  }

  @Test
  void does_not_ask_for_what_it_has() throws Exception {
    answering(new Answer.Allow("once"));
    var tool = tool("make").returning("a").denied(Grade.PROVED, SRV).returning("b");
    tool.denied(Grade.PROVED, SRV);

    assertThat(invoke(tool)).isInstanceOf(ToolResult.Blocked.class);
    assertThat(facts.facts(ApprovalRequested.class)).hasSize(1);
  }

  @Test
  void makes_at_most_three_attempts() throws Exception {
    answering(new Answer.Allow("once"), new Answer.Allow("once"));
    var tool = tool("make");
    for (var it : List.of("/a", "/b", "/c")) {
      tool.returning("failed").denied(Grade.PROVED, new Opening.WritablePath(Path.of(it)));
    }

    assertThat(invoke(tool)).isInstanceOf(ToolResult.Blocked.class);
    assertThat(tool.openings()).hasSize(3);
    assertThat(facts.facts(ApprovalRequested.class)).hasSize(2);
  }

  @Test
  void tries_again_when_nothing_was_done_yet() throws Exception {
    var failure = new TransientFailure("no process to be had", null, false);
    var tool = tool("make").throwing(failure).throwing(failure).returning("ok");

    assertThat(invoke(tool)).isEqualTo(new ToolResult.Completed<>("ok"));

    assertThat(pauses).containsExactly(Duration.ofMillis(250), Duration.ofMillis(500));
    assertThat(facts.facts())
        .containsExactly(
            requested("make"),
            new ToolStarted(CALL, 1, ApprovalSource.NOT_REQUIRED, HELD),
            new ToolRetried(CALL, 2, "no process to be had", Duration.ofMillis(250)),
            new ToolStarted(CALL, 2, ApprovalSource.NOT_REQUIRED, HELD),
            new ToolRetried(CALL, 3, "no process to be had", Duration.ofMillis(500)),
            new ToolStarted(CALL, 3, ApprovalSource.NOT_REQUIRED, HELD),
            completed(ApprovalSource.NOT_REQUIRED, 2));
  }

  @Test
  void gives_up_after_three_attempts() throws Exception {
    var failure = new TransientFailure("no process to be had", null, false);
    var tool = tool("make").throwing(failure).throwing(failure).throwing(failure);

    assertThat(invoke(tool)).isEqualTo(new ToolResult.Failed<>(failure));
    assertThat(sandbox.closed).isEqualTo(3);
  }

  @Test
  void does_not_run_unconfined_when_the_sandbox_does_not_start() throws Exception {
    sandbox.failure = new IOException("no namespaces left");

    assertThat(invoke(tool("make")))
        .isEqualTo(
            new ToolResult.Unconfined<>("the sandbox could not be prepared: no namespaces left"));
    assertThat(pauses).hasSize(2);
    assertThat(facts.facts(ToolStarted.class)).isEmpty();
  }

  @Test
  void does_not_run_without_a_sandbox_what_needs_one() throws Exception {
    sandbox.name = "none";

    var result = (ToolResult.Unconfined<String>) invoke(tool("make"));

    assertThat(result.reason()).startsWith("no sandbox works here, and workspace-write");
    assertThat(facts.facts())
        .containsExactly(
            requested("make"),
            new ToolCompleted(
                CALL, "failed", ApprovalSource.NOT_REQUIRED, 0, null, List.of(), result.reason()));
  }

  @Test
  void needs_no_sandbox_for_full_access() throws Exception {
    sandbox.name = "none";
    shop.at(Level.DANGER_FULL_ACCESS);
    var tool = tool("make").returning("ok").denied(Grade.PROVED, SRV);

    assertThat(invoke(tool)).isEqualTo(new ToolResult.Completed<>("ok"));

    assertThat(facts.facts(ToolStarted.class))
        .containsExactly(new ToolStarted(CALL, 1, ApprovalSource.NOT_REQUIRED, Held.NOTHING));
  }

  @Test
  void runs_outside_what_rules_allow() throws Exception {
    shop.rules("allow make");
    var tool = tool("make").returning("ok");

    invoke(tool);

    assertThat(tool.openings()).containsExactly(List.of(new Opening.Everything()));
    assertThat(facts.facts(ToolStarted.class).getFirst().source()).isEqualTo(ApprovalSource.RULE);
    assertThat(facts.facts(ToolStarted.class).getFirst().held().isConfined()).isFalse();
  }

  @Test
  void runs_outside_once_somebody_says_so() throws Exception {
    answering(new Answer.Allow("once"));
    var tool = new FakeTool(shop.escalated("npm ci"), shop.workspace()).returning("ok");

    invoke(tool);

    assertThat(question(0).confinement()).isEqualTo("no sandbox");
    assertThat(tool.openings()).containsExactly(List.of(new Opening.Everything()));
  }

  @Test
  void survives_a_tool_with_a_bug() throws Exception {
    var door = door();
    var bug = new IllegalStateException("off by one");

    assertThat(door.invoke(tool("make").throwing(bug))).isEqualTo(new ToolResult.Failed<>(bug));
    assertThat(door.invoke(tool("make").returning("ok")))
        .isEqualTo(new ToolResult.Completed<>("ok"));

    assertThat(facts.facts(ToolCompleted.class).getFirst())
        .isEqualTo(
            new ToolCompleted(
                CALL, "failed", ApprovalSource.NOT_REQUIRED, 0, HELD, List.of(), "off by one"));
    assertThat(facts.facts(ToolCompleted.class).getLast().call()).isEqualTo(new CallId("call_2"));
  }

  @Test
  void completes_a_call_that_is_interrupted() throws Exception {
    var tool = tool("make").throwing(new InterruptedException());

    assertThatThrownBy(() -> invoke(tool)).isInstanceOf(InterruptedException.class);

    assertThat(facts.facts(ToolCompleted.class).getFirst().reason()).isEqualTo("the run was ended");
  }

  @Test
  void runs_nothing_when_answers_cannot_be_read() throws Exception {
    Files.createDirectories(shop.grants().file().getParent());
    Files.writeString(shop.grants().file(), "damaged\n");
    var tool = tool("make").returning("ok");

    assertThat(invoke(tool)).isInstanceOf(ToolResult.Failed.class);
    assertThat(tool.openings()).isEmpty();
  }

  @Test
  void counts_what_was_asked_and_what_was_reused() throws Exception {
    shop.under(new Policy.Untrusted());
    answering(new Answer.Allow("shape"));
    var questions = questions();
    var door = new ToolOrchestrator(facts, shop.judge(), questions, sandbox, pauses::add);
    door.invoke(tool("npm test").returning("ok"));
    door.invoke(tool("npm test -- --all").returning("ok"));
    door.invoke(tool("ls").returning("ok"));

    assertThat(questions.asked()).isEqualTo(1);
    assertThat(questions.reused()).isEqualTo(1);
  }

  private ToolResult<String> invoke(FakeTool tool) throws InterruptedException {
    return door().invoke(tool);
  }

  private ToolOrchestrator door() {
    return new ToolOrchestrator(facts, shop.judge(), questions(), sandbox, pauses::add);
  }

  private Questions questions() {
    return new Questions(desk, shop.grants(), shop.log(), shop.setting());
  }

  /// Somebody who gives these answers in turn, and no more.
  private void answering(Answer... answers) {
    var left = new ArrayDeque<>(Arrays.asList(answers));
    desk.attach(
        new Desk.FrontEnd() {
          @Override
          public String name() {
            return "screen";
          }

          @Override
          public void announce(Question question) {
            desk.answer(question.id(), left.remove(), "screen");
          }

          @Override
          public void withdraw(String question) {}
        });
  }

  private Question question(int index) {
    return facts.facts(ApprovalRequested.class).get(index).question();
  }

  private Event requested(String text) {
    return new ToolRequested(CALL, "exec_command", text, shop.workspace());
  }

  private static Event completed(ApprovalSource source, int retries) {
    return new ToolCompleted(CALL, "completed", source, retries, HELD, List.of(), null);
  }

  private FakeTool tool(String script) {
    return new FakeTool(shop.shell(script), shop.workspace());
  }
}
