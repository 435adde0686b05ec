package dev.orchestrator.engine.thread;

import static dev.orchestrator.engine.thread.Threads.CONTEXT;
import static dev.orchestrator.engine.thread.Threads.append;
import static dev.orchestrator.engine.thread.Threads.call;
import static dev.orchestrator.engine.thread.Threads.find;
import static dev.orchestrator.engine.thread.Threads.id;
import static dev.orchestrator.engine.thread.Threads.keep;
import static dev.orchestrator.engine.thread.Threads.meta;
import static dev.orchestrator.engine.thread.Threads.output;
import static dev.orchestrator.engine.thread.Threads.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ResponseItem;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Rollouts that were cut off, damaged, or made by somebody else.
class DamageTest {
  @TempDir private Path folder;

  private ThreadStore store;

  @BeforeEach
  void inNewFolder() {
    store = Threads.in(folder);
  }

  @Test
  void reads_and_goes_on_wherever_the_file_was_cut() throws Exception {
    try (var log = store.begin(meta(1))) {
      log.turn(CONTEXT, "one");
      append(log, "grün", "🙂");
      log.usage(Usage.NONE, Usage.NONE);
      append(log, "three");
      log.completed("three");
    }
    var file = find(store, 1).file();
    var whole = Files.readAllBytes(file);
    var expected = new ArrayList<List<String>>();
    for (var i = 0; i < 8; i++) {
      expected.add(
          List.of("grün", "🙂", "three").subList(0, i < 4 ? 0 : i == 4 ? 1 : i < 7 ? 2 : 3));
    }

    for (var length = 0; length <= whole.length; length++) {
      var cut = Arrays.copyOf(whole, length);
      Files.write(file, cut);
      var lines =
          (int)
              new String(cut, StandardCharsets.ISO_8859_1).chars().filter(it -> it == '\n').count();
      if (lines == 0) {
        assertThatThrownBy(() -> find(store, 1))
            .hasMessage(file + " does not say what thread it holds; move it away");
        assertThat(store.list(9)).isEmpty();
        continue;
      }
      var thread = find(store, 1);
      assertThat(texts(thread)).as("cut at %d", length).isEqualTo(expected.get(Math.min(lines, 7)));
      assertThat(thread.nextOrdinal()).isEqualTo(lines);
      assertThat(thread.bytes()).isEqualTo(length);
      try (var log = store.resume(thread)) {
        append(log, "more");
      }
      assertThat(texts(find(store, 1))).last().isEqualTo("more");
    }
  }

