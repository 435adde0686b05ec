package dev.orchestrator.engine.model;

import static dev.orchestrator.engine.model.ScriptedModelServer.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ModelClient.Reply;
import dev.orchestrator.engine.model.ModelFailure.Kind;
import dev.orchestrator.engine.secret.Redaction;
import dev.orchestrator.engine.wire.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

class CassetteTest {
  private static final Path HERE = Path.of("/home/one/project");
  private static final Path THERE = Path.of("/srv/elsewhere");
  private static final Usage USAGE = new Usage(1, 2, 3, 4, 5);

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void name() {
    file = folder.resolve("demo.jsonl");
  }

  @Test
  void says_in_another_folder_what_was_said_in_the_first() throws Exception {
    var call = call("c1", "{\"cmd\":\"cat /home/one/project/a /home/one/project2/b @{x}\"}");
    var write = call("c2", "{\"session_id\": 77, \"chars\":\"y\"}");
    record(
        Redaction.NONE,
        session(HERE, "77", "0.3"),
        reply(call),
        reply(write),
        reply(item(message("Read /home/one/project."))));

    var replies = replay(session(THERE, "5", "2.25"));

    assertThat(replies.get(0).calls().getFirst().arguments())
        .isEqualTo("{\"cmd\":\"cat /srv/elsewhere/a /home/one/project2/b @{x}\"}");
    assertThat(replies.get(1).calls().getFirst().arguments())
        .isEqualTo("{\"session_id\": 5, \"chars\":\"y\"}");
    assertThat(replies.get(2).items().getFirst().messageText()).isEqualTo("Read /srv/elsewhere.");
    assertThat(replies).extracting(Reply::usage).containsOnly(USAGE);
    assertThat(Files.readString(file)).doesNotContain("/home/one/project/", "/home/one/project\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void does_not_mind_what_differs_from_machine_to_machine() throws Exception {
    record(
        Redaction.NONE,
        List.of(
            List.of(
                ResponseItem.developer("cwd: /home/one/project, on 2026-01-02"),
                ResponseItem.user(
                    List.of(
                        ResponseItem.text("# AGENTS.md instructions for /home/one\n\nx"),
                        ResponseItem.text("<environment_context>one</environment_context>"))),
                ResponseItem.user("do it in /home/one/project"))),
        reply(item(message("ok"))));

    assertThat(replay(List.of(List.of(ResponseItem.user("do it in /srv/elsewhere"))))).hasSize(1);
  }

  @Test
  void says_where_a_run_differs() throws Exception {
    var asked = session(HERE, "77", "0.3");
    record(
        Redaction.NONE, asked.subList(0, 2), reply(call("c1", "{}")), reply(item(message("done"))));

    assertThatThrownBy(() -> replay(List.of(List.of(ResponseItem.user("do that")))))
        .hasMessage(
            "request 1 differs from the cassette %s: item 1: message user, line 1: expected `do"
                + " it`, and there came `do that`",
            file);

    var other = new ArrayList<>(session(THERE, "77", "9"));
    var changed = new ArrayList<>(other.get(1));
    changed.set(2, ResponseItem.functionOutput("c1", "Wall time: 3\nOutput:\nno such file"));
    other.set(1, changed);
    assertThatThrownBy(() -> replay(other))
        .hasMessage(
            "request 2 differs from the cassette %s: item 3: function_call_output, line 1: expected"
                + " `Process running`, and there came `Output:`",
            file);

    other.set(1, changed.subList(0, 2));
    assertThatThrownBy(() -> replay(other))
        .hasMessage(
            "request 2 differs from the cassette %s: item 3: expected function_call_output `Process"
                + " running`, and the conversation ends",
            file);
  }

  @Test
  void says_when_there_is_nothing_more() throws Exception {
    var asked = session(HERE, "77", "0.3");
    record(Redaction.NONE, asked.subList(0, 1), reply(call("c1", "{}")));

    assertThatThrownBy(() -> replay(asked))
        .isInstanceOf(ModelFailure.class)
        .hasMessage("the cassette %s holds 1 requests, and this is request 2", file);
  }

  @Test
  void fails_as_the_model_has_failed() throws Exception {
    var failure = ModelFailure.fatal(Kind.QUOTA, "Quota exceeded.", "pay");
    try (var recorder = Cassette.record(failing(failure), file, HERE, Redaction.NONE)) {
      assertThatThrownBy(
              () -> recorder.ask(Asking.request(ResponseItem.user("do it")), new Heard()))
          .isSameAs(failure);
    }

    assertThatThrownBy(() -> replay(List.of(List.of(ResponseItem.user("do it")))))
        .isInstanceOfSatisfying(
            ModelFailure.class,
            it -> {
              assertThat(it).hasMessage("Quota exceeded.");
              assertThat(it.kind()).isEqualTo(Kind.QUOTA);
              assertThat(it.advice()).isEqualTo("pay");
            });
  }

  @Test
  void holds_no_secret() throws Exception {
    var redaction = Redaction.of(Map.of("MY_TOKEN", "hunter2hunter2"));
    record(
        redaction,
        List.of(
            List.of(
                ResponseItem.user("use hunter2hunter2"),
                ResponseItem.functionOutput("c0", "MY_TOKEN=hunter2hunter2"))),
        reply(item(message("It is hunter2hunter2."))));

    assertThat(Files.readString(file))
        .contains("It is [redacted MY_TOKEN].")
        .doesNotContain("hunter2");
  }

  @Test
  void is_not_recorded_over_another() throws Exception {
    Files.writeString(file, "mine");

    assertThatThrownBy(() -> Cassette.record(failing(null), file, HERE, Redaction.NONE))
        .hasMessage("the cassette %s cannot be recorded: the file exists", file);
    assertThat(file).hasContent("mine");
  }

  @Test
  void that_is_none_is_refused() throws Exception {
    assertThatThrownBy(() -> replay(List.of())).hasMessage("there is no cassette %s", file);

    Files.writeString(file, "{\"a\":1}\n");
    assertThatThrownBy(() -> replay(List.of())).hasMessage("%s is no cassette", file);

    Files.writeString(file, "{\"cassette\":2}\n");
    assertThatThrownBy(() -> replay(List.of()))
        .hasMessage("the cassette %s has version 2, and only 1 is known", file);

    Files.writeString(file, "{\"cassette\":1}\n{\"request\":");
    assertThatThrownBy(() -> replay(List.of(List.of(ResponseItem.user("x")))))
        .hasMessage("the cassette %s is damaged at line 2", file);
  }

  static boolean hasFullDevice() {
    return Files.isWritable(Path.of("/dev/full"));
  }

  @Test
  @EnabledIf("hasFullDevice")
  void that_cannot_be_written_fails_the_run() throws Exception {
    var full = Path.of("/dev/full");
    try (var out = FileChannel.open(full, StandardOpenOption.WRITE);
        var recorder =
            new CassetteRecorder(
                (_, _) -> reply(), full, out, new Placeholders(HERE), Redaction.NONE)) {
      assertThatThrownBy(
              () -> recorder.ask(Asking.request(ResponseItem.user("do it")), new Heard()))
          .isInstanceOf(ModelFailure.class)
          .hasMessage("the cassette /dev/full cannot be written: No space left on device");
    }
  }

  /// The requests of a small conversation with a command that runs on and is typed to.
  private static List<List<ResponseItem>> session(Path workspace, String session, String seconds) {
    var first = List.of(ResponseItem.user("do it"));
    var second = new ArrayList<>(first);
    second.add(call("c1", "{\"cmd\":\"cat " + workspace + "/a\"}"));
    second.add(
        ResponseItem.functionOutput(
            "c1",
            "Chunk ID: "
                + session
                + "ab\nWall time: "
                + seconds
                + " seconds\n"
                + "Process running with session ID "
                + session
                + "\nOriginal token count: 3\n"
                + "Output:\nin "
                + workspace
                + " at 2026-01-02T03:04:05Z took "
                + seconds
                + "s\n"));
    var third = new ArrayList<>(second);
    third.add(call("c2", "{\"session_id\": " + session + ", \"chars\":\"y\"}"));
    third.add(ResponseItem.functionOutput("c2", "Output:\n" + workspace + "/b\n"));
    return List.of(first, second, third);
  }

  private void record(Redaction redaction, List<List<ResponseItem>> requests, Reply... replies)
      throws Exception {
    Files.deleteIfExists(file);
    var left = new ArrayList<>(List.of(replies));
    try (var recorder = Cassette.record((_, _) -> left.removeFirst(), file, HERE, redaction)) {
      for (var it : requests) {
        recorder.ask(Asking.request(it.toArray(ResponseItem[]::new)), new Heard());
      }
    }
  }

  private List<Reply> replay(List<List<ResponseItem>> requests) throws Exception {
    var replies = new ArrayList<Reply>();
    try (var player = Cassette.replay(file, THERE, Redaction.NONE)) {
      for (var it : requests) {
        var heard = new Heard();
        replies.add(player.ask(Asking.request(it.toArray(ResponseItem[]::new)), heard));
        assertThat(heard.items).isEqualTo(replies.getLast().items());
      }
    }
    return replies;
  }

  private static ModelClient failing(@Nullable ModelFailure failure) {
    return (_, _) -> {
      if (failure == null) {
        throw new IllegalStateException("nobody asks");
      }
      throw failure;
    };
  }

  private static Reply reply(ResponseItem... items) {
    return new Reply(List.of(items), USAGE);
  }

  private static ResponseItem call(String id, String arguments) {
    return item(ScriptedModelServer.call(id, "exec_command", arguments));
  }

  private static ResponseItem item(String json) {
    try {
      return new ResponseItem(Json.readObject(json.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
