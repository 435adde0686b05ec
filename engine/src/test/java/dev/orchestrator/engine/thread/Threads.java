package dev.orchestrator.engine.thread;

import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.secret.Redaction;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;

/// Threads to test with.
@NullMarked
final class Threads {
  static final Instant NOON = Instant.parse("2026-01-02T12:03:04.005Z");
  static final Path CWD = Path.of("/home/me/a b/ä");
  static final TurnContext CONTEXT =
      new TurnContext(
          "turn-1",
          CWD,
          "on-request",
          "workspace-write",
          List.of(Path.of("/tmp/more")),
          true,
          "gpt-x",
          "openai",
          "high",
          null);

  private Threads() {}

  static ThreadStore in(Path folder) {
    return new ThreadStore(folder, InstantSource.fixed(NOON), Redaction.NONE);
  }

  static UUID id(int number) {
    return new UUID(0x0190_0000_0000_7000L + number, 0x8000_0000_0000_0000L + number);
  }

  static ThreadMeta meta(int number) {
    return meta(number, CWD, null);
  }

  static ThreadMeta meta(int number, Path cwd, @Nullable String name) {
    return new ThreadMeta(id(number), NOON, cwd, "1.2.3", "openai", name, "You are.");
  }

  static ResponseItem call(String id) {
    return new ResponseItem(
        Map.of("type", "function_call", "name", "f", "arguments", "{}", "call_id", id));
  }

  static ResponseItem output(String id) {
    return ResponseItem.functionOutput(id, "out of " + id);
  }

  static StoredThread find(ThreadStore store, int number) throws IOException {
    return store.find(id(number)).orElseThrow();
  }

  /// A thread that has kept these texts.
  static void keep(ThreadStore store, ThreadMeta meta, String... texts) throws IOException {
    try (var log = store.begin(meta)) {
      append(log, texts);
    }
  }

  static void append(ThreadLog log, String... texts) throws IOException {
    for (var it : texts) {
      log.append(ResponseItem.user(it));
    }
  }

  static List<String> texts(StoredThread thread) {
    return thread.history().stream().map(ResponseItem::messageText).toList();
  }
}
