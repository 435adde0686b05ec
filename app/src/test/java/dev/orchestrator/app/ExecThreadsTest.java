package dev.orchestrator.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.orchestrator.engine.model.ScriptedModelServer;
import dev.orchestrator.engine.model.ScriptedModelServer.Answer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Threads go on in another run, as what they were, or begin again from where they stand.
class ExecThreadsTest {
  @TempDir Path folder;

  private static Answer says(String text) {
    return ScriptedModelServer.items(ScriptedModelServer.message(text));
  }

  private static String thread(Running.Ended ended) {
    return ended.facts().the("thread.started").path("thread_id").asString();
  }

  private static long inputTokens(Running.Ended ended) {
    return ended.facts().the("turn.completed").at("/usage/input_tokens").asLong();
  }

  /// What the last request says that people and the model have said, in order.
  private static List<String> said(ExecProgram exec) {
    var said = new ArrayList<String>();
    for (var it : (List<?>) exec.server().requests().getLast().json().get("input")) {
      if (it instanceof Map<?, ?> item
          && !"developer".equals(item.get("role"))
          && item.get("content") instanceof List<?> parts) {
        for (var part : parts) {
          var text = String.valueOf(((Map<?, ?>) part).get("text"));
          if (!text.startsWith("<environment_context>")) {
            said.add(text);
          }
        }
      }
    }
    return said;
  }

  @Test
  void a_thread_goes_on_by_id_by_name_and_as_the_last_one() throws Exception {
    try (var exec =
        ExecProgram.inside(folder, says("a1"), says("b1"), says("b2"), says("a2"), says("a3"))) {
      var first = exec.exec("--json", "--name", "alpha", "one");
      var other = exec.exec("--json", "two");
      assertThat(thread(other)).isNotEqualTo(thread(first));

      var last = exec.exec("resume", "--last", "--json", "three");
      assertThat(thread(last)).isEqualTo(thread(other));
      assertThat(said(exec)).containsExactly("two", "b1", "three");
      assertThat(inputTokens(last)).isEqualTo(84);

      var named = exec.exec("resume", "alpha", "--json", "four");
      assertThat(thread(named)).isEqualTo(thread(first));
      assertThat(said(exec)).containsExactly("one", "a1", "four");

      var known = exec.exec("resume", thread(first), "--json", "five");
      assertThat(said(exec)).containsExactly("one", "a1", "four", "a2", "five");
      assertThat(inputTokens(known)).isEqualTo(126);
      assertThat(known.facts().all("item.completed").getFirst().at("/item/id").asString())
          .isEqualTo("item_0");
    }
  }

  @Test
  void a_thread_is_found_from_another_folder_and_goes_on_in_its_own() throws Exception {
    var elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
    try (var exec = ExecProgram.inside(folder, says("done"))) {
      var first = exec.exec("--json", "--name", "alpha", "one");
      exec.program().startedIn(elsewhere);

      var here = exec.exec("resume", "--last", "two");
      assertThat(here.code()).isEqualTo(1);
      assertThat(here.err())
          .contains("there is no thread to resume in " + elsewhere.toRealPath(), "--all");
      var unnamed = exec.exec("resume", "alpha", "two");
      assertThat(unnamed.err()).contains("no thread is called 'alpha'", "--all");
      var unknown = exec.exec("resume", "01a20000-0000-7000-8000-000000000000", "two");
      assertThat(unknown.code()).isEqualTo(1);
      assertThat(unknown.err())
          .contains("no rollout found for thread id 01a20000-0000-7000-8000-000000000000");
      assertThat(exec.server().requests()).hasSize(1);

      var everywhere = exec.exec("resume", "--last", "--all", "--json", "two");
      assertThat(thread(everywhere)).isEqualTo(thread(first));
      assertThat(exec.server().requests().getLast().body())
          .contains("<cwd>" + exec.workspace() + "</cwd>");

      var moved =
          exec.exec(
              "resume",
              "--last",
              "--all",
              "-C",
              elsewhere.toString(),
              "--skip-git-repo-check",
              "--json",
              "three");
      assertThat(moved.code()).as(moved.err()).isZero();
      assertThat(exec.server().requests().getLast().body())
          .contains("<cwd>" + elsewhere.toRealPath() + "</cwd>");
    }
  }

