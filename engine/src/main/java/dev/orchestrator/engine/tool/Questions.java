package dev.orchestrator.engine.tool;

import dev.orchestrator.engine.approval.Answer;
import dev.orchestrator.engine.approval.Choices;
import dev.orchestrator.engine.approval.Cover;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.approval.Grant;
import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.approval.Grants;
import dev.orchestrator.engine.approval.Offer;
import dev.orchestrator.engine.approval.QuestionLog;
import dev.orchestrator.engine.approval.Setting;
import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.approval.Verdict;
import dev.orchestrator.engine.event.CallId;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.event.Reason;
import dev.orchestrator.engine.plan.Command;
import dev.orchestrator.engine.posix.Shell;
import dev.orchestrator.engine.sandbox.Confinement;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Makes questions of verdicts, and remembers what was answered.
///
/// Safe from any thread.
public final class Questions {
  private final Desk desk;
  private final Grants grants;
  private final QuestionLog log;
  private final Setting setting;
  private final NextStep nextStep;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger reused = new AtomicInteger();

  public Questions(Desk desk, Grants grants, QuestionLog log, Setting setting) {
    this.desk = desk;
    this.grants = grants;
    this.log = log;
    this.setting = setting;
    this.nextStep = new NextStep(setting.workspace());
  }

  /// How many questions were put to somebody.
  public int asked() {
    return asked.get();
  }

  /// How many calls a remembered answer let through.
  public int reused() {
    return reused.get();
  }

  /// A question with what a yes to it is worth.
  record Prepared(
      Question question,
      List<Offer> offers,
      Subject subject,
      Verdict verdict,
      List<Opening> openings,
      Level level) {}

  /// What came of a question.
  sealed interface Reply {
    record Yes() implements Reply {}

    record No(String reason, DeniedBy by, boolean endsRun) implements Reply {}
  }

  /// A question about a call before it runs.
  Prepared about(
      CallId call,
      int attempt,
      Subject subject,
      Verdict verdict,
      Confinement in,
      List<Reason> reasons,
      Path directory) {
    var offers = Choices.of(subject, verdict, "", log);
    return prepared(call, attempt, subject, verdict, List.of(), in, reasons, directory, offers);
  }

  /// A question about more than a confinement allowed.
  Prepared more(
      CallId call,
      int attempt,
      Subject subject,
      Verdict verdict,
      List<Opening> openings,
      Confinement in,
      List<Reason> reasons,
      Path directory) {
    var wide = openings.stream().anyMatch(Questions::isWide);
    var extra =
        ", with "
            + String.join(" and ", openings.stream().map(Opening::text).toList())
            + (wide ? ", the whole folder" : "");
    var more = wide ? verdict.aboutMore(subject).exactly() : verdict.aboutMore(subject);
    var offers = Choices.of(subject, more, extra, log);
    return prepared(call, attempt, subject, more, openings, in, reasons, directory, offers);
  }

  private Prepared prepared(
      CallId call,
      int attempt,
      Subject subject,
      Verdict verdict,
      List<Opening> openings,
      Confinement in,
      List<Reason> reasons,
      Path directory,
      List<Offer> offers) {
    var question =
        new Question(
            Desk.newId(),
            call,
            attempt,
            subject.text(),
            directory,
            commands(subject),
            described(in),
            reasons,
            offers.stream().map(Offer::choice).toList(),
            Choices.preset(offers, log).choice().id(),
            desk.patience());
    var level = in.isNone() ? Level.DANGER_FULL_ACCESS : in.level();
    return new Prepared(question, offers, subject, verdict, openings, level);
  }

  private static List<String> commands(Subject subject) {
    return subject instanceof Subject.Shell it
        ? it.plan().commands().stream().map(Questions::line).toList()
        : List.of(subject.text());
  }

  private static String line(Command it) {
    return Shell.quote(it.words().stream().map(Command.Word::text).toList());
  }

  private static String described(Confinement in) {
    if (in.isNone()) {
      return "no sandbox";
    }
    var level = in.level().text();
    var network = in.network() ? ", network" : ", no network";
    return in.openings().isEmpty()
        ? level + network
        : level
            + network
            + ", and "
            + String.join(", ", in.openings().stream().map(Opening::text).toList());
  }

