package dev.orchestrator.engine.thread;

import static dev.orchestrator.engine.thread.Threads.CONTEXT;
import static dev.orchestrator.engine.thread.Threads.CWD;
import static dev.orchestrator.engine.thread.Threads.NOON;
import static dev.orchestrator.engine.thread.Threads.append;
import static dev.orchestrator.engine.thread.Threads.find;
import static dev.orchestrator.engine.thread.Threads.id;
import static dev.orchestrator.engine.thread.Threads.keep;
import static dev.orchestrator.engine.thread.Threads.meta;
import static dev.orchestrator.engine.thread.Threads.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.secret.Redaction;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadStoreTest {
  private static final Usage SOME = new Usage(100, 40, 3, 20, 7);

  @TempDir private Path home;

  private Path folder;
  private ThreadStore store;

  @BeforeEach
  void inNewHome() {
    folder = home.resolve("home/sessions");
    store = Threads.in(folder);
  }

  @Test
  void writes_lines_as_codex_does() throws Exception {
    try (var log = store.begin(meta(1))) {
      log.turn(CONTEXT, "do\nit");
      log.append(ResponseItem.user("grün\n🙂"));
      log.usage(SOME, Usage.NONE);
      log.compacted(List.of(ResponseItem.user("short")));
      log.completed("done");
      log.failed("broken");
      log.aborted("interrupted");
    }

    assertThat(
            folder.resolve(
                "2026/01/02/rollout-2026-01-02T12-03-04-01900000-0000-7001-8000-000000000001.jsonl"))
        .hasContent(
            """
            {"timestamp":"2026-01-02T12:03:04.005Z","ordinal":0,"type":"session_meta","payload":{"id":"01900000-0000-7001-8000-000000000001","timestamp":"2026-01-02T12:03:04.005Z","cwd":"/home/me/a b/ä","originator":"orchestrator","cli_version":"1.2.3","source":"exec","model_provider":"openai","base_instructions":{"text":"You are."}}}
            {"timestamp":"2026-01-02T12:03:04.005Z","ordinal":1,"type":"event_msg","payload":{"type":"task_started","turn_id":"turn-1","prompt_preview":"do it"}}
            {"timestamp":"2026-01-02T12:03:04.005Z","ordinal":2,"type":"turn_context","payload":{"turn_id":"turn-1","cwd":"/home/me/a b/ä","approval_policy":"on-request","sandbox_policy":{"type":"workspace-write","writable_roots":["/tmp/more"],"network_access":true},"model":"gpt-x","model_provider":"openai","effort":"high","summary":null}}
            {"timestamp":"2026-01-02T12:03:04.005Z","ordinal":3,"type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"grün\\n🙂"}]}}
            {"timestamp":"2026-01-02T12:03:04.005Z","ordinal":4,"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":100,"cached_input_tokens":40,"cache_write_input_tokens":3,"output_tokens":20,"reasoning_output_tokens":7,"total_tokens":120},"last_token_usage":{"input_tokens":0,"cached_input_tokens":0,"cache_write_input_tokens":0,"output_tokens":0,"reasoning_output_tokens":0,"total_tokens":0}}}}
            {"timestamp":"2026-01-02T12:03:04.005Z","ordinal":5,"type":"compacted","payload":{"message":"","replacement_history":[{"type":"message","role":"user","content":[{"type":"input_text","text":"short"}]}]}}
            {"timestamp":"2026-01-02T12:03:04.005Z","ordinal":6,"type":"event_msg","payload":{"type":"task_complete","turn_id":"turn-1","last_agent_message":"done"}}
            {"timestamp":"2026-01-02T12:03:04.005Z","ordinal":7,"type":"event_msg","payload":{"type":"task_complete","turn_id":"turn-1","last_agent_message":null,"error":{"message":"broken"}}}
            {"timestamp":"2026-01-02T12:03:04.005Z","ordinal":8,"type":"event_msg","payload":{"type":"turn_aborted","turn_id":"turn-1","reason":"interrupted"}}
            """);
  }

  @Test
  void reads_back_what_was_kept() throws Exception {
    var items =
        List.of(
            ResponseItem.user("hello"),
            new ResponseItem(
                Map.of("type", "reasoning", "summary", List.of(), "n", 12L, "more", true)),
            Threads.call("c1"),
            Threads.output("c1"),
            ResponseItem.assistant("bye"));
    try (var log = store.begin(meta(1))) {
      log.turn(CONTEXT, "hello");
      for (var it : items) {
        log.append(it);
      }
      log.usage(SOME, SOME);
      log.completed("bye");
    }

    var thread = find(store, 1);

    var size = Files.size(thread.file());
    assertThat(thread)
        .isEqualTo(
            new StoredThread(
                meta(1),
                null,
                items,
                SOME,
                CONTEXT,
                thread.file(),
                Files.getLastModifiedTime(thread.file()).toInstant(),
                size,
                size,
                10));
  }

  @Test
  void goes_on_in_the_same_file() throws Exception {
    keep(store, meta(1), "one");
    var before = find(store, 1);
    try (var log = store.resume(before)) {
      append(log, "two");
    }

    var after = find(store, 1);

    assertThat(texts(after)).containsExactly("one", "two");
    assertThat(after.file()).isEqualTo(before.file());
    assertThat(after.nextOrdinal()).isEqualTo(before.nextOrdinal() + 1);
    assertThat(Files.readString(after.file()))
        .startsWith("{")
        .endsWith("\n")
        .contains("\"ordinal\":2,");
  }

  @Test
  void knows_no_thread_that_was_never_begun() throws Exception {
    assertThat(store.find(id(1))).isEmpty();
    assertThat(store.latest(null, null)).isEmpty();
    assertThat(store.named("one", null)).isEmpty();
    assertThat(store.list(10)).isEmpty();
    assertThat(home.resolve("home")).doesNotExist();
  }

  @Test
  void takes_a_compaction_for_the_history() throws Exception {
    try (var log = store.begin(meta(1))) {
      append(log, "one", "two");
      log.compacted(List.of(ResponseItem.user("both")));
      append(log, "three");
    }

    assertThat(texts(find(store, 1))).containsExactly("both", "three");
  }

  @Test
  void lets_nobody_else_read_a_thread() throws Exception {
    store.begin(meta(1, CWD, "name")).close();

    try (var all = Files.walk(home.resolve("home"))) {
      assertThat(all)
          .hasSize(7)
          .allSatisfy(it ->
              assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(it)))
                  .as("%s", it)
                  .isEqualTo(Files.isDirectory(it) ? "rwx------" : "rw-------"));
    }
  }

  @Test
  void keeps_no_secret() throws Exception {
    var secret = "s3cret \"quoted\" value";
    store =
        new ThreadStore(
            folder, InstantSource.fixed(NOON), Redaction.of(Map.of("MY_TOKEN", secret)));
    try (var log = store.begin(meta(1, CWD, "n " + secret))) {
      // Its preview ends within the secret.
      log.turn(CONTEXT, "x".repeat(70) + secret);
      log.append(ResponseItem.user(secret));
      log.append(new ResponseItem(Map.of("type", secret, secret, List.of(Map.of("deep", secret)))));
      log.compacted(List.of(ResponseItem.user(secret)));
      log.completed(secret);
      log.failed(secret);
      log.aborted(secret);
      log.rename("r " + secret);
    }

    try (var all = Files.walk(folder)) {
      assertThat(all.filter(Files::isRegularFile))
          .hasSize(2)
          .allSatisfy(it ->
              assertThat(it).content().doesNotContain("s3cret").contains("[redacted MY_TOKEN]"));
    }
    assertThat(find(store, 1).meta().name()).isEqualTo("r [redacted MY_TOKEN]");
  }

  @Test
  void finds_the_last_written_thread_of_a_folder_and_provider() throws Exception {
    var other = Path.of("/other");
    keep(store, meta(1), "one");
    keep(store, meta(2), "two");
    keep(store, meta(3, other, null), "three");
    written(1, 30);
    written(2, 20);
    written(3, 40);

    assertThat(latest(null, null)).isEqualTo(Optional.of(id(3)));
    assertThat(latest(CWD, "openai")).isEqualTo(Optional.of(id(1)));
    assertThat(latest(other, "openai")).isEqualTo(Optional.of(id(3)));
    assertThat(latest(CWD, "ollama")).isEmpty();
    assertThat(latest(Path.of("/no"), null)).isEmpty();
  }

  private Optional<UUID> latest(@Nullable Path cwd, @Nullable String provider) throws IOException {
    return store.latest(cwd, provider).map(it -> it.meta().id());
  }

  @Test
  void finds_a_thread_by_the_name_it_has_now() throws Exception {
    store.begin(meta(1, CWD, "first")).close();
    store.begin(meta(2, Path.of("/other"), "first")).close();
    written(2, 60);
    written(1, 50);
    try (var log = store.resume(find(store, 1))) {
      log.rename("second");
    }
    written(1, 70);

    assertThat(named("second", null)).isEqualTo(Optional.of(id(1)));
    assertThat(named("first", null)).isEqualTo(Optional.of(id(2)));
    assertThat(named("first", CWD)).isEmpty();
    assertThat(named("fir", null)).isEmpty();
    assertThat(find(store, 1).meta().name()).isEqualTo("second");
  }

  private Optional<UUID> named(String name, @Nullable Path cwd) throws IOException {
    return store.named(name, cwd).map(it -> it.meta().id());
  }

  @Test
  void keeps_a_name_when_the_file_of_names_is_lost_or_broken() throws Exception {
    store.begin(meta(1, CWD, "one")).close();
    var names = folder.resolve("names.jsonl");
    Files.writeString(names, "rubbish\n{\"id\":3,\"thread_name\":[]}\n{\"cut");
    store.begin(meta(2, CWD, "two")).close();

    assertThat(named("one", null)).isEqualTo(Optional.of(id(1)));
    Files.delete(folder.resolve("2026/01/02").resolve(find(store, 1).file().getFileName()));
    assertThat(named("two", null)).isEqualTo(Optional.of(id(2)));
    assertThat(Files.readAllLines(names)).hasSize(4).last().asString().contains("\"two\"");
  }

  @Test
  void refuses_a_name_that_would_disturb_a_terminal() throws Exception {
    try (var log = store.begin(meta(1))) {
      assertThatThrownBy(() -> log.rename("a\u001b[2J"))
          .isInstanceOf(ThreadException.class)
          .hasMessage(
              "a thread's name has 1 to 200 characters and no control characters; choose another"
                  + " one");
    }
    assertThat(folder.resolve("names.jsonl")).doesNotExist();
  }

  @Test
  void lists_threads_by_their_first_prompt() throws Exception {
    keep(store, meta(1), "no turn");
    try (var log = store.begin(meta(2, CWD, "named"))) {
      log.turn(CONTEXT, "  make\t\u001b[31m it " + "🙂".repeat(100));
      log.turn(CONTEXT, "again");
    }
    keep(store, meta(3));
    written(1, 10);
    written(2, 20);
    written(3, 5);

    assertThat(store.list(2))
        .containsExactly(
            new ListedThread(
                id(2),
                "named",
                CWD,
                "openai",
                NOON.plusSeconds(20),
                "make [31m it " + "🙂".repeat(33),
                find(store, 2).file()),
            new ListedThread(
                id(1), null, CWD, "openai", NOON.plusSeconds(10), "", find(store, 1).file()));
  }

  @Test
  void keeps_ten_thousand_items_without_delay() throws Exception {
    var begun = System.nanoTime();
    try (var log = store.begin(meta(1))) {
      for (var i = 0; i < 10_000; i++) {
        log.append(ResponseItem.user("item " + i));
      }
    }
    assertThat(find(store, 1).history()).hasSize(10_000);
    // A fraction of a second on an idle machine.
    assertThat(System.nanoTime() - begun).isLessThan(60_000_000_000L);
  }

  @Test
  void writes_on_when_its_thread_is_interrupted() throws Exception {
    try (var log = store.begin(meta(1))) {
      Thread.currentThread().interrupt();
      append(log, "one");
      append(log, "two");
      log.rename("renamed");
      assertThat(Thread.interrupted()).isTrue();
    }

    assertThat(texts(find(store, 1))).containsExactly("one", "two");
    assertThat(find(store, 1).meta().name()).isEqualTo("renamed");
  }

  @Test
  void keeps_nothing_of_an_ephemeral_thread() throws Exception {
    try (var log = ThreadLog.none()) {
      log.turn(CONTEXT, "hi");
      append(log, "hi");
      log.completed(null);
    }

    assertThat(home).isEmptyDirectory();
  }

  @Test
  void keeps_nothing_after_it_was_closed() throws Exception {
    var log = store.begin(meta(1));
    log.close();
    log.close();

    assertThatThrownBy(() -> append(log, "late"))
        .hasMessage("thread %s cannot be kept any further: it is closed".formatted(id(1)));
  }

  @Test
  void refuses_a_thread_that_there_is() throws Exception {
    keep(store, meta(1), "one");

    assertThatThrownBy(() -> store.begin(meta(1))).hasMessageContaining("FileAlreadyExists");
    assertThat(texts(find(store, 1))).containsExactly("one");
  }

  private void written(int number, int seconds) throws IOException {
    Instant at = NOON.plusSeconds(seconds);
    Files.setLastModifiedTime(find(store, number).file(), FileTime.from(at));
  }
}
