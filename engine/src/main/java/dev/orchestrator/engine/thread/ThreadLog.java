package dev.orchestrator.engine.thread;

import dev.orchestrator.engine.event.Usage;
import dev.orchestrator.engine.model.ResponseItem;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What is kept while a thread is under way. Each method keeps one thing and returns when it is in
/// the file, as far as other processes can see; it survives the end of this process, though not a
/// power failure.
///
/// All methods may block on the disk, and throw [IOException] if nothing could be kept: the file is
/// then as it was before. An interrupt harms nothing. Safe from any thread.
public interface ThreadLog extends AutoCloseable {
  /// A turn begins.
  ///
  /// @param prompt what was asked; its beginning is shown in lists. It is no part of the history:
  ///   what the model is told is appended
  void turn(TurnContext context, String prompt) throws IOException;

  /// The history goes on.
  void append(ResponseItem item) throws IOException;

  /// A model has answered.
  ///
  /// @param total tokens of the whole thread
  /// @param last tokens of this answer
  void usage(Usage total, Usage last) throws IOException;

  /// The history was made shorter: from now on it is this one.
  void compacted(List<ResponseItem> history) throws IOException;

  /// The turn is over.
  ///
  /// @param lastMessage what the model said last; null for nothing
  void completed(@Nullable String lastMessage) throws IOException;

  /// The turn has failed.
  void failed(String message) throws IOException;

  /// The turn was ended from outside.
  ///
  /// @param reason Codex's word, such as `interrupted`
  void aborted(String reason) throws IOException;

  /// The thread gets a name.
  ///
  /// @param name see [ThreadMeta#isName]
  void rename(String name) throws IOException;

  /// Lets go of the thread, so that others can resume it.
  @Override
  void close();

  /// Nothing is kept; for ephemeral runs.
  static ThreadLog none() {
    return NoLog.INSTANCE;
  }
}