  /// Asks, and remembers the answer as far as it reaches.
  Reply ask(Prepared it) throws InterruptedException {
    var outcome = desk.ask(it.question());
    asked.incrementAndGet();
    record(it);
    return switch (outcome.answer()) {
      case Answer.Allow yes -> {
        remember(it, yes.choice().isEmpty() ? it.question().preset() : yes.choice(), outcome.by());
        yield new Reply.Yes();
      }
      case Answer.Deny no -> {
        if (no.remembered()) {
          rememberNo(it, no.reason(), outcome.by());
        }
        var by = outcome.isAnswered() ? new DeniedBy.Person(no.reason()) : new DeniedBy.Nobody();
        yield new Reply.No(denied(it, no.reason(), outcome), by, outcome.endsRun());
      }
    };
  }

  private String denied(Prepared it, @Nullable String reason, Desk.Outcome outcome) {
    if (outcome.isAnswered()) {
      return "denied by " + outcome.by() + (reason == null ? "" : ": " + reason);
    }
    if (outcome.isOfEndedRun()) {
      return String.valueOf(reason);
    }
    var why =
        String.join(
            "; ",
            it.question().reasons().stream()
                .filter(one -> !one.kind().equals(Reason.JUSTIFICATION))
                .map(Reason::text)
                .toList());
    return "an answer was needed (%s), and %s; %s".formatted(why, reason, nextStep.after(it));
  }

  /// Whether a whole folder of the system, or of the user, would be opened.
  private static boolean isWide(Opening opening) {
    return opening instanceof Opening.WritablePath(var path)
        && (path.getNameCount() <= 2 && Files.isDirectory(path));
  }

  private void record(Prepared it) {
    try {
      log.add(QuestionLog.Entry.of(it.subject(), it.verdict()));
    } catch (IOException e) {
      log().log(System.Logger.Level.WARNING, "a question was not recorded: {0}", e.getMessage());
    }
  }

  private void remember(Prepared it, String choice, String by) {
    it.offers().stream()
        .filter(offer -> offer.choice().id().equals(choice))
        .findFirst()
        .ifPresent(offer ->
            offer.covers().forEach(cover -> keep(it, cover, offer.scope(), true, by, null)));
  }

  /// A no to several commands together is no no to each of them.
  private void rememberNo(Prepared it, @Nullable String reason, String by) {
    var covers =
        it.offers().stream()
            .map(Offer::covers)
            .filter(some -> !some.isEmpty())
            .findFirst()
            .orElse(List.of());
    if (it.subject() instanceof Subject.Shell call && covers.size() > 1) {
      covers = List.of(Cover.OpaqueText.of(call.plan()));
    }
    covers.forEach(cover -> keep(it, cover, Scope.WORKSPACE, false, by, reason));
  }

  private void keep(
      Prepared it, Cover cover, Scope scope, boolean allows, String by, @Nullable String reason) {
    try {
      grants.add(
          new Grant(
              Grants.newId(),
              allows,
              cover,
              scope,
              setting.where(scope),
              it.level(),
              it.openings(),
              Instant.now(),
              by,
              null,
              Grant.UNLIMITED,
              reason));
    } catch (IOException e) {
      // The answer counts for this call all the same; it will be asked for again.
      log().log(System.Logger.Level.WARNING, "an answer was not remembered: {0}", e.getMessage());
    }
  }

  /// Counts the use of remembered answers.
  ///
  /// @return whether all of them still count; if not, the call must be judged again
  /// @throws IOException if that cannot be kept; the call must not run then
  boolean use(List<Grant> used) throws IOException {
    for (var grant : used) {
      if (!grants.use(grant)) {
        return false;
      }
    }
    if (!used.isEmpty()) {
      reused.incrementAndGet();
    }
    return true;
  }

  /// Made when it is needed: finding who keeps the log takes 20 milliseconds.
  private static System.Logger log() {
    return System.getLogger(Questions.class.getName());
  }
}
