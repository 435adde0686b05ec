package dev.orchestrator.engine.tool;

import dev.orchestrator.engine.approval.Judge;
import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.approval.Verdict;
import dev.orchestrator.engine.event.ApprovalSource;
import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.Decision;
import dev.orchestrator.engine.event.DenialFound;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Event.SandboxDenied;
import dev.orchestrator.engine.event.Event.ToolCompleted;
import dev.orchestrator.engine.event.Event.ToolRequested;
import dev.orchestrator.engine.event.Event.ToolRetried;
import dev.orchestrator.engine.event.Event.ToolStarted;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.Held;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.posix.Launch;
import dev.orchestrator.engine.sandbox.ConfinedLaunch;
import dev.orchestrator.engine.sandbox.Confinement;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import dev.orchestrator.engine.sandbox.Denial;
import dev.orchestrator.engine.sandbox.Denial.Grade;
import dev.orchestrator.engine.sandbox.Sandbox;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// The one door: every call goes through [#invoke], and every step of it is a fact.
///
/// ```
/// requested → judged → refused
///                    → asked → refused
///                            → attempt → completed
///                                      → stopped by the sandbox → blocked
///                                                               → asked for the smallest opening → attempt
/// ```
///
/// Safe from any thread; calls go through side by side.
public final class ToolOrchestrator {
  /// Most attempts of one call, whatever the reason for another.
  public static final int MOST_ATTEMPTS = 3;

  private static final Duration FIRST_DELAY = Duration.ofMillis(250);

  private final EventSink events;
  private final Judge judge;
  private final Questions questions;
  private final Holder sandbox;
  private final Pause pause;
  private final AtomicInteger calls = new AtomicInteger();

  /// Waits between attempts.
  public interface Pause {
    void wait(Duration time) throws InterruptedException;
  }

  /// What of a sandbox is needed here.
  interface Holder {
    String name();

    ConfinedLaunch launch(Confinement confinement, boolean terminal) throws IOException;

    List<String> notHeld(Confinement confinement);

    static Holder of(Sandbox it) {
      return new Holder() {
        @Override
        public String name() {
          return it.name();
        }

        @Override
        public ConfinedLaunch launch(Confinement confinement, boolean terminal) throws IOException {
          return it.launch(confinement, terminal);
        }

        @Override
        public List<String> notHeld(Confinement confinement) {
          return it.notHeld(confinement);
        }
      };
    }
  }

  /// Puts calls through.
  ///
  /// @param sandbox holds commands to their confinement
  public ToolOrchestrator(
      EventSink events, Judge judge, Questions questions, Sandbox sandbox, Pause pause) {
    this(events, judge, questions, Holder.of(sandbox), pause);
  }

  ToolOrchestrator(
      EventSink events, Judge judge, Questions questions, Holder sandbox, Pause pause) {
    this.events = events;
    this.judge = judge;
    this.questions = questions;
    this.sandbox = sandbox;
    this.pause = pause;
  }

  /// Puts one call through. Blocks until it is over, people included.
  ///
  /// @throws InterruptedException if the run is ended meanwhile
  public <R> ToolResult<R> invoke(Tool<R> tool) throws InterruptedException {
    return new Call<>(tool, new CallId("call_" + calls.incrementAndGet())).invoke();
  }

  /// One call on its way. Confined to the thread that invokes it.
  private final class Call<R> {
    private final Tool<R> tool;
    private final CallId id;
    private final Subject subject;
    private ApprovalSource source = ApprovalSource.POLICY;
    private int attempts;
    private @Nullable Held held;
    private List<DenialFound> evidence = List.of();

    Call(Tool<R> tool, CallId id) {
      this.tool = tool;
      this.id = id;
      this.subject = tool.subject();
    }

    ToolResult<R> invoke() throws InterruptedException {
      events.publish(new ToolRequested(id, tool.name(), subject.text(), tool.directory()));
      ToolResult<R> result;
      try {
        result = judged();
      } catch (TransientFailure e) {
        result =
            e.isOfSandbox()
                ? new ToolResult.Unconfined<>(String.valueOf(e.getMessage()))
                : new ToolResult.Failed<>(e);
      } catch (IOException e) {
        result = new ToolResult.Failed<>(e);
      } catch (InterruptedException e) {
        complete("failed", "the run was ended");
        throw e;
      } catch (RuntimeException bug) {
        // The boundary of one call: whatever it is, the run goes on.
        log().log(System.Logger.Level.ERROR, "a tool has a bug", bug);
        result = new ToolResult.Failed<>(bug);
      }
      complete(outcome(result), why(result));
      return result;
    }

