package dev.orchestrator.engine.thread;

import static dev.orchestrator.engine.thread.Threads.append;
import static dev.orchestrator.engine.thread.Threads.find;
import static dev.orchestrator.engine.thread.Threads.id;
import static dev.orchestrator.engine.thread.Threads.keep;
import static dev.orchestrator.engine.thread.Threads.meta;
import static dev.orchestrator.engine.thread.Threads.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThreadLockTest {
  @TempDir private Path folder;

  private ThreadStore store;

  @BeforeEach
  void inNewFolder() throws Exception {
    store = Threads.in(folder);
    keep(store, meta(1), "one");
  }

  /// Another process that resumes a thread and never lets go.
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws IOException {
      var store = Threads.in(Path.of(arguments[0]));
      var log = store.resume(find(store, 1));
      append(log, "two");
      System.out.println("held");
      while (System.in.read() >= 0) {
        append(log, "never");
      }
    }
  }

  @Test
  void leaves_a_thread_to_one_process_until_that_is_gone() throws Exception {
    var other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader said = other.inputReader(StandardCharsets.UTF_8)) {
      assertThat(said.readLine()).isEqualTo("held");
      var thread = find(store, 1);

      assertThatThrownBy(() -> store.resume(thread))
          .isInstanceOf(ThreadException.class)
          .hasMessage(
              "thread %s is in use by another process; wait until that ends, or fork the thread",
              id(1));
    } finally {
      other.destroyForcibly().waitFor();
    }
    try (var log = store.resume(find(store, 1))) {
      append(log, "three");
    }
    assertThat(texts(find(store, 1))).containsExactly("one", "two", "three");
  }

  @Test
  void leaves_a_thread_to_one_log_of_the_same_process() throws Exception {
    var thread = find(store, 1);
    try (var log = store.resume(thread)) {
      // Reading must not let go of it.
      find(store, 1);
      assertThatThrownBy(() -> store.resume(thread)).hasMessageContaining("is in use");
      append(log, "two");
    }

    assertThat(texts(find(store, 1))).containsExactly("one", "two");
  }

  @Test
  void goes_on_only_from_where_it_was_read() throws Exception {
    var stale = find(store, 1);
    try (var log = store.resume(stale)) {
      append(log, "two");
    }

    assertThatThrownBy(() -> store.resume(stale))
        .hasMessage("thread %s has gone on since it was read; resume it again", id(1));
    store.resume(find(store, 1)).close();
  }

  @Test
  void makes_no_file_for_a_thread_that_is_gone() throws Exception {
    var thread = find(store, 1);
    Files.delete(thread.file());

    assertThatThrownBy(() -> store.resume(thread)).hasMessageContaining("is gone");
    assertThat(thread.file()).doesNotExist();
  }
}