  @Test
  void a_thread_goes_on_under_what_it_was_begun_under() throws Exception {
    var more = Files.createDirectories(folder.resolve("more")).toRealPath();
    try (var exec = ExecProgram.inside(folder, says("done"))) {
      exec.exec("-m", "gpt-5-mini", "--full-auto", "--add-dir", more.toString(), "--network", "a");
      assertThat(exec.exec("resume", "--last", "b").code()).isZero();

      var request = exec.server().requests().getLast();
      assertThat(request.json().get("model")).isEqualTo("gpt-5-mini");
      assertThat(request.body())
          .contains("Sandbox: workspace-write", more.toString(), "Network: open")
          .contains("Approvals: on-request");
    }
  }

  /// What a thread was begun with, what is said when it goes on, and what is looser about it; empty
  /// if nothing is.
  private record Row(String begun, String resumed, String looser) {}

  private static final List<Row> ROWS =
      List.of(
          new Row("-s read-only", "-s workspace-write", "sandbox workspace-write instead of"),
          new Row("-s read-only", "--full-auto", "sandbox workspace-write instead of"),
          new Row("-s read-only", "-s danger-full-access", "sandbox danger-full-access instead"),
          new Row("-s workspace-write", "--yolo", "sandbox danger-full-access instead of"),
          new Row("-s workspace-write", "--network", "network instead of none"),
          new Row("-s workspace-write", "--add-dir DIR", "more folders that may be written"),
          new Row(
              "-s workspace-write",
              "-c sandbox_workspace_write.writable_roots=['DIR']",
              "more folders that may be written"),
          new Row("-s workspace-write", "-a on-request", "approvals on-request instead of never"),
          new Row(
              "-s workspace-write",
              "-c sandbox_workspace_write.network_access=true",
              "network instead of none"),
          new Row(
              "-s read-only",
              "-c sandbox_mode='danger-full-access'",
              "sandbox danger-full-access instead"),
          new Row("--full-auto", "-a untrusted", ""),
          new Row("--full-auto", "-a never", ""),
          new Row("--full-auto", "-s read-only", ""),
          new Row("-s danger-full-access", "-s workspace-write", ""),
          new Row("-a untrusted -s workspace-write", "-a on-request", "approvals on-request"));

  @Test
  void options_that_would_loosen_a_thread_are_refused() throws Exception {
    var more = Files.createDirectories(folder.resolve("more")).toRealPath();
    try (var exec = ExecProgram.inside(folder, says("done"))) {
      var begun = new java.util.HashMap<String, String>();
      for (var row : ROWS) {
        if (!begun.containsKey(row.begun())) {
          var words = new ArrayList<>(List.of(row.begun().split(" ", -1)));
          words.addAll(List.of("--json", "one"));
          begun.put(row.begun(), thread(exec.exec(words.toArray(String[]::new))));
        }
        var words = new ArrayList<>(List.of("resume", begun.get(row.begun())));
        for (var it : row.resumed().split(" ", -1)) {
          words.add(it.replace("DIR", more.toString()));
        }
        words.add("two");
        var requests = exec.server().requests().size();

        var ended = exec.exec(words.toArray(String[]::new));

        assertThat(ended.code()).as(row + ended.err()).isEqualTo(row.looser().isEmpty() ? 0 : 1);
        if (row.looser().isEmpty()) {
          // So that the next row finds the thread as it was begun.
          begun.remove(row.begun());
        } else {
          assertThat(ended.err()).as(row.toString()).contains(row.looser(), "--allow-looser");
          assertThat(exec.server().requests()).hasSize(requests);
        }
      }
      var allowed =
          exec.exec(
              "resume", begun.get("-s read-only"), "--allow-looser", "-s", "workspace-write", "x");
      assertThat(allowed.code()).isZero();
      assertThat(exec.server().requests().getLast().body()).contains("Sandbox: workspace-write");
    }
  }