    private void complete(String outcome, @Nullable String why) {
      tell(new ToolCompleted(id, outcome, source, Math.max(0, attempts - 1), held, evidence, why));
    }

    private ToolResult<R> judged() throws InterruptedException, IOException {
      var verdict = judge.judge(subject);
      while (!questions.use(verdict.used())) {
        verdict = judge.judge(subject); // Somebody else has used it up meanwhile.
      }
      source = verdict.source();
      if (verdict.decision() == Decision.REFUSE) {
        return new ToolResult.Refused<>(
            texts(verdict.reasons()), new DeniedBy.Verdict(verdict.reasons()), false);
      }
      var confinement = judge.setting().confinement();
      if (verdict.decision() == Decision.ASK) {
        var more = widened(confinement, asksForMore(verdict));
        var wider = widened(more, verdict.openings());
        var reasons = new ArrayList<>(verdict.reasons());
        reasons.addAll(tool.reasons());
        var reply =
            questions.ask(
                questions.about(id, 1, subject, verdict, wider, reasons, tool.directory()));
        source = ApprovalSource.PROMPT;
        if (reply instanceof Questions.Reply.No no) {
          return new ToolResult.Refused<>(no.reason(), no.by(), no.endsRun());
        }
        confinement = wider;
      }
      return run(widened(confinement, verdict.openings()), verdict);
    }

    private static List<Opening> asksForMore(Verdict verdict) {
      return verdict.reasons().stream().anyMatch(it -> it.kind().equals("escalation"))
          ? List.of(new Opening.Everything())
          : List.of();
    }

    private ToolResult<R> run(Confinement first, Verdict verdict)
        throws InterruptedException, IOException {
      var confinement = first;
      while (true) {
        var result = attempt(confinement);
        if (!(result instanceof Tried.Ran<R> ran)) {
          return ((Tried.Not<R>) result).why();
        }
        var denials = surely(ran.denials());
        if (denials.isEmpty()) {
          return new ToolResult.Completed<>(ran.result());
        }
        tell(new SandboxDenied(id, attempts, evidence));
        var openings = openings(denials, confinement);
        if (attempts >= MOST_ATTEMPTS || openings.isEmpty()) {
          return new ToolResult.Blocked<>(
              ran.result(), evidence, blocked(denials), new DeniedBy.Verdict(List.of()), false);
        }
        if (askFor(openings, denials, confinement, verdict) instanceof Questions.Reply.No no) {
          return new ToolResult.Blocked<>(
              ran.result(), evidence, blocked(denials) + "; " + no.reason(), no.by(), no.endsRun());
        }
        confinement = widened(confinement, openings);
        events.publish(
            new ToolRetried(id, attempts + 1, "allowed: " + named(openings), Duration.ZERO));
      }
    }

    private Questions.Reply askFor(
        List<Opening> openings, List<Denial> denials, Confinement confinement, Verdict verdict)
        throws InterruptedException, IOException {
      if (judge.afterDenial() == Decision.REFUSE) {
        source = ApprovalSource.POLICY;
        return refused(
            new Reason(
                "policy",
                "the policy is " + judge.setting().policy().text() + ", so nobody is asked"));
      }
      var denied = judge.denied(subject, openings);
      if (denied.isPresent()) {
        source = ApprovalSource.GRANT;
        var why = denied.get().reason();
        return refused(
            new Reason("grant", "remembered as denied" + (why == null ? "" : ": " + why)));
      }
      var reasons = new ArrayList<Reason>();
      denials.forEach(it -> reasons.add(new Reason("sandbox", "the sandbox stopped " + it.what())));
      reasons.add(new Reason("sandbox", "it has run once and would run again"));
      reasons.addAll(tool.reasons());
      var question =
          questions.more(
              id, attempts + 1, subject, verdict, openings, confinement, reasons, tool.directory());
      source = ApprovalSource.PROMPT;
      return questions.ask(question);
    }

    private static Questions.Reply refused(Reason why) {
      return new Questions.Reply.No(why.text(), new DeniedBy.Verdict(List.of(why)), false);
    }

    private Tried<R> attempt(Confinement confinement) throws InterruptedException, IOException {
      var delay = FIRST_DELAY;
      while (true) {
        try {
          return once(confinement);
        } catch (TransientFailure e) {
          if (attempts >= MOST_ATTEMPTS) {
            throw e;
          }
          events.publish(new ToolRetried(id, attempts + 1, String.valueOf(e.getMessage()), delay));
          pause.wait(delay);
          delay = delay.multipliedBy(2);
        }
      }
    }

