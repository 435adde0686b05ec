package dev.orchestrator.engine.approval;

import dev.orchestrator.engine.approval.Grant.Scope;
import dev.orchestrator.engine.approval.Rulebook.Match;
import dev.orchestrator.engine.approval.Rulebook.Says;
import dev.orchestrator.engine.event.Decision;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.plan.Plan;
import dev.orchestrator.engine.plan.Plans;
import dev.orchestrator.engine.sandbox.Confinement;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A workspace in which calls are judged and consents are given, for tests.
public final class Workshop {
  private static final Plans PLANS =
      new Plans(name -> name.equals("HOME") ? "/home/somebody" : null);

  private final Path folder;
  private final Path workspace;
  private final Grants grants;
  private final QuestionLog log;
  private final List<Match> rules = new ArrayList<>();
  private Policy policy = new Policy.Untrusted();
  private Level level = Level.WORKSPACE_WRITE;
  private String run = "run-1";
  private String task = "shop";

  /// Makes a workspace with a few files in it, and remembers beside it.
  public Workshop(Path folder) throws IOException {
    this(folder, Files.createDirectories(folder.resolve("ws")).toRealPath());
    for (var it : List.of("sub/deep", ".git", "build", "src")) {
      Files.createDirectories(workspace.resolve(it));
    }
    Files.writeString(workspace.resolve("tracked"), "content");
  }

  private Workshop(Path folder, Path workspace) {
    this.folder = folder;
    this.workspace = workspace;
    this.grants = new Grants(folder.resolve("home/approvals.jsonl"));
    this.log = QuestionLog.of(folder.resolve("home/questions"), workspace);
  }

  /// The same remembered answers, seen from another place.
  Workshop elsewhere(Path other, String otherRun, String otherTask) {
    var there = new Workshop(folder, other).under(policy).at(level);
    there.run = otherRun;
    there.task = otherTask;
    return there;
  }

  public Workshop under(Policy now) {
    policy = now;
    return this;
  }

  public Workshop at(Level now) {
    level = now;
    return this;
  }

  /// Adds rules.
  ///
  /// @param lines such as `forbidden git push`
  public Workshop rules(String... lines) {
    for (var line : lines) {
      var words = List.of(line.split(" "));
      rules.add(
          new Match(
              Says.valueOf(words.getFirst().toUpperCase(Locale.ROOT)),
              words.subList(1, words.size()),
              null));
    }
    return this;
  }

  public Path workspace() {
    return workspace;
  }

  public Grants grants() {
    return grants;
  }

  public QuestionLog log() {
    return log;
  }

  public Setting setting() {
    var writable = level == Level.WORKSPACE_WRITE ? List.of(workspace) : List.<Path>of();
    var network = level == Level.DANGER_FULL_ACCESS;
    return new Setting(
        policy,
        new Confinement(level, writable, List.of(), network, List.of()),
        workspace,
        new RunId(run),
        task);
  }

  public Judge judge() {
    return new Judge(setting(), rulebook(), grants);
  }

  private Rulebook rulebook() {
    var all = List.copyOf(rules);
    return new Rulebook() {
      @Override
      public List<Match> matches(List<String> words) {
        return all.stream().filter(it -> starts(words, it.prefix())).toList();
      }

      @Override
      public List<Match> beginningWith(List<String> words) {
        return all.stream()
            .filter(it -> it.prefix().size() > words.size() && starts(it.prefix(), words))
            .toList();
      }
    };
  }

  private static boolean starts(List<String> all, List<String> some) {
    return all.size() >= some.size() && all.subList(0, some.size()).equals(some);
  }

  public Plan plan(String script) {
    return PLANS.ofScript(script, workspace);
  }

  public Plan plan(List<String> words) {
    return PLANS.ofWords(words, workspace);
  }

  public Subject.Shell shell(String script) {
    return new Subject.Shell(plan(script), false);
  }

  public Subject.Shell escalated(String script) {
    return new Subject.Shell(plan(script), true);
  }

  public Verdict judge(Subject subject) throws IOException {
    return judge().judge(subject);
  }

  public Decision decide(String script) throws IOException {
    return judge(shell(script)).decision();
  }

  List<Offer> offers(Subject subject) throws IOException {
    return Choices.of(subject, judge(subject), "", log);
  }

  /// Says yes to a call by one of the choices offered.
  public Offer consent(Subject subject, String choice) throws IOException {
    var offer =
        offers(subject).stream()
            .filter(it -> it.choice().id().equals(choice))
            .findFirst()
            .orElseThrow(() -> new AssertionError(choice + " is not offered"));
    var outside = subject instanceof Subject.Shell it && it.escalated();
    for (var cover : offer.covers()) {
      grants.add(yes(cover, offer.scope(), outside ? Level.DANGER_FULL_ACCESS : level));
    }
    return offer;
  }

  Grant yes(Cover cover, Scope scope, Level given) {
    return grant(true, cover, scope, given, List.of());
  }

  Grant grant(boolean allows, Cover cover, Scope scope, Level given, List<Opening> openings) {
    return new Grant(
        Grants.newId(),
        allows,
        cover,
        scope,
        setting().where(scope),
        given,
        openings,
        Instant.EPOCH,
        "test",
        null,
        Grant.UNLIMITED,
        allows ? null : "no");
  }
}
