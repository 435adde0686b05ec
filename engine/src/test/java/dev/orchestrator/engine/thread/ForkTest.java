package dev.orchestrator.engine.thread;

import static dev.orchestrator.engine.thread.Threads.CONTEXT;
import static dev.orchestrator.engine.thread.Threads.append;
import static dev.orchestrator.engine.thread.Threads.find;
import static dev.orchestrator.engine.thread.Threads.id;
import static dev.orchestrator.engine.thread.Threads.keep;
import static dev.orchestrator.engine.thread.Threads.meta;
import static dev.orchestrator.engine.thread.Threads.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.orchestrator.engine.event.Usage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForkTest {
  @TempDir private Path folder;

  private ThreadStore store;

  @BeforeEach
  void inNewFolder() {
    store = Threads.in(folder);
  }

  @Test
  void starts_where_the_other_thread_was() throws Exception {
    var usage = new Usage(5, 4, 3, 2, 1);
    try (var log = store.begin(meta(1))) {
      log.turn(CONTEXT, "one");
      append(log, "one");
      log.usage(usage, usage);
    }
    fork(1, 2, "two");
    try (var log = store.resume(find(store, 1))) {
      append(log, "not in the fork");
    }

    var fork = find(store, 2);

    assertThat(texts(fork)).containsExactly("one", "two");
    assertThat(fork.origin()).isEqualTo(new Origin(id(1), 5));
    assertThat(fork.usage()).isEqualTo(usage);
    assertThat(fork.last()).isEqualTo(CONTEXT);
    assertThat(fork.nextOrdinal()).isEqualTo(7);
    assertThat(Files.readAllLines(fork.file()))
        .hasSize(2)
        .first()
        .asString()
        .contains(
            "\"ordinal\":5,",
            "\"forked_from_id\":\"%s\",\"forked_from_ordinal_exclusive\":5".formatted(id(1)));
  }

  @Test
  void forks_forks_and_resumes_them() throws Exception {
    keep(store, meta(1), "1");
    for (var i = 1; i < 10; i++) {
      fork(i, i + 1, String.valueOf(i + 1));
    }
    try (var log = store.resume(find(store, 10))) {
      append(log, "11");
    }

    assertThat(texts(find(store, 10)))
        .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11");
  }

  @Test
  void forks_a_thread_while_it_is_written() throws Exception {
    try (var log = store.begin(meta(1))) {
      append(log, "one");
      fork(1, 2, "fork");
      append(log, "two");
    }

    assertThat(texts(find(store, 2))).containsExactly("one", "fork");
    assertThat(texts(find(store, 1))).containsExactly("one", "two");
  }

  @Test
  void needs_the_other_threads_file() throws Exception {
    keep(store, meta(1), "one");
    fork(1, 2, "two");
    Files.delete(find(store, 1).file());

    assertThatThrownBy(() -> find(store, 2))
        .isInstanceOf(ThreadException.class)
        .hasMessage(
            "thread %s was forked from thread %s, whose file is gone; bring it back, or begin a new thread"
                .formatted(id(2), id(1)));
  }

  @Test
  void needs_the_other_threads_records() throws Exception {
    keep(store, meta(1), "one", "two");
    fork(1, 2, "three");
    var parent = find(store, 1).file();
    Files.writeString(parent, Files.readAllLines(parent).getFirst() + "\n");

    assertThatThrownBy(() -> find(store, 2))
        .hasMessage(
            "%s ends before record 3, from which a thread was forked; bring back what is missing, or begin a new thread"
                .formatted(parent));
  }

  @Test
  void follows_no_circle() throws Exception {
    keep(store, meta(1), "one");
    fork(1, 2, "two");
    var file = find(store, 1).file();
    Files.writeString(
        file,
        Files.readString(file)
            .replaceFirst(
                "\"ordinal\":0,(.*)\"originator\"",
                "\"ordinal\":2,$1\"forked_from_id\":\"%s\",\"forked_from_ordinal_exclusive\":2,\"originator\""
                    .formatted(id(2))));

    assertThatThrownBy(() -> find(store, 2))
        .hasMessage(
            "thread %s was forked from more than 64 threads or 536,870,912 bytes; begin a new thread"
                .formatted(id(2)));
  }

  private void fork(int from, int to, String text) throws IOException {
    try (var log = store.fork(find(store, from), meta(to))) {
      append(log, text);
    }
  }
}