    private Tried<R> once(Confinement confinement) throws InterruptedException, IOException {
      if (confinement.isNone() || !tool.startsPrograms()) {
        return ran(new Attempt(id, ++attempts, confinement, Launch.PLAIN, unheld(confinement)));
      }
      if (sandbox.name().equals("none")) {
        return new Tried.Not<>(
            new ToolResult.Unconfined<>(
                "no sandbox works here, and "
                    + confinement.level().text()
                    + " was asked for; see orchestrator doctor, or run without: --sandbox"
                    + " danger-full-access"));
      }
      attempts++;
      var attempt =
          new Attempt(
              id,
              attempts,
              confinement,
              prepare(confinement),
              new Held(
                  sandbox.name(),
                  confinement.level().text(),
                  confinement.openings().stream().map(Opening::text).toList(),
                  sandbox.notHeld(confinement)));
      try {
        return ran(attempt);
      } finally {
        attempt.close();
      }
    }

    private ConfinedLaunch prepare(Confinement confinement) throws TransientFailure {
      try {
        return sandbox.launch(confinement, tool.onTerminal());
      } catch (IOException e) {
        throw new TransientFailure("the sandbox could not be prepared: " + e.getMessage(), e, true);
      }
    }

    private static Held unheld(Confinement confinement) {
      return new Held(
          "none",
          "danger-full-access",
          confinement.openings().stream().map(Opening::text).toList(),
          List.of());
    }

    private Tried<R> ran(Attempt attempt) throws InterruptedException, IOException {
      held = attempt.held();
      evidence = List.of();
      events.publish(new ToolStarted(id, attempt.number(), source, attempt.held()));
      var result = tool.attempt(attempt);
      var denials = attempt.held().isConfined() ? tool.denials(result, attempt) : List.<Denial>of();
      evidence = denials.stream().map(Call::found).toList();
      return new Tried.Ran<>(result, denials);
    }

    private static DenialFound found(Denial it) {
      return new DenialFound(
          it.grade().name().toLowerCase(Locale.ROOT),
          it.smallest().text(),
          it.line().isEmpty() ? it.what() : it.line());
    }

    private static List<Denial> surely(List<Denial> denials) {
      return denials.stream().filter(it -> it.grade() != Grade.GUESSED).toList();
    }

    /// What another attempt would need and does not have yet.
    private static List<Opening> openings(List<Denial> denials, Confinement confinement) {
      return denials.stream()
          .map(Denial::smallest)
          .filter(it -> !confinement.openings().contains(it))
          .distinct()
          .toList();
    }

    private static String blocked(List<Denial> denials) {
      return "the sandbox stopped "
          + String.join(", ", denials.stream().map(Denial::what).distinct().toList());
    }

    private static String texts(List<Reason> reasons) {
      return String.join("; ", reasons.stream().map(Reason::text).toList());
    }
  }

  /// Tells what has happened already. A bus that has failed says so to whoever runs this; how the
  /// call ended must be known all the same.
  private void tell(Event event) {
    try {
      events.publish(event);
    } catch (IllegalStateException _) {
      // Known to the run already.
    }
  }

  /// What came of one try.
  private sealed interface Tried<R> {
    record Ran<R>(R result, List<Denial> denials) implements Tried<R> {}

    record Not<R>(ToolResult<R> why) implements Tried<R> {}
  }

  private static Confinement widened(Confinement it, List<Opening> more) {
    var openings = new ArrayList<>(it.openings());
    more.stream().filter(opening -> !openings.contains(opening)).forEach(openings::add);
    return new Confinement(it.level(), it.writable(), openings, it.network(), it.untouchable());
  }

  private static String named(List<Opening> openings) {
    return String.join(", ", openings.stream().map(Opening::text).toList());
  }

  private static String outcome(ToolResult<?> result) {
    return switch (result) {
      case ToolResult.Completed<?> _ -> "completed";
      case ToolResult.Blocked<?> _ -> "blocked";
      case ToolResult.Refused<?> _ -> "refused";
      case ToolResult.Unconfined<?> _, ToolResult.Failed<?> _ -> "failed";
    };
  }

  private static @Nullable String why(ToolResult<?> result) {
    return switch (result) {
      case ToolResult.Completed<?> _ -> null;
      case ToolResult.Blocked<?> it -> it.reason();
      case ToolResult.Refused<?> it -> it.reason();
      case ToolResult.Unconfined<?> it -> it.reason();
      case ToolResult.Failed<?> it -> String.valueOf(it.cause().getMessage());
    };
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(ToolOrchestrator.class.getName());
  }
}