  @Test
  void a_fork_begins_where_its_thread_stands() throws Exception {
    try (var exec = ExecProgram.inside(folder, says("a1"), says("f1"), says("f2"), says("a2"))) {
      var first = exec.exec("--json", "one");

      var bare = exec.exec("fork", thread(first), "--json");
      assertThat(bare.facts().types()).containsExactly("thread.started");
      assertThat(bare.code()).isZero();
      assertThat(thread(bare)).isNotEqualTo(thread(first));
      assertThat(exec.server().requests()).hasSize(1);

      var fork = exec.exec("fork", thread(first), "--json", "two");
      assertThat(said(exec)).containsExactly("one", "a1", "two");
      assertThat(inputTokens(fork)).isEqualTo(84);
      exec.exec("resume", thread(bare), "--json", "three");
      assertThat(said(exec)).containsExactly("one", "a1", "three");
      exec.exec("resume", thread(first), "--json", "four");
      assertThat(said(exec)).containsExactly("one", "a1", "four");
    }
  }

  @Test
  void nothing_is_left_of_a_thread_that_is_not_kept() throws Exception {
    try (var exec = ExecProgram.inside(folder, says("done"))) {
      assertThat(exec.program().call("exec", "--ephemeral", "one").out()).isEqualTo("done\n");
      assertThat(exec.program().home().resolve("sessions")).doesNotExist();
      assertThat(exec.exec("resume", "--last", "two").code()).isEqualTo(1);
    }
  }

  @Test
  void a_conversation_that_has_become_long_goes_on_from_a_summary() throws Exception {
    try (var exec =
        ExecProgram.inside(
            folder,
            ScriptedModelServer.items(
                ScriptedModelServer.message("LONG-STORY"), ExecProgram.shell("c1", "echo one")),
            says("SHORT-VERSION"),
            says("done"),
            says("again"))) {
      var ended =
          exec.exec("-c", "model_auto_compact_token_limit=40", "--json=full", "first things");

      assertThat(ended.code()).as(ended.out()).isZero();
      var compacted = ended.facts().the("thread.compacted");
      assertThat(compacted.path("entries_before").asInt()).isEqualTo(4);
      assertThat(compacted.path("entries_after").asInt()).isEqualTo(2);
      assertThat(said(exec)).hasSize(2).first().isEqualTo("first things");
      assertThat(said(exec).getLast()).contains("SHORT-VERSION");
      assertThat(exec.exec("resume", "--last", "and now").code()).isZero();
      assertThat(exec.server().requests().getLast().body())
          .contains("first things", "SHORT-VERSION", "done", "and now")
          .doesNotContain("LONG-STORY", "function_call_output");
    }
  }

  @Test
  void makes_room_when_the_conversation_no_longer_fits() throws Exception {
    try (var exec =
        ExecProgram.inside(
            folder,
            ScriptedModelServer.items(ExecProgram.shell("c1", "echo one")),
            ScriptedModelServer.failed("context_length_exceeded", "too long"),
            ScriptedModelServer.items(ScriptedModelServer.message("SHORT-VERSION")),
            ScriptedModelServer.items(ScriptedModelServer.message("done")))) {
      var ended = exec.exec("--json=full", "do the task");

      assertThat(ended.code()).as(ended.out()).isZero();
      assertThat(ended.facts().the("thread.compacted").path("entries_after").asInt()).isEqualTo(2);
      assertThat(exec.server().requests().getLast().body())
          .contains("SHORT-VERSION", "do the task")
          .doesNotContain("function_call");
    }
  }
}