  @Test
  void tells_of_a_broken_line_that_is_not_the_last() throws Exception {
    keep(store, meta(1), "one", "two");
    var file = find(store, 1).file();
    var lines = new ArrayList<>(Files.readAllLines(file));
    lines.set(1, lines.get(1).substring(0, 50));
    Files.write(file, lines);

    assertThatThrownBy(() -> find(store, 1))
        .isInstanceOf(ThreadException.class)
        .hasMessage(
            file
                + " is damaged at line 2: it is no JSON object; repair the line, or begin a new"
                + " thread");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          []                                                                  | it is no JSON object
          {"ordinal":99999999999999999999}                                    | it is no JSON object
          {}                                                                  | ordinal is no count
          {"ordinal":-1}                                                      | ordinal is no count
          {"ordinal":1.0}                                                     | ordinal is no count
          {"ordinal":2}                                                       | ordinal 2 stands where 1 belongs
          {"ordinal":1}                                                       | type is no text
          {"ordinal":1,"type":"response_item"}                                | payload is no object
          {"ordinal":1,"type":"response_item","payload":[1]}                  | payload is no object
          {"ordinal":1,"type":"response_item","payload":{}}                   | type is no text
          {"ordinal":1,"type":"response_item","payload":{"type":7}}           | type is no text
          {"ordinal":1,"type":"response_item","payload":{"type":""}}          | type is empty
          {"ordinal":1,"type":"compacted","payload":{}}                       | replacement_history is no list
          {"ordinal":1,"type":"compacted","payload":{"replacement_history":[null]}} | replacement_history is no object
          {"ordinal":1,"type":"turn_context","payload":{}}                    | sandbox_policy is no object
          {"ordinal":1,"type":"turn_context","payload":{"sandbox_policy":{"writable_roots":["x"]}}} | writable_roots is no absolute path
          {"ordinal":1,"type":"turn_context","payload":{"turn_id":"t","cwd":"/\\u0000","sandbox_policy":{"writable_roots":[]}}} | cwd is no absolute path
          {"ordinal":1,"type":"turn_context","payload":{"turn_id":"t","cwd":"/","approval_policy":"never","sandbox_policy":{"type":"t","writable_roots":[],"network_access":"false"}}} | network_access is neither true nor false
          {"ordinal":1,"type":"event_msg","payload":{"type":"token_count"}}   | info is no object
          {"ordinal":1,"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":-5}}}} | input_tokens is no count
          """)
  void takes_nothing_that_is_not_as_it_must_be(String line, String message) throws Exception {
    store.begin(meta(1)).close();
    var file = find(store, 1).file();
    Files.writeString(file, line + "\n", StandardOpenOption.APPEND);

    assertThatThrownBy(() -> find(store, 1))
        .isInstanceOf(ThreadException.class)
        .hasMessage(
            "%s is damaged at line 2: %s; repair the line, or begin a new thread", file, message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "cwd":"[^"]*"     | "cwd":"here"       | cwd is no absolute path
          "id":"[^"]*"      | "id":"../../x"     | id is no UUID
          "timestamp":"[^"]*","cwd" | "timestamp":"now","cwd" | timestamp is no time
          "ordinal":0       | "ordinal":4        | ordinal 4 is no beginning
          "type":"session_meta" | "type":"x"     | type is not session_meta
          "source"          | "forked_from_id":"00000000-0000-0000-0000-000000000000","x" | forked_from_ordinal_exclusive is no count
          """)
  void takes_no_beginning_that_is_not_as_it_must_be(String part, String other, String message)
      throws Exception {
    keep(store, meta(2), "good");
    store.begin(meta(1)).close();
    var file = find(store, 1).file();
    Files.writeString(file, Files.readString(file).replaceFirst(part, other));

    assertThatThrownBy(() -> find(store, 1))
        .hasMessage(
            "%s is damaged at line 1: %s; repair the line, or begin a new thread", file, message);
    assertThat(store.latest(null, null).orElseThrow().meta().id()).isEqualTo(id(2));
  }

  @Test
  void skips_records_of_other_versions() throws Exception {
    keep(store, meta(1), "one");
    var file = find(store, 1).file();
    Files.writeString(
        file,
        """
        {"ordinal":2,"type":"world_state","payload":{"type":7},"metadata":[]}
        {"ordinal":3,"type":"event_msg","payload":{"type":"item_completed"}}
        """,
        StandardOpenOption.APPEND);

    assertThat(texts(find(store, 1))).containsExactly("one");
    assertThat(find(store, 1).nextOrdinal()).isEqualTo(4);
  }

  @Test
  void takes_no_thread_for_another_one() throws Exception {
    keep(store, meta(1), "one");
    var file = find(store, 1).file();
    var other = Path.of(file.toString().replace(id(1).toString(), id(2).toString()));
    Files.copy(file, other);

    assertThatThrownBy(() -> find(store, 2))
        .hasMessageStartingWith(other + " holds thread " + id(1));
    assertThat(store.list(9)).hasSize(1);
  }

  @Test
  void follows_no_link() throws Exception {
    keep(store, meta(1), "one");
    var file = find(store, 1).file();
    var moved = Files.move(file, folder.resolve("elsewhere"));
    Files.createSymbolicLink(file, moved);

    assertThat(store.find(id(1))).isEmpty();
    assertThat(store.list(9)).isEmpty();
  }

  @Test
  void keeps_nothing_that_it_could_not_read_again() throws Exception {
    @Nullable Object deep = "x";
    for (var i = 0; i < 70; i++) {
      deep = List.of(deep);
    }
    var item = new ResponseItem(Map.of("type", "message", "deep", deep));
    try (var log = store.begin(meta(1))) {
      assertThatThrownBy(() -> log.append(item))
          .hasMessage(
              "thread %s cannot be kept any further: a record is nested deeper than 62 levels"
                  .formatted(id(1)));
      append(log, "x".repeat(40_000_000), "next");
    }

    assertThat(texts(find(store, 1)))
        .satisfiesExactly(
            it -> assertThat(it.length()).isEqualTo(40_000_000),
            it -> assertThat(it).isEqualTo("next"));
  }

  @Test
  void reads_the_deepest_item_that_it_keeps() throws Exception {
    @Nullable Object deep = "x";
    for (var i = 0; i < 60; i++) {
      deep = List.of(deep);
    }
    var item = new ResponseItem(Map.of("type", "message", "deep", deep));
    try (var log = store.begin(meta(1))) {
      log.append(item);
      log.compacted(List.of(item));
    }

    assertThat(find(store, 1).history()).containsExactly(item);
  }

  @Test
  void answers_calls_that_were_cut_off() throws Exception {
    try (var log = store.begin(meta(1))) {
      append(log, "one");
      log.append(call("a"));
      log.append(call("b"));
      log.append(output("b"));
    }
    try (var log = store.resume(find(store, 1))) {
      append(log, "two");
      log.append(call("c"));
    }

    assertThat(find(store, 1).history())
        .containsExactly(
            ResponseItem.user("one"),
            call("a"),
            call("b"),
            output("b"),
            ResponseItem.functionOutput("a", "aborted"),
            ResponseItem.user("two"),
            call("c"),
            ResponseItem.functionOutput("c", "aborted"));
  }

  @Test
  void leaves_out_an_output_that_no_call_stands_before() {
    assertThat(
            Histories.complete(
                List.of(output("x"), ResponseItem.user("one"), call("y"), output("y"))))
        .containsExactly(ResponseItem.user("one"), call("y"), output("y"));
  }
}
