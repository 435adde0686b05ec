package dev.orchestrator.app;

import dev.orchestrator.app.flags.ExecFlags;
import dev.orchestrator.app.flags.ExecFlags.Doing;
import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ResponseItem;
import dev.orchestrator.engine.thread.StoredThread;
import dev.orchestrator.engine.thread.ThreadLog;
import dev.orchestrator.engine.thread.ThreadMeta;
import dev.orchestrator.engine.thread.ThreadStore;
import dev.orchestrator.engine.thread.TurnContext;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The thread that a turn belongs to: a new one, one that goes on, or a copy of one.
///
/// @param before what it goes on from; null for a new one
record ExecThread(@Nullable StoredThread before, Doing doing) {

  /// Finds what the turn goes on from.
  ///
  /// @param directory whose threads count
  /// @throws ExecFailure if there is no such thread
  static ExecThread find(ExecFlags flags, ThreadStore store, Path directory)
      throws ExecFailure, IOException {
    return new ExecThread(
        switch (flags.doing()) {
          case Doing.Begin _, Doing.Review _ -> null;
          case Doing.Resume(var thread, var everywhere) -> {
            var cwd = everywhere ? null : directory;
            yield thread.isEmpty() ? last(store, cwd) : named(store, thread.get(), cwd);
          }
          case Doing.Fork(var thread) -> named(store, thread, null);
        },
        flags.doing());
  }

  private static StoredThread last(ThreadStore store, @Nullable Path cwd)
      throws ExecFailure, IOException {
    return store
        .latest(cwd, null)
        .orElseThrow(() ->
            new ExecFailure(
                "there is no thread to resume"
                    + (cwd == null
                        ? "; begin one with orchestrator exec PROMPT"
                        : " in " + cwd + "; add --all to take one of any folder")));
  }

  private static StoredThread named(ThreadStore store, String name, @Nullable Path cwd)
      throws ExecFailure, IOException {
    var found = isId(name) ? store.find(UUID.fromString(name)) : store.named(name, cwd);
    return found.orElseThrow(() ->
        new ExecFailure(
            isId(name)
                ? "no rollout found for thread id " + name
                : "no thread is called '%s'%s"
                    .formatted(
                        name,
                        cwd == null ? "" : " in " + cwd + "; add --all to look in every folder")));
  }

  private static boolean isId(String name) {
    return name.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
  }

  /// The settings of its last turn; null if there was none.
  @Nullable TurnContext context() {
    return before == null ? null : before.last();
  }

  List<ResponseItem> history() {
    return before == null ? List.of() : before.history();
  }

  Usage usage() {
    return before == null ? Usage.NONE : before.usage();
  }

  /// The name of the thread that the turn is kept in.
  String id() {
    var it = before;
    return it != null && doing instanceof Doing.Resume
        ? it.meta().id().toString()
        : Names.thread(InstantSource.system());
  }

  /// Opens it for writing.
  ///
  /// @param meta of a thread that begins
  ThreadLog open(ThreadStore store, ThreadMeta meta) throws IOException {
    var it = before;
    if (it == null) {
      return store.begin(meta);
    }
    if (doing instanceof Doing.Resume) {
      var log = store.resume(it);
      if (meta.name() != null) {
        log.rename(meta.name());
      }
      return log;
    }
    return store.fork(it, meta);
  }
}
