package dev.orchestrator.engine.model;

import dev.orchestrator.engine.event.Usage;
import java.time.Duration;
import java.util.List;

/// Whoever answers requests: a provider, or a cassette.
///
/// Used by one thread at a time.
public interface ModelClient extends AutoCloseable {
  /// Asks and waits for the whole reply; retries happen inside.
  ///
  /// Blocks. Interrupting the thread ends it at once.
  ///
  /// @param listener hears what happens meanwhile, on the calling thread
  Reply ask(ModelRequest request, Listener listener) throws ModelFailure, InterruptedException;

  /// Frees threads and files, if there are any.
  @Override
  default void close() {}

  /// What a model said.
  ///
  /// @param items what belongs into the history, in order: the items of the response that
  ///   completed, after those that cut attempts have left. Calls of a cut attempt are not among
  ///   them, so only calls found here may be run.
  /// @param usage tokens of the response that completed; zeros if the provider did not say
  record Reply(List<ResponseItem> items, Usage usage) {
    public Reply {
      items = List.copyOf(items);
    }

    /// The calls that the model waits for, in order.
    public List<ResponseItem> calls() {
      return items.stream().filter(ResponseItem::isCall).toList();
    }
  }

  /// Hears what happens while a model is asked.
  interface Listener {
    /// An item is complete. A call may still be dropped, if its response never completes.
    void completed(ResponseItem item);

    /// A piece of an item that is not complete; for showing progress only.
    default void delta(Delta delta) {}

    /// An attempt has failed and there will be another one.
    default void retrying(Notice notice) {}
  }

  /// A piece of text.
  record Delta(Kind kind, String text) {
    /// What the text is a piece of.
    public enum Kind {
      MESSAGE,
      REASONING,
      CALL
    }
  }

  /// An attempt has failed and there will be another one.
  ///
  /// Told when the delay is a second or more, and otherwise once the retry has failed as well: what
  /// the first quick retry repairs is not worth a line (as recorded of Codex).
  ///
  /// @param attempt which retry it is, from 1
  /// @param max how many there are at most
  /// @param cause why
  /// @param delay how long it waits before
  record Notice(int attempt, int max, String cause, Duration delay) {
    /// Codex's sentence.
    public String text() {
      return "Reconnecting... %d/%d (%s)".formatted(attempt, max, cause);
    }
  }
}
