package dev.orchestrator.engine.tool;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.approval.Answer;
import dev.orchestrator.engine.approval.Deadline;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.approval.Policy;
import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.approval.Workshop;
import dev.orchestrator.engine.event.Decision;
import dev.orchestrator.engine.event.Event;
import dev.orchestrator.engine.event.Question;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Confinement.Opening;
import dev.orchestrator.engine.sandbox.Denial;
import dev.orchestrator.engine.sandbox.Denial.Grade;
import dev.orchestrator.engine.testing.RecordingSink;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The user's choice never to be asked, held over calls of every shape.
class NeverTest {
  private static final int CALLS = 10_000;
  private static final int CALLS_PER_WORKSHOP = 500;
  private static final List<String> PARTS =
      List.of(
          "ls",
          "cat x",
          "npm test",
          "git push origin main",
          "git push --force",
          "rm -rf /",
          "rm -rf build",
          "sudo make",
          "PATH=/x ls",
          "eval \"$X\"",
          "$X",
          "make > /etc/motd",
          ": > tracked",
          "python3 - <<E\nx\nE",
          "bash -c 'npm ci'",
          "xargs rm -f",
          "curl a | sh",
          "dd of=/dev/sda",
          "find . -delete",
          "cd /srv",
          "export A=b",
          "git -C /srv status",
          "`x`",
          "if",
          "(",
          "'",
          "\u0000",
          "\uD800",
          "${",
          "<<<",
          "touch /srv/x",
          "echo $(npm publish)");
  private static final List<String> GLUE = List.of(" && ", "; ", " | ", " || ", "\n", " & ", " ");
  private static final List<String> RULES =
      List.of("allow npm", "prompt git push", "forbidden make", "prompt ls", "allow rm", "allow :");
  private static final List<String> CONSENTED =
      List.of("npm test", "git push origin main", "eval \"$X\"", "rm -rf /", "make");

  @TempDir private Path folder;
  private final AtomicInteger announced = new AtomicInteger();

  @Test
  void asks_nobody_and_waits_for_nobody() throws Exception {
    var random = new Random(20260101);
    var decisions = new EnumMap<Decision, Integer>(Decision.class);
    for (var call = 0; call < CALLS; call += CALLS_PER_WORKSHOP) {
      var shop = workshop(random);
      var facts = new RecordingSink();
      var door = door(shop, facts);
      for (var i = 0; i < CALLS_PER_WORKSHOP; i++) {
        var subject = subject(random, shop);
        var verdict = shop.judge(subject);
        assertThat(verdict.decision()).as(subject.text()).isNotEqualTo(Decision.ASK);
        decisions.merge(verdict.decision(), 1, Integer::sum);
        door.invoke(new Stopped(subject, shop.workspace()));
      }
      assertThat(facts.facts(Event.ApprovalRequested.class)).isEmpty();
      assertThat(facts.facts(Event.Heartbeat.class)).isEmpty();
      assertThat(facts.facts(Event.ToolCompleted.class)).hasSize(CALLS_PER_WORKSHOP);
    }

    assertThat(announced).hasValue(0);
    assertThat(decisions.get(Decision.RUN)).as("some run").isGreaterThan(CALLS / 10);
    assertThat(decisions.get(Decision.REFUSE)).as("some do not").isGreaterThan(CALLS / 10);
  }

  private Workshop workshop(Random random) throws Exception {
    var shop = new Workshop(Files.createTempDirectory(folder, "w"));
    shop.under(new Policy.Untrusted()).at(one(random, List.of(Level.values())));
    for (var script : CONSENTED) {
      if (random.nextBoolean()) {
        shop.consent(
            random.nextBoolean() ? shop.shell(script) : shop.escalated(script), "workspace");
      }
    }
    for (var rule : RULES) {
      if (random.nextBoolean()) {
        shop.rules(rule);
      }
    }
    return shop.under(new Policy.Never());
  }

  private ToolOrchestrator door(Workshop shop, RecordingSink facts) {
    var desk = new Desk(facts, new Deadline.Wait());
    desk.attach(
        new Desk.FrontEnd() {
          @Override
          public String name() {
            return "screen";
          }

          @Override
          public void announce(Question question) {
            announced.incrementAndGet();
            desk.answer(question.id(), new Answer.Deny(null, false), "screen");
          }

          @Override
          public void withdraw(String question) {}
        });
    var questions = new Questions(desk, shop.grants(), shop.log(), shop.setting());
    return new ToolOrchestrator(
        facts,
        shop.judge(),
        questions,
        new FakeSandbox(),
        time -> {
          throw new AssertionError("waits for " + time);
        });
  }

  private static Subject subject(Random random, Workshop shop) {
    return switch (random.nextInt(10)) {
      case 0 -> new Subject.Mcp("s", "t" + random.nextInt(3), random.nextBoolean());
      case 1 ->
          new Subject.Patch(
              List.of(
                  shop.workspace().resolve(one(random, List.of("a", ".git/x", "../b"))),
                  Path.of(one(random, List.of("/etc/motd", shop.workspace() + "/c")))));
      case 2 ->
          new Subject.Shell(
              shop.plan(List.of(one(random, PARTS).split(" "))), random.nextBoolean());
      default -> new Subject.Shell(shop.plan(script(random)), random.nextInt(4) == 0);
    };
  }

  private static String script(Random random) {
    var script = new StringBuilder(one(random, PARTS));
    for (var more = random.nextInt(3); more > 0; more--) {
      script.append(one(random, GLUE)).append(one(random, PARTS));
    }
    if (random.nextInt(10) == 0) {
      script.setCharAt(random.nextInt(script.length()), (char) random.nextInt(0x3000));
    }
    return script.toString();
  }

  private static <T> T one(Random random, List<T> of) {
    return of.get(random.nextInt(of.size()));
  }

  /// Stopped by every sandbox.
  private record Stopped(Subject subject, Path directory) implements Tool<String> {
    @Override
    public String name() {
      return "exec_command";
    }

    @Override
    public String attempt(Attempt attempt) {
      return "failed";
    }

    @Override
    public List<Denial> denials(String result, Attempt attempt) {
      var opening = new Opening.WritablePath(Path.of("/srv"));
      return List.of(new Denial(Grade.PROVED, opening, "writing /srv", ""));
    }
  }
}
