package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.approval.Deadline;
import dev.orchestrator.engine.approval.Desk;
import dev.orchestrator.engine.approval.Grants;
import dev.orchestrator.engine.approval.Judge;
import dev.orchestrator.engine.approval.Policy;
import dev.orchestrator.engine.approval.QuestionLog;
import dev.orchestrator.engine.approval.Setting;
import dev.orchestrator.engine.approval.Subject;
import dev.orchestrator.engine.event.EventSink;
import dev.orchestrator.engine.event.RunId;
import dev.orchestrator.engine.sandbox.Confinement;
import dev.orchestrator.engine.sandbox.Confinement.Level;
import dev.orchestrator.engine.sandbox.Denial;
import dev.orchestrator.engine.sandbox.NoSandbox;
import dev.orchestrator.engine.tool.Attempt;
import dev.orchestrator.engine.tool.Questions;
import dev.orchestrator.engine.tool.Tool;
import dev.orchestrator.engine.tool.ToolOrchestrator;
import dev.orchestrator.engine.tool.ToolResult;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a refusal says to do, done literally, lets the same call run.
@Timeout(60)
class PrintedHintsTest {
  private static final String FIRST = "allow it first with: ";

  @TempDir private Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private Path workspace;
  private Home home;

  @BeforeEach
  void open() throws Exception {
    workspace = Files.createDirectories(folder.toRealPath().resolve("ws"));
    Files.createDirectories(workspace.resolve(".git"));
    Files.writeString(workspace.resolve(".git/HEAD"), "ref: refs/heads/main\n");
    Files.createDirectories(workspace.resolve("sub"));
    home = invocation(System.out).home();
    Files.createDirectories(home.folder());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "make install",
        "npm ci && npm publish",
        "touch \"$HOME/x\"",
        "touch ~/x",
        "echo \"$UNKNOWN\" | sh",
        "cat <<'END' >/srv/x\ntext\nEND\n",
        "curl https://example.org >/srv/x",
        "cd /srv && touch 'a b' \"it's\"",
        "ls",
        "ls *",
        "./deploy"
      })
  void an_escalated_command_runs_after_the_printed_grant(String script) throws Exception {
    for (var words : List.of(List.of("/bin/bash", "-lc", script), List.of("sh", "-c", script))) {
      for (var where : List.of(workspace, workspace.resolve("sub"))) {
        runsAfterItsHint(shell(words, where, true), where, new Policy.OnRequest());
      }
    }
  }

  @Test
  void an_escalated_command_runs_after_the_printed_grant_outside_a_repository() throws Exception {
    Files.delete(workspace.resolve(".git/HEAD"));
    var where = workspace.resolve("sub");

    runsAfterItsHint(
        shell(List.of("bash", "-lc", "make install"), where, true), where, new Policy.OnRequest());
  }

  @ParameterizedTest
  @CsvSource({"make", "./deploy", "bin/deploy", "/opt/deploy", "'/opt/deploy --all'", "make test"})
  void a_command_runs_after_the_printed_grant(String command) throws Exception {
    var words = List.of(command.split(" "));

    runsAfterItsHint(shell(words, workspace, false), workspace, new Policy.Untrusted());
  }

  @Test
  void a_patch_applies_after_the_printed_grant() throws Exception {
    var one = new Subject.Patch(List.of(Path.of("/srv/one")));
    var two = new Subject.Patch(List.of(Path.of("/srv/two"), Path.of("/opt/it's")));

    runsAfterItsHint(one, workspace, new Policy.OnRequest());
    runsAfterItsHint(two, workspace, new Policy.OnRequest());
  }

  @Test
  void a_tool_of_a_server_runs_after_the_printed_grant() throws Exception {
    runsAfterItsHint(new Subject.Mcp("tracker", "close", false), workspace, new Policy.OnRequest());
  }

  @Test
  void a_patch_is_granted_by_its_path_alone() throws Exception {
    assertThat(grant(List.of("grant", "patch /srv/x"))).isEqualTo(2);
    assertThat(said.toString(StandardCharsets.UTF_8))
        .contains("name the path alone: orchestrator approvals grant /srv/x");
  }

  private void runsAfterItsHint(Subject subject, Path where, Policy policy) throws Exception {
    var refused = (ToolResult.Refused<String>) invoke(subject, where, policy);
    assertThat(refused.reason()).contains(FIRST);
    var hint = refused.reason().substring(refused.reason().indexOf(FIRST) + FIRST.length());
    for (var command : invocation(System.out).plans().ofScript(hint, workspace).commands()) {
      var words = command.words().stream().map(it -> it.text()).toList();
      assertThat(words).startsWith("orchestrator", "approvals", "grant");
      assertThat(grant(words.subList(2, words.size()))).isZero();
    }
    assertThat(invoke(subject, where, policy))
        .as("after %s", hint)
        .isEqualTo(new ToolResult.Completed<>("ran"));
    Files.deleteIfExists(home.approvals());
  }

  /// In the workspace, as somebody would who reads the hint there.
  private int grant(List<String> words) {
    var out = new PrintStream(said, true, StandardCharsets.UTF_8);
    var arguments = new ArrayList<>(List.of("approvals"));
    arguments.addAll(words);
    if (!words.contains("-C")) {
      arguments.addAll(2, List.of("-C", workspace.toString()));
    }
    return new Main(invocation(out)).run(arguments);
  }

  private Invocation invocation(PrintStream out) {
    var variables = new HashMap<>(System.getenv());
    variables.put("ORCHESTRATOR_HOME", folder.resolve("home").toString());
    return new Invocation(variables, List::of, workspace, InputStream.nullInputStream(), out, out);
  }

  private Subject shell(List<String> words, Path where, boolean escalated) {
    return new Subject.Shell(invocation(System.out).plans().ofWords(words, where), escalated);
  }

  private ToolResult<String> invoke(Subject subject, Path where, Policy policy) throws Exception {
    var confinement =
        new Confinement(Level.WORKSPACE_WRITE, List.of(workspace), List.of(), false, List.of());
    var setting = new Setting(policy, confinement, workspace, new RunId("run-1"), "shop");
    var grants = new Grants(home.approvals());
    EventSink nowhere = _ -> {};
    var questions =
        new Questions(
            new Desk(nowhere, new Deadline.Wait()),
            grants,
            QuestionLog.of(home.folder().resolve("questions"), workspace),
            setting);
    var judge = new Judge(setting, _ -> List.of(), grants);
    return new ToolOrchestrator(nowhere, judge, questions, new NoSandbox(), _ -> {})
        .invoke(new Call(subject, where));
  }

  /// Does nothing, so that no sandbox is needed for it.
  private record Call(Subject subject, Path directory) implements Tool<String> {
    @Override
    public String name() {
      return "call";
    }

    @Override
    public boolean startsPrograms() {
      return false;
    }

    @Override
    public String attempt(Attempt attempt) {
      return "ran";
    }

    @Override
    public List<Denial> denials(String result, Attempt attempt) {
      return List.of();
    }
  }
}
