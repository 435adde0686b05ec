package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.event.Event.AnswerIgnored;
import dev.orchestrator.engine.event.Event.ApprovalRequested;
import dev.orchestrator.engine.event.Event.ApprovalResolved;
import dev.orchestrator.engine.event.Event.Heartbeat;
import dev.orchestrator.engine.event.Event.WaitingOn;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.posix.Posix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Where questions wait for the first valid answer.
///
/// - **Order:** a question is registered before it is announced, so no answer can come too early.
/// - **Once:** the first valid answer counts; whoever answers later is told so.
/// - **Nobody:** with no front end, or none left, a question is denied at once.
/// - **Never a yes by itself:** a deadline, an interruption and a closed front end all mean no.
///
/// Safe from any thread. [#ask] blocks.
public final class Desk {
  private static final String RUN_ENDED = "the run was ended";
  private static final int ID_BYTES = 16;
  private static final int REMEMBERED = 1000;
  private static final Duration BEAT = Duration.ofSeconds(5);

  private final EventSink events;
  private final Deadline deadline;

  // Guarded by this.
  private boolean isClosed;
  private final List<FrontEnd> frontEnds = new ArrayList<>();
  private final Map<String, Open> open = new HashMap<>();
  private final Map<String, Receipt> closed =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Receipt> eldest) {
          return size() > REMEMBERED;
        }
      };

  public Desk(EventSink events, Deadline deadline) {
    this.events = events;
    this.deadline = deadline;
  }

  /// Somebody who can be asked.
  public interface FrontEnd {
    /// Its name in facts.
    String name();

    /// Shows a question. Must not block; the answer comes by [Desk#answer].
    void announce(Question question);

    /// A question needs no answer any more.
    void withdraw(String question);
  }

  /// What became of an answer.
  public enum Receipt {
    /// It counts.
    ACCEPTED,
    /// Another answer came first.
    SUPERSEDED,
    /// It was closed without an answer: by its deadline, or because everybody or the run ended.
    LATE,
    /// There is no such question.
    UNKNOWN,
    /// The question has no such choice.
    INVALID
  }

  /// How a question ended.
  ///
  /// @param by the front end, `deadline` or `nobody`
  /// @param endsRun whether the run is to fail
  public record Outcome(Answer answer, String by, boolean endsRun) {
    /// Whether it was closed because the run is over: no advice helps then.
    public boolean isOfEndedRun() {
      return answer instanceof Answer.Deny it && RUN_ENDED.equals(it.reason()) && !isAnswered();
    }

    /// Whether somebody was there to answer.
    public boolean isAnswered() {
      return !by.equals("nobody") && !by.equals("deadline");
    }
  }

  /// @param passed who will not answer it
  private record Open(
      Question question, CompletableFuture<Outcome> outcome, Set<FrontEnd> passed) {}

  /// A name that nobody can guess.
  public static String newId() {
    return HexFormat.of().formatHex(Posix.random(ID_BYTES));
  }

  /// How long questions wait; null for as long as it takes.
  public @Nullable Duration patience() {
    return switch (deadline) {
      case Deadline.Wait _ -> null;
      case Deadline.DenyAfter it -> it.time();
      case Deadline.FailRunAfter it -> it.time();
    };
  }

  /// Somebody comes. Open questions are announced to them.
  public void attach(FrontEnd frontEnd) {
    List<Question> waiting;
    synchronized (this) {
      frontEnds.add(frontEnd);
      waiting = open.values().stream().map(Open::question).toList();
    }
    waiting.forEach(it -> announce(it, frontEnd));
    // One that was closed before it was announced has been withdrawn too early.
    waiting.stream().filter(it -> !isOpen(it)).forEach(it -> frontEnd.withdraw(it.id()));
  }

  private synchronized boolean isOpen(Question question) {
    return open.containsKey(question.id());
  }

  private void announce(Question question, FrontEnd frontEnd) {
    try {
      frontEnd.announce(question);
    } catch (RuntimeException bug) {
      // Whoever cannot be asked is not there; others may be.
      log().log(System.Logger.Level.ERROR, "a front end has a bug", bug);
      detach(frontEnd);
    }
  }

  /// Somebody leaves. If nobody is left, open questions are denied.
  public void detach(FrontEnd frontEnd) {
    List<Open> orphans;
    synchronized (this) {
      frontEnds.remove(frontEnd);
      orphans = open.values().stream().filter(it -> it.passed().containsAll(frontEnds)).toList();
    }
    orphans.forEach(it -> it.outcome().complete(nobody()));
  }

  /// Somebody who was asked will not answer. If that holds for everybody who is there, the question
  /// is denied.
  public void pass(String question, FrontEnd frontEnd) {
    Open orphan;
    synchronized (this) {
      var it = open.get(question);
      if (it == null) {
        return;
      }
      it.passed().add(frontEnd);
      orphan = it.passed().containsAll(frontEnds) ? it : null;
    }
    if (orphan != null) {
      orphan.outcome().complete(nobody());
    }
  }

  /// The run is to end: nobody is asked any more, and open questions are denied.
  public void close() {
    List<Open> orphans;
    synchronized (this) {
      isClosed = true;
      orphans = List.copyOf(open.values());
    }
    orphans.forEach(it -> it.outcome().complete(ended()));
  }

  private static Outcome ended() {
    return new Outcome(new Answer.Deny(RUN_ENDED, false), "nobody", false);
  }

  private static Outcome nobody() {
    return new Outcome(new Answer.Deny("nobody is there to answer", false), "nobody", false);
  }

  /// Asks, and waits for the first valid answer, the deadline, or the last front end to leave.
  ///
  /// @throws InterruptedException if the run is ended meanwhile; the question is withdrawn
  public Outcome ask(Question question) throws InterruptedException {
    var waiting = new Open(question, new CompletableFuture<>(), new HashSet<>());
    List<FrontEnd> asked;
    Outcome unasked;
    synchronized (this) {
      unasked = isClosed ? ended() : nobody();
      asked = isClosed ? List.of() : List.copyOf(frontEnds);
      open.put(question.id(), waiting);
    }
    try {
      events.publish(new ApprovalRequested(question));
      asked.forEach(it -> announce(question, it));
      if (asked.isEmpty()) {
        waiting.outcome().complete(unasked);
      }
      return await(waiting);
    } finally {
      // An answer that was accepted counts, whatever else happened.
      waiting.outcome().complete(ended());
      close(waiting);
    }
  }

  private Outcome await(Open waiting) throws InterruptedException {
    var patience = patience();
    var deadline = patience == null ? Long.MAX_VALUE : System.nanoTime() + patience.toNanos();
    while (true) {
      var left = patience == null ? BEAT.toNanos() : deadline - System.nanoTime();
      try {
        return waiting.outcome().get(Math.min(left, BEAT.toNanos()), TimeUnit.NANOSECONDS);
      } catch (TimeoutException _) {
        if (patience != null && deadline - System.nanoTime() <= 0) {
          return late(waiting);
        }
        events.publish(new Heartbeat(WaitingOn.APPROVAL, Duration.ZERO, Duration.ZERO, 0));
      } catch (ExecutionException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
  }

  private Outcome late(Open waiting) {
    var late =
        new Outcome(
            new Answer.Deny("nobody answered in time", false),
            "deadline",
            deadline instanceof Deadline.FailRunAfter);
    // An answer that came at the same moment counts; then the deadline did not.
    waiting.outcome().complete(late);
    return waiting.outcome().getNow(late);
  }

  private void close(Open waiting) {
    var id = waiting.question().id();
    var outcome = waiting.outcome().join();
    List<FrontEnd> told;
    synchronized (this) {
      open.remove(id);
      closed.put(id, outcome.isAnswered() ? Receipt.SUPERSEDED : Receipt.LATE);
      told = List.copyOf(frontEnds);
    }
    var answer = outcome.answer();
    events.publish(
        new ApprovalResolved(
            id,
            waiting.question().call(),
            answer instanceof Answer.Allow,
            outcome.by(),
            answer instanceof Answer.Allow it ? chosen(waiting.question(), it) : null,
            answer instanceof Answer.Deny it ? it.reason() : null));
    told.forEach(it -> it.withdraw(id));
  }

  private static String chosen(Question question, Answer.Allow it) {
    return it.choice().isEmpty() ? question.preset() : it.choice();
  }

  /// Answers a question. Never blocks.
  ///
  /// @param by the front end's name
  /// @return whether it counts, or why not; the latter is also told as a fact
  public Receipt answer(String question, Answer answer, String by) {
    var receipt = take(question, answer, by);
    if (receipt != Receipt.ACCEPTED) {
      events.publish(new AnswerIgnored(question, by, receipt.name().toLowerCase(Locale.ROOT)));
    }
    return receipt;
  }

  /// Tells that something which was meant as an answer could not be understood.
  ///
  /// @param question the id it named; empty if it named none
  public void reject(String question, String by) {
    events.publish(new AnswerIgnored(question, by, "invalid"));
  }

  private synchronized Receipt take(String question, Answer answer, String by) {
    var waiting = open.get(question);
    if (waiting == null) {
      return closed.getOrDefault(question, Receipt.UNKNOWN);
    }
    if (answer instanceof Answer.Allow it
        && waiting.question().choices().stream()
            .noneMatch(choice -> choice.id().equals(chosen(waiting.question(), it)))) {
      return Receipt.INVALID;
    }
    return waiting.outcome().complete(new Outcome(answer, by, false))
        ? Receipt.ACCEPTED
        : Receipt.SUPERSEDED;
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(Desk.class.getName());
  }
}
